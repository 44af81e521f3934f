"""What sounds like an attack and is none; who is detained, by name and by number."""

from collections.abc import Callable

import pytest

from pipeline.records import TaggedArticle

TagText = Callable[..., TaggedArticle]


@pytest.mark.parametrize(
    "text",
    [
        "Workers staged three strikes in August over pay.",
        "Two strikes by teachers closed the schools in May.",
        "The union called a strike for Monday.",
        "A gas explosion on Monday killed four people in a block of flats.",
        "Two boiler blasts shook the factory on Monday.",
        "He had two heart attacks last year.",
        "The clash of views became clear on Monday.",
    ],
)
def test_what_only_sounds_like_an_attack_is_none(tag_text: TagText, text: str) -> None:
    tagged = tag_text(text)
    assert [c for c in tagged.counts if c.measure == "attacks"] == []
    assert tagged.incidents == ()


@pytest.mark.parametrize(
    ("text", "attacks"),
    [
        ("Three air strikes hit the town on Monday.", 3),
        ("Two bomb blasts killed six people on Monday.", 2),
        ("The rebels claimed four attacks on Monday.", 4),
    ],
)
def test_attacks_are_counted(tag_text: TagText, text: str, attacks: int) -> None:
    assert [c.best for c in tag_text(text).counts if c.measure == "attacks"] == [attacks]


@pytest.mark.parametrize(
    ("text", "detained"),
    [
        ("The arrest of Karim Khan on Monday led to protests.", [("Karim Khan", 1)]),
        ("Police arrested Karim Khan and Ali Raza on Monday.", [("Karim Khan", 1), ("Ali Raza", 1)]),
        ("Karim Khan was picked up by police from his home on Monday.", [("Karim Khan", 1)]),
        ("Over 30 activists were taken into custody on Monday.", [("Over 30 activists", 30)]),
        ("Four men were sent to jail on Monday.", [("Four men", 4)]),
        ("The figure of arrests has crossed 3,000.", [("crossed 3,000", 3000)]),
        ("The number of persons arrested in the state in the last four days has gone up to 1587.", [("1587", 1587)]),
        ("He picked up 12 points on Monday.", []),
    ],
)
def test_who_is_detained(tag_text: TagText, text: str, detained: list[tuple[str, int]]) -> None:
    assert [(c.text, c.best) for c in tag_text(text).counts if c.measure == "detained"] == detained
