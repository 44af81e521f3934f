"""Publication dates: what the metadata say, with the precision that they say it in, else the address, else the dateline.

What belongs here: reading a date that somebody wrote as a date. What does not: finding dates in an article's text. Nothing is
filled in from the clock or from custom: "Friday" has no year, 03/04/2021 may be two days, so both are no date.
"""

import calendar
import re
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple

from pipeline.knowledge.datelines import find_dateline

Precision = Literal["day", "month", "year", "dateline"]
Published = tuple[date, Precision]

DateSource = Literal["metadata", "url", "dateline"]


class Publication(NamedTuple):
    """A publication date, how exact it is, what stated it, and a date that was stated but not believed (``future: 2093-01-01``)."""

    day: date | None = None
    precision: Precision | None = None
    source: DateSource | None = None
    flag: str | None = None


# What systems write where they know no date.
_PLACEHOLDERS = {date(1970, 1, 1), date(1900, 1, 1), date(1601, 1, 1)}
# The sun rises earlier elsewhere, and clocks go wrong by a little.
_AHEAD = timedelta(days=2)

# Outside of these years a number is no year of publication.
_YEARS = range(1500, 2200)
_MONTHS = {
    **{name.lower(): i for i, name in enumerate(calendar.month_name) if name},
    **{name.lower(): i for i, name in enumerate(calendar.month_abbr) if name},
    "sept": 9,
}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_TIME = r"(?:(?:,|\s|T|\bat\b|[-–|])+\d{1,2}[:.]\d{2}.*)?"

_FORMS: tuple[tuple[str, Precision], ...] = (
    (r"(?P<year>\d{4})(?P<sep>[-/.])(?P<day2>\d{1,2})(?P=sep)(?P<day>\d{1,2})" + _TIME, "day"),
    (r"(?P<year>\d{4})(?P<day2>\d{2})(?P<day>\d{2})(?:T?\d{4}(?:\d{2})?Z?)?", "day"),
    (rf"{_WEEKDAY}{_DAY}(?:\s+of)?[\s-]+{_MONTH},?[\s-]+{_YEAR}{_TIME}", "day"),
    (rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_YEAR}{_TIME}", "day"),
    (rf"{_WEEKDAY}{_MONTH}\s+{_DAY}\s+\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:\s+[A-Z]{{3,4}})?\s+{_YEAR}", "day"),
    (r"(?P<year>\d{4})[-/](?P<day2>\d{2})", "month"),
    (rf"{_MONTH},?\s+{_YEAR}", "month"),
    (r"(?P<year>\d{4})", "year"),
)
_PATTERNS = tuple((re.compile(form, re.IGNORECASE | re.ASCII), precision) for form, precision in _FORMS)
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})" + _TIME, re.IGNORECASE | re.ASCII)
_STATED_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_AMBIGUOUS = re.compile(r"\d{1,2}[/-]\d{1,2}[/-]\d{2,4}")
_LONGEST_DATE = 60


def parse_published(value: object) -> Published | None:
    """The first day of the day, month or year that a metadata value names, with its precision; None where it names none.

    Reads ISO 8601, RFC 2822 and its kin, English dates, and (through dateparser) those of other languages; numbers of 10 or 13
    digits are seconds or milliseconds since 1970, in UTC. A time of day is dropped: the day is the one written, in its own zone.
    """
    if isinstance(value, datetime):
        return value.date(), "day"
    if isinstance(value, date):
        return value, "day"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return _parse_text(value.strip()) if isinstance(value, str) else None


def with_dateline(stated: Published | None, text: str) -> Published | None:
    """The publication date, taken from the dateline where the metadata name no day.

    A dateline without a year counts only where the metadata state the year; one that contradicts them is left aside.
    """
    if stated is not None and stated[1] == "day":
        return stated
    line = find_dateline(text)
    year = line and (line.year or (stated[0].year if stated else None))
    found = _date(year, line.month, line.day, "dateline") if line and year else None
    if found is None or stated is None:
        return found or stated
    agrees = found[0].year == stated[0].year and (stated[1] == "year" or found[0].month == stated[0].month)
    return found if agrees else stated


def publication(stated: Published | None, url: str | None, text: str, read_on: date) -> Publication:
    """When an article was published: as the metadata state, else its address, else its dateline; each only where it can be.

    A source of less exactness gives way to one that agrees with it and is more exact: "September 2021" to a dateline of
    14 September.

    Args:
        stated: what the metadata say.
        url: the article's address.
        text: the article.
        read_on: the day of reading; nothing that exists was published after it.
    """
    flag = None
    found: Published | None = None
    source: DateSource | None = None
    for candidate, origin in ((stated, "metadata"), (url_date(url), "url")):
        if candidate is None:
            continue
        if problem := _implausible(candidate[0], read_on):
            flag = flag or f"{problem}: {candidate[0].isoformat()}"
        elif found is None or (_is_within(candidate, found) and found[1] != "day"):
            found, source = candidate, origin  # type: ignore[assignment]
    refined = with_dateline(found, text)
    if refined is not found and refined is not None and not _implausible(refined[0], read_on):
        found, source = refined, "dateline"
    day, precision = found or (None, None)
    return Publication(day, precision, source, flag)


def _implausible(day: date, read_on: date) -> str | None:
    if day in _PLACEHOLDERS:
        return "placeholder"
    return "future" if day > read_on + _AHEAD else None


def _is_within(inner: Published, outer: Published) -> bool:
    """Whether a date names part of the month or year that the other one names."""
    return inner[0].year == outer[0].year and (outer[1] == "year" or inner[0].month == outer[0].month)


_DATES_IN_URL = (
    re.compile(r"[/_-]((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?:[/._-]|$)"),
    re.compile(rf"/((?:19|20)\d{{2}})/({'|'.join(m.lower() for m in calendar.month_abbr if m)})/(\d{{1,2}})(?:/|$)"),
    re.compile(r"[/_-]((?:19|20)\d{2})(\d{2})(\d{2})(?:[/._-]|$)"),
    re.compile(r"/((?:19|20)\d{2})/(\d{2})()(?:/)"),
)


@lru_cache(maxsize=4096)
def url_date(url: str | None) -> Published | None:
    """The date that stands in the path of an address, as news sites write it: /2021/09/14/, /2021/sep/14/, -20210914, /2021/09/."""
    path = (url or "").partition("?")[0]
    for pattern in _DATES_IN_URL:
        if found := pattern.search(path):
            month = int(found[2]) if found[2].isdecimal() else _MONTHS[found[2]]
            return _date(int(found[1]), month, int(found[3] or 1), "day" if found[3] else "month")
    return None


@lru_cache(maxsize=4096)
def _parse_text(text: str) -> Published | None:
    if not text or len(text) > _LONGEST_DATE:
        return None
    if text.isdecimal() and len(text) in (10, 13):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC).date(), "day"
    for pattern, precision in _PATTERNS:
        if found := pattern.fullmatch(text):
            return _checked(found.groupdict(), precision)
    if found := _NUMERIC.fullmatch(text):
        return _day_month_year(int(found[1]), int(found[3]), int(found[4]), dotted=found[2] == ".")
    return _other_language(text)


def _checked(parts: dict[str, Any], precision: Precision) -> Published | None:
    month = _MONTHS[parts["month"].lower()] if parts.get("month") else int(parts.get("day2") or 1)
    return _date(int(parts["year"]), month, int(parts.get("day") or 1), precision)


def _date(year: int, month: int, day: int, precision: Precision) -> Published | None:
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day), precision
    except ValueError:
        return None


def _day_month_year(first: int, second: int, year: int, *, dotted: bool) -> Published | None:
    """10.09.2021 is day first wherever dates have dots; with slashes both orders are in use, so only one must be possible."""
    if dotted or first > 12 or first == second:
        return _date(year, second, first, "day")
    return _date(year, first, second, "day") if second > 12 else None


@cache
def _dateparser() -> Any:
    # Imported late: it takes a third of a second and most corpora never need it.
    from dateparser.date import DateDataParser  # type: ignore[import-untyped,unused-ignore]

    return DateDataParser(
        settings={"PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["month", "year"], "PREFER_DAY_OF_MONTH": "first"}
    )


@lru_cache(maxsize=4096)
def _has_known_words(form: str) -> bool:
    """Whether a date reads at all with harmless numbers. Trying every language is slow, and a source repeats its forms."""
    return _dateparser().get_date_data(form).date_obj is not None


def _other_language(text: str) -> Published | None:
    """A date in words of any language. Believed only where year and day are written out: the parser itself fills gaps."""
    years = {int(y) for y in _STATED_YEAR.findall(text)}
    if len(years) != 1 or _AMBIGUOUS.search(text) or not any(c.isalpha() for c in text):
        return None
    if not _has_known_words(re.sub(r"\d+", lambda number: "2021" if len(number[0]) == 4 else "12", text)):
        return None
    found = _dateparser().get_date_data(text)
    if found.date_obj is None or found.date_obj.year not in years:
        return None
    day = found.date_obj.date()
    if found.period == "month":
        return _date(day.year, day.month, 1, "month")
    numbers = {int(n) for n in re.findall(r"\d+", text)}
    return _date(day.year, day.month, day.day, "day") if day.day in numbers else None
