"""The tables say what the model's own attribute ruler and lemmatizer say, and outlive a memory zone."""

from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from pipeline.tag.model import find_model, load_model
from pipeline.tag.morphology import add_morphology

ROOT = Path(__file__).parent.parent.parent.parent
SENTENCES = (
    "There are three posts, there's a fourth, and the others weren't what they'd been.",
    "They're gonna fight; y'all gotta leave. Let's go, c'mon: it ain't over!",
    "But for the rain, nothing but the best of the better-armed met the worst. Whatever that means, so be it.\n\n\tThe END",
    "Wounded soldiers' wives saw men saw wood, geese, oxen and analyses; 1990s axes lay lying here as he lied.",
)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    reports = sorted((ROOT / "examples").glob("*/*.txt"))
    return [*SENTENCES, *(path.read_text(encoding="utf-8") for path in reports)]


def annotation(nlp: Language, texts: list[str]) -> list[tuple[str, ...]]:
    return [
        (t.text, t.pos_, str(t.morph), t.lemma_, t.tag_, t.dep_, str(t.head.i), str(t.is_sent_start), t.ent_type_)
        for doc in nlp.pipe(texts)
        for t in doc
    ]


def test_annotation_is_that_of_the_models_own_components(texts: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    path = find_model("en_core_web_md")
    fast = load_model(path)
    assert {"attribute_ruler", "lemmatizer"}.isdisjoint(fast.pipe_names)
    monkeypatch.setattr("pipeline.tag.model.add_morphology", lambda nlp: None)
    plain = load_model(path)
    assert {"attribute_ruler", "lemmatizer"} <= set(plain.pipe_names)
    assert annotation(fast, texts) == annotation(plain, texts)


def test_what_was_learnt_in_a_memory_zone_is_learnt_again_after_it(texts: list[str]) -> None:
    nlp = load_model(find_model("en_core_web_md"))
    rounds = []
    for _ in range(3):
        with nlp.memory_zone():
            rounds.append(annotation(nlp, texts))
    assert rounds[0] == rounds[1] == rounds[2]


def test_a_model_without_rules_of_lemmas_keeps_its_own_components() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("attribute_ruler")
    nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
    add_morphology(nlp)
    assert nlp.pipe_names == ["attribute_ruler", "lemmatizer"]
