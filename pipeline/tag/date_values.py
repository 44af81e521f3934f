"""TIMEX3 values as calendar intervals, and calendar arithmetic on them.

What belongs here: pure functions on ``datetime.date`` and TIMEX3 value strings. What does not: anything that reads a text.
Values are TimeML's: ``2021-09-05``, ``2021-09-03TMO``, ``2021-W35``, ``2021-W35-WE``, ``2021-09``, ``2021-Q3``, ``2021-H1``,
``2021-SU``, ``2021``, decade ``202``, century ``20``; a range of two is ``2007/2014`` (ISO 8601).
"""

import calendar
import re
from datetime import MAXYEAR, date, timedelta

Interval = tuple[date, date]

_SEASON_MONTHS = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11), "WI": (12, 14)}
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T.*)?")
_WEEK = re.compile(r"(\d{4})-W(\d\d)(-WE)?")
_MONTHS = re.compile(r"(\d{4})-(?:(\d\d)|Q([1-4])|H([12])|(SP|SU|FA|WI))")


def _months(year: int, first: int, last: int) -> Interval:
    """From the first day of a month to the last day of another; months above 12 run into the next year."""
    start_year, start_month = divmod(year * 12 + first - 1, 12)
    end_year, end_month = divmod(year * 12 + last - 1, 12)
    return date(start_year, start_month + 1, 1), date(
        end_year, end_month + 1, calendar.monthrange(end_year, end_month + 1)[1]
    )


def interval_of(value: str) -> Interval | None:
    """Inclusive first and last day that a TIMEX3 value covers; None for what has no place in the calendar."""
    if "/" in value:
        first, last = (interval_of(end) for end in value.split("/", 1))
        return (first[0], last[1]) if first and last and first[0] <= last[1] else None
    try:
        if found := _DAY.fullmatch(value):
            day = date(*map(int, found.groups()))
            return day, day
        if found := _WEEK.fullmatch(value):
            monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
            return monday + timedelta(days=5 if found[3] else 0), monday + timedelta(days=6)
        if found := _MONTHS.fullmatch(value):
            year, month, quarter, half, season = found.groups()
            if month:
                return _months(int(year), int(month), int(month))
            if quarter:
                return _months(int(year), int(quarter) * 3 - 2, int(quarter) * 3)
            if half:
                return _months(int(year), int(half) * 6 - 5, int(half) * 6)
            return _months(int(year), *_SEASON_MONTHS[season])
        if re.fullmatch(r"\d{2,4}", value):
            width = 10 ** (4 - len(value))
            return date(int(value) * width, 1, 1), date(int(value) * width + width - 1, 12, 31)
    except ValueError:
        return None
    return None


def narrowed(interval: Interval, part: str) -> Interval:
    """The early, middle or late part of an interval: a quarter of a year, a third of a month or decade, else a third of its days.

    ``part`` is "start", "mid" or "end".
    """
    start, end = interval
    days = (end - start).days + 1
    if days >= 365 and days <= 366:
        months = {"start": (1, 3), "mid": (5, 8), "end": (10, 12)}[part]
        return _months(start.year, *months)
    third = days / 3
    if part == "start":
        return start, start + timedelta(days=max(round(third) - 1, 0))
    if part == "end":
        return end - timedelta(days=max(round(third) - 1, 0)), end
    return start + timedelta(days=int(third)), start + timedelta(days=min(int(2 * third), days - 1))


def shifted(day: date, unit: str, steps: int) -> date | None:
    """The day moved by so many units (D, W, M, Q, Y, DE, CE); the day of the month is cut to fit. None outside the calendar."""
    try:
        if unit in ("D", "W", "2W"):
            return day + timedelta(days=steps * {"D": 1, "W": 7, "2W": 14}[unit])
        months = steps * {"M": 1, "Q": 3, "Y": 12, "DE": 120, "CE": 1200, "ML": 12000}[unit]
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        if not 1 <= year <= MAXYEAR:
            return None
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    except (OverflowError, KeyError):
        return None


def value_at(day: date, unit: str) -> str:
    """The day's value at the grain of a unit."""
    if unit in ("W", "2W"):
        iso = day.isocalendar()
        return f"{iso.year:04d}-W{iso.week:02d}"
    return {
        "M": f"{day.year:04d}-{day.month:02d}",
        "Q": f"{day.year:04d}-Q{(day.month + 2) // 3}",
        "Y": f"{day.year:04d}",
        "DE": f"{day.year // 10:03d}",
        "CE": f"{day.year // 100:02d}",
        "ML": f"{day.year // 1000}",
    }.get(unit, day.isoformat())


def grain_of(value: str) -> str:
    """The unit at whose grain a value is written: D, W, M, Q, Y, DE, CE, or "" for none."""
    for unit, pattern in (
        ("D", r"\d{4}-\d\d-\d\d.*"),
        ("W", r"\d{4}-W.*"),
        ("M", r"\d{4}-\d\d"),
        ("Q", r"\d{4}-Q[1-4]"),
        ("Y", r"\d{4}"),
        ("DE", r"\d{3}"),
        ("CE", r"\d\d"),
    ):
        if re.fullmatch(pattern, value):
            return unit
    return ""


def latest_not_after(month: int, day: int | None, reference: date) -> int | None:
    """Year of the latest such month (or day of a month) that does not begin after the reference."""
    for year in range(reference.year, reference.year - 9, -1):
        if year < 1:
            return None
        try:
            if date(year, month, day or 1) <= reference:
                return year
        except ValueError:
            continue
    return None


def first_not_before(month: int, day: int | None, reference: date) -> int | None:
    """Year of the first such month (or day of a month) that does not end before the reference."""
    for year in range(reference.year, min(reference.year + 9, MAXYEAR)):
        try:
            last = day or calendar.monthrange(year, month)[1]
            if date(year, month, last) >= reference:
                return year
        except ValueError:
            continue
    return None


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (anonymous algorithm, Meeus 1991)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    h = (19 * a + b - d - (b - f + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def holiday(code: str, year: int) -> date | None:
    """A holiday's day in a year. Codes: ``12-25`` fixed; ``11-4-4`` fourth Thursday of November (``05-L-1`` last Monday of May); ``E-2`` from Easter."""
    try:
        if code.startswith("E"):
            return easter(year) + timedelta(days=int(code[1:]))
        month, *rest = code.split("-")
        if len(rest) == 1:
            return date(year, int(month), int(rest[0]))
        nth, weekday = rest
        days = [week[int(weekday) - 1] for week in calendar.monthcalendar(year, int(month)) if week[int(weekday) - 1]]
        return date(year, int(month), days[-1] if nth == "L" else days[int(nth) - 1])
    except (ValueError, IndexError, OverflowError):
        return None
