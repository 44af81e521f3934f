"""Datelines: what is one, and what day it states."""

import pytest

from pipeline.knowledge.datelines import find_dateline


@pytest.mark.parametrize(
    ("text", "date", "written"),
    [
        ("KABUL, Sept. 8 (AP) — Talks opened.", (None, 9, 8), "Sept. 8"),
        ("KABUL, Afghanistan, Sept. 8, 2021 (AP) - Talks opened.", (2021, 9, 8), "Sept. 8, 2021"),
        ("Quito, 7 Jul 89 (EXA) -- [Text] Talks opened.", (1989, 7, 7), "7 Jul 89"),
        ("[Text] Quito, 7 Jan 05 (EXA) -- Talks opened.", (2005, 1, 7), "7 Jan 05"),
        ("LONDON, Monday, March 3: Talks opened.", (None, 3, 3), "March 3"),
        ("ISLAMABAD/KABUL, Sept 8 (Example) - Talks opened.", (None, 9, 8), "Sept 8"),
    ],
)
def test_the_day_of_a_dateline_is_read(text: str, date: tuple[int | None, int, int], written: str) -> None:
    line = find_dateline(text)
    assert line is not None
    assert (line.year, line.month, line.day) == date
    assert text[line.start_char : line.end_char] == written


@pytest.mark.parametrize(
    "text",
    [
        "NAIROBI, Kenya (AP) — Talks opened.",
        "On May 5 - it was a Friday - talks opened.",
        "Talks opened in Kabul on Sept. 8.",
        "",
    ],
)
def test_other_beginnings_are_no_datelines(text: str) -> None:
    assert find_dateline(text) is None
