"""Texts without case are tagged like others; offsets and the text as read stay."""

from collections.abc import Callable

import pytest

from pipeline.knowledge.actors import load_actors
from pipeline.knowledge.places import load_places
from pipeline.records import TaggedArticle
from pipeline.tag.actor_gazetteer import Gazetteer
from pipeline.tag.casing import Recaser, lacks_case

type TagText = Callable[..., TaggedArticle]

_TEXT = (
    "Taliban spokesman Zabihullah Mujahid said on Monday that Pakistan's army had shelled two villages near Jalalabad. "
    "Mujahid denied that the TTP was there. Nine people were killed on May 3."
)


@pytest.fixture(scope="module")
def recase() -> Recaser:
    return Recaser(Gazetteer(load_actors(), load_places()))


@pytest.mark.parametrize("change", [str.upper, str.lower])
def test_case_comes_back_letter_for_letter(recase: Recaser, change: Callable[[str], str]) -> None:
    assert recase(change(_TEXT)) == _TEXT


def test_text_with_case_is_left_as_it_is(recase: Recaser) -> None:
    assert recase(_TEXT) == _TEXT
    assert not lacks_case("SHORT HEADLINE")


def test_acronyms_with_points_and_the_us(recase: Recaser) -> None:
    text = "the us and the u.n. met at 5 p.m. on friday; they asked us to leave the building at once."
    assert recase(text) == "The US and the U.N. met at 5 p.m. on Friday; they asked us to leave the building at once."


@pytest.mark.parametrize("change", [str.upper, str.lower])
def test_actors_are_the_same_in_any_case(tag_text: TagText, change: Callable[[str], str]) -> None:
    expected = [(a.start_char, a.end_char, a.actor_id) for a in tag_text(_TEXT).actors]
    tagged = tag_text(change(_TEXT))
    assert [(a.start_char, a.end_char, a.actor_id) for a in tagged.actors] == expected
    assert all(a.text == change(_TEXT)[a.start_char : a.end_char] for a in tagged.actors)
