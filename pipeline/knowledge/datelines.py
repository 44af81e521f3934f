"""Datelines: "KABUL, Sept. 8 (AP) —", "Bogota, 7 Jul 89 (EFE) --": where and when an article was filed.

What belongs here: finding the dateline at the head of a text and the day that it states. What does not: what follows for the article
(``ingest/publication.py``) and for the dates in it (``tag/``).
"""

import re
from dataclasses import dataclass

_MONTHS = {
    m: i for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_MONTH = r"(?P<month{0}>Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_DAY = r"(?P<day{0}>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+'?(?P<year{0}>(?:19|20)\d\d|\d\d)(?!\d))?"
_PLACE = r"[A-ZÀ-Þ][\w.'’-]*(?:[ ,/]+(?:of|de|la|del|el|al|and|[A-ZÀ-Þ(][\w.'’)-]*)){0,7}"
# Place, day, then the agency in brackets, a dash or a colon. A marker such as "[Text]" or a wire's number may stand before it.
_DATELINE = re.compile(
    r"\s{0,80}(?:\[[^\]\n]{1,40}\]\s*)?"
    rf"(?!(?:On|In|By|Since|From|After|Before|Until|At|As|The)\b)(?P<place>{_PLACE}),?\s+(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,?\s+)?"
    rf"(?:{_DAY.format('')}\s+{_MONTH.format('')}{_YEAR.format('')}|{_MONTH.format('_us')}\s+{_DAY.format('_us')}{_YEAR.format('_us')})"
    r"\s*,?\s*(?:\([^)\n]{2,60}\)|[-–—]|:|_)",
    re.IGNORECASE,
)
# Of two digits: later than this they belong to the twentieth century.
_LAST_OF_THIS_CENTURY = 39
_LONGEST = 250


@dataclass(frozen=True, slots=True)
class Dateline:
    """The offsets of the date in a dateline, and what it states; ``year`` is None where it has none."""

    start_char: int
    end_char: int
    month: int
    day: int
    year: int | None


def find_dateline(text: str) -> Dateline | None:
    """The dateline at the head of a text, if it has one that states a day."""
    found = _DATELINE.match(text[:_LONGEST])
    if found is None or not found["place"][0].isupper():
        return None
    suffix = "" if found["day"] else "_us"
    day, month, year = found[f"day{suffix}"], found[f"month{suffix}"], found[f"year{suffix}"]
    full = int(year) if year else None
    if full is not None and full < 100:  # noqa: PLR2004
        full += 2000 if full <= _LAST_OF_THIS_CENTURY else 1900
    start = min(found.start(f"day{suffix}"), found.start(f"month{suffix}"))
    end = max(found.end(f"day{suffix}"), found.end(f"month{suffix}"), found.end(f"year{suffix}"))
    return Dateline(start, end, _MONTHS[month[:3].lower()], int(day), full)
