"""What the coder passes over, and what is said of it."""

from collections.abc import Callable

import pytest

from pipeline.records import Article, TaggedArticle
from pipeline.tag.explain import explain
from pipeline.tag.tagger import Tagger

TagText = Callable[..., TaggedArticle]


@pytest.mark.parametrize(
    ("text", "lemma", "reason"),
    [
        ("Kenya outflanked Somalia.", "outflank", "no pattern"),
        ("Kenya took Somalia by surprise.", "take", "no sense"),
    ],
)
def test_a_verb_between_two_actors_without_an_event_says_what_it_lacks(
    tag_text: TagText, text: str, lemma: str, reason: str
) -> None:
    tagged = tag_text(text)
    assert tagged.events == ()
    (passed_over,) = tagged.uncoded_events
    assert (passed_over.lemma, passed_over.reason) == (lemma, reason)
    assert (passed_over.source.actor_id, passed_over.target.actor_id) == ("KEN", "SOM")
    assert text[passed_over.start_char : passed_over.end_char] == passed_over.text


@pytest.mark.parametrize(
    "text",
    [
        "Kenya condemned Somalia.",  # coded
        "Kenya said that Somalia was large.",  # only speaks
        "Kenya outflanked the rest.",  # nobody on the other side
        "Kenya outflanked Kenya.",
    ],
)
def test_nothing_is_missing(tag_text: TagText, text: str) -> None:
    assert tag_text(text).uncoded_events == ()


def test_an_explanation_names_words_entry_and_features() -> None:
    why = explain(Tagger(), Article("", "Kenya condemned Somalia."))
    assert [(w.text, w.actor) for w in why.words if w.actor] == [("Kenya", "KEN"), ("Somalia", "SOM")]
    (event,) = why.events
    assert event.rule == "verb:condemn"
    assert "target is known" in why.weights[0]
    heaviest = [abs(w) for w in why.weights[0].values()]
    assert heaviest == sorted(heaviest, reverse=True)
