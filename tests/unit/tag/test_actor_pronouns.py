"""Pronouns and descriptions: taken up where one antecedent is clear, left alone where none is."""

from collections.abc import Callable

import pytest

from pipeline.records import ActorMention, TaggedArticle

type TagText = Callable[..., TaggedArticle]


def _at(tagged: TaggedArticle, text: str) -> ActorMention | None:
    return next((a for a in tagged.actors if a.text == text), None)


@pytest.mark.parametrize(
    ("text", "pronoun", "actor_id"),
    [
        ("Hezbollah denied the report. It blamed Israel.", "It", "HEZBOLLAH"),
        ("Kenya reopened the crossing after it had signed a treaty.", "it", "KEN"),
        ("The Taliban closed the road. They had warned drivers twice.", "They", "TALIBAN"),
        ("Norway, which fears a war, recalled its envoy.", "its", "NOR"),
        ("Rebels crossed into Gabon. Its army disarmed them.", "them", "collective:rebels"),
        ("President Marta Quispel landed at noon. She met two ministers.", "She", "person:marta-quispel"),
    ],
)
def test_clear_antecedent_is_taken_up(tag_text: TagText, text: str, pronoun: str, actor_id: str) -> None:
    tagged = tag_text(text)
    found = _at(tagged, pronoun)
    assert found is not None
    assert (found.actor_id, found.method) == (actor_id, "coreference")
    taken_up = next(a for a in tagged.actors if a.start_char == found.antecedent)
    assert taken_up.actor_id == actor_id


@pytest.mark.parametrize(
    ("text", "pronoun"),
    [
        ("It is unclear whether Hamas agreed.", "It"),
        ("It seems that Peru will vote.", "It"),
        ("Peru and Chile met Bolivia and Brazil. It was raining.", "It"),
        ("The bridge was closed. It will reopen in May.", "It"),
    ],
)
def test_pronoun_without_clear_antecedent_is_left_alone(tag_text: TagText, text: str, pronoun: str) -> None:
    assert _at(tag_text(text), pronoun) is None


def test_object_pronoun_is_never_the_subject_of_its_own_clause(tag_text: TagText) -> None:
    found = _at(tag_text("Hamas said that Israel had attacked it."), "it")
    assert found is not None
    assert found.actor_id == "HAMAS"


def test_event_of_a_pronoun_names_its_antecedent(tag_text: TagText) -> None:
    tagged = tag_text("Boko Haram fled. It attacked Nigeria on Sept. 3.")
    event = next(e for e in tagged.events if e.event_type == "ASSAULT")
    assert event.source is not None
    assert (event.source.text, event.source.actor_id) == ("Boko Haram", "BOKO_HARAM")


def test_faction_is_the_part_not_the_whole(tag_text: TagText) -> None:
    tagged = tag_text("The Taliban appointed two leaders of the Haqqani network. The faction controls the east.")
    found = _at(tagged, "The faction")
    assert found is not None
    assert found.actor_id == "HAQQANI"


def test_office_of_an_antecedent_is_a_person(tag_text: TagText) -> None:
    tagged = tag_text("The TTP is growing again. Its new supreme leader has united the factions.")
    found = next(a for a in tagged.actors if a.text.endswith("supreme leader"))
    assert (found.kind, found.role, found.affiliation) == ("person", "supreme leader", "TTP")


def test_handle_is_the_person_of_that_name(tag_text: TagText) -> None:
    tagged = tag_text("Arvid Lindqvist writes about Asia. Follow him at @arvidlindqvist for more.")
    assert any(a.text == "@arvidlindqvist" and a.actor_id == "person:arvid-lindqvist" for a in tagged.actors)
