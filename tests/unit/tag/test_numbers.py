"""Number expressions and their bounds."""

import pytest
from spacy.lang.en import English

from pipeline.knowledge.counts import load_counts
from pipeline.tag.numbers import NumberReader


def bounds(text: str) -> list[tuple[int | None, int | None, int | None]]:
    doc = English()(text)
    return [(n.low, n.best, n.high) for n in NumberReader(load_counts()).read(doc)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("32 raids", (32, 32, 32)),
        ("1,250 families", (1250, 1250, 1250)),
        ("2.5 million refugees", (2500000, 2500000, 2500000)),
        ("twenty-five recruits", (25, 25, 25)),
        ("two hundred and ten recruits", (210, 210, 210)),
        ("a dozen recruits", (12, 12, 12)),
        ("half a dozen recruits", (6, 6, 6)),
        ("two dozen recruits", (24, 24, 24)),
        ("dozens of recruits", (24, None, 99)),
        ("several recruits", (2, None, 9)),
        ("several hundred recruits", (200, None, 999)),
        ("thousands of recruits", (1000, None, None)),
        ("tens of thousands of recruits", (20000, None, None)),
        ("at least 30 recruits", (30, 30, None)),
        ("more than forty recruits", (40, 40, None)),
        ("up to 40 recruits", (None, None, 40)),
        ("nearly 200 recruits", (180, 200, 200)),
        ("between 30 and 40 recruits", (30, None, 40)),
        ("30 to 40 recruits", (30, None, 40)),
        ("two or three recruits", (2, None, 3)),
    ],
)
def test_number_expression_gets_bounds(text: str, expected: tuple[int | None, int | None, int | None]) -> None:
    assert bounds(text) == [expected]


@pytest.mark.parametrize(
    "text",
    ["Mbeki, 34, spoke", "aged 34", "40 percent", "$ 900", "12 miles away", "after 20 years", "no figures at all"],
)
def test_measure_that_counts_nobody_is_left_out(text: str) -> None:
    assert bounds(text) == []
