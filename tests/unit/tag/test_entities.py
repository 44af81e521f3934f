"""Named entities: where the known names put the model right."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from pipeline.records import TaggedArticle

type TagText = Callable[..., TaggedArticle]


@pytest.mark.parametrize(
    ("text", "entity", "label"),
    [
        ("The Taliban met envoys from Qatar.", "Taliban", "ORG"),
        ("Daesh lost the town.", "Daesh", "ORG"),
        ("Fighting went on near Miranshah.", "Miranshah", "GPE"),
        ("Many Pashtuns and Iraqis fled.", "Iraqis", "NORP"),
        ("The Knesset voted on Monday.", "Knesset", "ORG"),
        ("He lives in the village of Karimabad.", "Karimabad", "GPE"),
    ],
)
def test_known_names_and_locative_words_set_the_label(tag_text: TagText, text: str, entity: str, label: str) -> None:
    assert (entity, label) in {(e.text, e.label) for e in tag_text(text).entities}


def test_longer_name_of_the_model_is_kept(tag_text: TagText) -> None:
    entities = {e.text for e in tag_text("She works for the Bank of China in Shanghai.").entities}
    assert "China" not in entities
    assert any("Bank of China" in e for e in entities)


def test_words_that_are_no_names_are_left_out(tag_text: TagText) -> None:
    assert all(e.text != "GMT" for e in tag_text("The plane landed at 15:30 GMT in Doha.").entities)


def test_dates_and_numbers_of_the_model_stay(tag_text: TagText) -> None:
    labels = {e.label for e in tag_text("In March 2004 the Taliban freed 17 prisoners.").entities}
    assert {"DATE", "CARDINAL"} <= labels


def test_entities_lie_in_text_order_and_never_overlap(tag_text: TagText) -> None:
    text = "The U.N. Security Council in New York told Pakistan’s Taliban and the New York Times about Sana'a, Yemen."
    entities = tag_text(text).entities
    assert all(first.end_char <= second.start_char for first, second in pairwise(entities))
    assert all(text[e.start_char : e.end_char] == e.text for e in entities)
