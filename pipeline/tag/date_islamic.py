"""Dates of the Islamic calendar: Ramadan, the feasts, "15 Shaban 1443"; converted by hijridate (Umm al-Qura calendar, 1924 to 2077).

Where a month begins with the sighted moon, its days lie up to a day beside the calendar's: every interval is approximate.
"""

from datetime import date, timedelta

from hijridate import Gregorian, Hijri

from pipeline.tag.date_reading import Context, Groups, Reading, day_number, relation_steps, word_class
from pipeline.tag.date_values import Interval, narrowed


def _interval(year: int, month: int, day: int | None) -> Interval | None:
    """The Gregorian days of a day or whole month of the Islamic calendar; None where it is none or the tables end."""
    try:
        first = Hijri(year, month, day or 1)
        start = date(*first.to_gregorian().datetuple())
        return start, start if day else start + timedelta(days=first.month_length() - 1)
    except (ValueError, OverflowError):
        return None


def islamic_expression(groups: Groups, context: Context) -> Reading | None:
    """Read a feast, month or date of the Islamic calendar.

    Its year is the one stated, else the latest whose first day is not after publication, or the next where the sentence looks ahead.
    """
    code = word_class(context, "islamic_day", groups.get("islamic_day", ""))
    month, day = (int(x) for x in code.split("-")) if code else (0, day_number(groups))
    month = month or int(word_class(context, "islamic_month", groups["islamic_month"]) or 0)
    if not month:
        return None
    interval = _interval_meant(month, day, groups, context)
    if interval is None:
        return Reading("XXXX", approximate=True)
    value = interval[0].isoformat() if interval[0] == interval[1] else "/".join(d.isoformat() for d in interval)
    part = word_class(context, "part", groups.get("part") or "")
    if part in ("start", "mid", "end") and interval[0] != interval[1]:
        interval = narrowed(interval, part)
    return Reading(value, interval, approximate=True)


def _interval_meant(month: int, day: int | None, groups: Groups, context: Context) -> Interval | None:
    if groups.get("hijri_year"):
        return _interval(int(groups["hijri_year"]), month, day)
    relation = relation_steps(groups, context)
    published = context.published
    if groups.get("year"):
        year = int(groups["year"])
    elif published is None:
        return None
    elif relation is not None and (groups.get("relation_after") or relation == 0):
        year = published.year + relation
    else:
        year = None
    try:
        around = Gregorian(year, 7, 1) if year else Gregorian(*published.timetuple()[:3])  # type: ignore[union-attr]
        middle = around.to_hijri().year
    except (ValueError, OverflowError):
        return None
    found = [i for y in range(middle - 2, middle + 3) if (i := _interval(y, month, day))]
    if year:  # a feast may fall twice in a Gregorian year, or its month into two
        return next((i for i in found if i[0].year == year), None)
    if relation == 1 or context.future:
        return next((i for i in found if i[1] >= published), None)  # type: ignore[operator]
    return next((i for i in reversed(found) if i[0] <= published), None)  # type: ignore[operator]
