"""Periods as readers write them: ``2021``, ``2021-09`` and ``2021-09-10`` become days."""

import calendar
import re
from datetime import date, datetime

from pipeline.errors import InputError

type Day = date | str | None

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def first_day(since: Day) -> date | None:
    """The first day meant: ``2021-09`` is 1 September. None stays None.

    Raises:
        InputError: it is no day, month or year.
    """
    return _day(since, "since", last=False)


def last_day(until: Day) -> date | None:
    """The last day meant, which is part of the period: ``2021-09`` is 30 September. None stays None.

    Raises:
        InputError: it is no day, month or year.
    """
    return _day(until, "until", last=True)


def period(since: Day, until: Day) -> tuple[date | None, date | None]:
    """First and last day of a period; either end may be open.

    Raises:
        InputError: an end is no day, month or year, or the period ends before it begins.
    """
    first, last = first_day(since), last_day(until)
    if first and last and last < first:
        msg = f"The period ends ({last}) before it begins ({first}): swap since and until."
        raise InputError(msg)
    return first, last


def _day(written: Day, which: str, *, last: bool) -> date | None:
    if written is None or isinstance(written, date):
        return written.date() if isinstance(written, datetime) else written
    found = _WRITTEN.fullmatch(written.strip())
    try:
        if not found:
            raise ValueError
        year, month, day = (int(n) if n else None for n in found.groups())
        if year is None:
            raise ValueError
        month = month or (12 if last else 1)
        return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))
    except ValueError:
        msg = f"{which}={written!r} is no day: write 2021, 2021-09 or 2021-09-10."
        raise InputError(msg) from None
