"""Networks with remembered embeddings and NumPy's products annotate as spaCy's own do, whatever was read before."""

from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.language import Language

from pipeline.tag import embeddings
from pipeline.tag.embeddings import fast_arithmetic, remember_embeddings
from pipeline.tag.model import find_model

ROOT = Path(__file__).parent.parent.parent.parent
ODD = ["He's gone, it's his: can't, cannot, won't.", "", "\n\n \t", "Naïve   coöperation\n\n— “quoted” — 12,5 %", "a"]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    reports = sorted((ROOT / "examples").glob("*/*.txt"))
    return [*ODD, *(path.read_text(encoding="utf-8") for path in reports)]


@pytest.fixture(scope="module")
def fast() -> Language:
    with fast_arithmetic():
        nlp = spacy.load(find_model("en_core_web_md"))
    remember_embeddings(nlp)
    return nlp


def annotation(nlp: Language, texts: list[str]) -> list[tuple[object, ...]]:
    return [
        (t.text, t.tag_, t.dep_, t.head.i, t.is_sent_start, t.ent_iob_, t.ent_type_)
        for doc in nlp.pipe(texts, disable=["attribute_ruler", "lemmatizer"])
        for t in doc
    ]


def test_annotation_is_that_of_the_models_own_arithmetic(fast: Language, texts: list[str]) -> None:
    plain = spacy.load(find_model("en_core_web_md"))
    expected = annotation(plain, texts)
    assert annotation(fast, texts) == expected
    assert annotation(fast, texts[::-1]) == annotation(plain, texts[::-1])  # with all forms known, in another order


def test_vectors_are_those_of_the_network_up_to_rounding(fast: Language, texts: list[str]) -> None:
    plain = spacy.load(find_model("en_core_web_md"))
    docs = [fast.make_doc(text) for text in texts if text]
    ours, own = (nlp.get_pipe("tok2vec").model.predict(docs) for nlp in (fast, plain))  # type: ignore[attr-defined]
    assert all(np.allclose(a, b, atol=1e-4) for a, b in zip(ours, own, strict=True))


def test_forms_are_remembered_across_memory_zones_and_forgotten_when_too_many(
    fast: Language, texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = annotation(fast, texts)
    monkeypatch.setattr(embeddings, "_MOST_FORMS", 50)
    for _ in range(2):
        with fast.memory_zone():
            assert annotation(fast, texts) == expected
