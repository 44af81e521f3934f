"""What a date borrows from the one that it is coordinated with: "between January and March 2015", "on April 24 and 25".

What belongs here: years that stand only at the end of a series, and bare days that continue one. What does not: the expressions
themselves (``dates.py``).
"""

import re
from collections.abc import Sequence

from pipeline.tag.date_tense import TokenIndex

_BETWEEN_DATES = re.compile(
    r"\s*(?:,|,?\s(?:and|or|to|through|until|till|via)|[-–])(?:\s(?:early|late|mid))?[\s-]*", re.IGNORECASE
)
_NEXT_DAY = re.compile(
    r"(?P<link>,?\s(?:and|or|to|through)\s|,\s)(?P<day>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)?(?![\w%]|[.,:/-]\d)"
)
_DAY_BEFORE = re.compile(
    r"(?<![\w.,:/$€£-])(?P<day>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)?(?:,?\s(?:and|or|to|through)\s|,\s)$"
)
_LONGEST_DAY = len("31st, through ")
_MONTH_NUMBER = {
    m: i for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
# What may follow a bare day: no noun that it would count ("April 24 and 25 people").
_AFTER_A_DAY = frozenset({"ADP", "CCONJ", "PUNCT", "VERB", "AUX", "PRON", "DET", "SCONJ", "ADV", "SPACE", "PART"})


def _month(groups: dict[str, str]) -> int | None:
    return _MONTH_NUMBER.get(groups["month"][:3].lower()) if groups.get("month") else None


def share_years(text: str, spans: Sequence[tuple[int, int]], groups: Sequence[dict[str, str]]) -> None:
    """Give months and days of a series the year, or the "last year", that stands at its end. Changes ``groups`` in place.

    Args:
        text: the article's text.
        spans: offsets of the expressions, in text order.
        groups: what each expression's rule matched.
    """
    for i in range(len(spans) - 2, -1, -1):
        mine, following = groups[i], groups[i + 1]
        month, next_month = _month(mine), _month(following)
        if (
            month is None
            or next_month is None
            or mine.get("year")
            or mine.get("relation")
            or mine.get("relation_after")
        ):
            continue
        link = text[spans[i][1] : spans[i + 1][0]]
        if not _BETWEEN_DATES.fullmatch(link):
            continue
        if following.get("year") and len(following["year"]) == 4:  # noqa: PLR2004
            # "from November to March 2015" began the year before
            mine["year"] = str(int(following["year"]) - (month > next_month))
        elif following.get("relation_after") and month <= next_month:
            mine["relation_after"] = following["relation_after"]


def following_day(text: str, end: int, tokens: TokenIndex) -> re.Match[str] | None:
    """A bare day of the month that continues a date ending at an offset: the "25" of "April 24 and 25"."""
    found = _NEXT_DAY.match(text, end)
    if found is None:
        return None
    after = tokens.at(found.end())
    return found if after is None or after.pos_ in _AFTER_A_DAY else None


def preceding_day(text: str, start: int) -> re.Match[str] | None:
    """A bare day that opens a series whose month follows: the "3" of "from 3 to 5 March"."""
    return _DAY_BEFORE.search(text, max(start - _LONGEST_DAY, 0), start) if text[start : start + 1].isdigit() else None
