"""Expressions that are read from the publication date or from a date named before: "yesterday", "last year", "that month"."""

from dataclasses import replace
from datetime import date

from pipeline.tag.date_calendar import weekday_expression
from pipeline.tag.date_reading import (
    Context,
    Groups,
    Reading,
    duration_value,
    number_value,
    read_value,
    relation_steps,
    unit_code,
    with_daypart,
    word_class,
)
from pipeline.tag.date_values import (
    grain_of,
    interval_of,
    narrowed,
    shifted,
    value_at,
)

_UNDERSPECIFIED = {"D": "XXXX-XX-XX", "W": "XXXX-WXX", "2W": "XXXX-WXX", "M": "XXXX-XX", "Q": "XXXX-QX", "Y": "XXXX"}


def day_word_expression(groups: Groups, context: Context) -> Reading | None:
    """Read a day counted from publication: "yesterday", "tomorrow morning"."""
    steps = int(word_class(context, "day_word", groups["day_word"]))
    day = shifted(context.published, "D", steps) if context.published else None
    value = day.isoformat() if day else "XXXX-XX-XX"
    return read_value(with_daypart(value, groups, context), groups, context)


def this_daypart_expression(groups: Groups, context: Context) -> Reading | None:
    """Read a part of the day around publication: "tonight", "last night"."""
    part = "NI" if groups.get("tonight") else word_class(context, "daypart", groups["daypart"])
    steps = -1 if (groups.get("relation") or "").lower() == "last" else 0
    day = shifted(context.published, "D", steps) if context.published else None
    value = f"{day.isoformat() if day else 'XXXX-XX-XX'}T{part}"
    return Reading(value, interval_of(value), bool(groups.get("part")))


def relative_unit_expression(groups: Groups, context: Context) -> Reading | None:
    """Read the unit before, around or after publication: "last week", "next year"."""
    unit = unit_code(groups, context)
    if unit not in ("W", "M", "Q", "Y", "DE", "CE", "D"):
        return None
    if context.published is None:
        return Reading(_UNDERSPECIFIED.get(unit, "XXXX"))
    relation = relation_steps(groups, context) or 0
    day = shifted(context.published, unit, relation)
    if day is None:
        return None
    if unit in ("M", "Q", "Y", "DE", "CE"):
        day = day.replace(day=1)
    return read_value(value_at(day, unit), groups, context)


def weekend_expression(groups: Groups, context: Context) -> Reading | None:
    """Read a weekend: "last weekend"."""
    if context.published is None:
        return Reading("XXXX-WXX-WE")
    relation = relation_steps(groups, context)
    weeks = relation if relation is not None else (0 if context.future or context.published.isoweekday() >= 6 else -1)
    day = shifted(context.published, "W", weeks)
    return None if day is None else read_value(value_at(day, "W") + "-WE", groups, context)


def _moved(base: date | None, groups: Groups, context: Context, sign: int, coarse: bool) -> Reading | None:
    unit = unit_code(groups, context)
    number = number_value(groups["number"], context.words)
    if number is None:
        return Reading("PAST_REF" if sign < 0 else "FUTURE_REF", approximate=True)
    if unit.startswith("T"):
        return Reading(duration_value(number, unit), approximate=bool(groups.get("approx")))
    if base is None or number != int(number):
        return Reading(_UNDERSPECIFIED.get(unit, "XXXX"), approximate=bool(groups.get("approx")))
    day = shifted(base, unit, sign * int(number))
    if day is None:
        return None
    grain = {"DE": "Y", "CE": "Y", "ML": "Y"}.get(unit, unit) if coarse else "D"
    return read_value(value_at(day, grain), groups, context)


def ago_expression(groups: Groups, context: Context) -> Reading | None:
    """Read a distance from publication: "three days ago", "two years from now"."""
    sign = -1 if groups["direction"].lower() == "ago" else 1
    unit = unit_code(groups, context)
    if unit == "Y" and number_value(groups["number"], context.words) == 1 and sign < 0:
        return year_ago_expression(groups, context)
    return _moved(context.published, groups, context, sign, coarse=True)


def year_ago_expression(groups: Groups, context: Context) -> Reading | None:
    """A year ago: the same quarter of the year before where the text speaks of quarters, else the year."""
    unit = unit_code(groups, context)
    grain = "Q" if context.quarter else ""
    base = context.published
    if grain != "Q" and base and (groups.get("period") or "").lower() in ("quarter", "period"):
        base, grain = shifted(base, "Q", -1), "Q"
    elif grain == "Q":
        base = interval_of(context.quarter)[0]  # type: ignore[index]
    if base is None:
        return Reading(_UNDERSPECIFIED.get(unit, "XXXX"))
    day = shifted(base, unit, -1)
    if day is None:
        return None
    return read_value(value_at(day, "Q" if grain == "Q" and unit == "Y" else unit), groups, context)


def latest_quarter_expression(groups: Groups, context: Context) -> Reading | None:
    """Read a quarter that was named before or lies nearest: "the latest quarter"."""
    if context.quarter:
        return read_value(context.quarter, groups, context)
    if context.published is None:
        return Reading("XXXX-QX")
    day = shifted(context.published, "Q", -1)
    return None if day is None else read_value(value_at(day, "Q"), groups, context)


def year_end_expression(groups: Groups, context: Context) -> Reading | None:
    """Read the end of a year: "year-end"."""
    if context.published is None:
        return Reading("XXXX", approximate=True)
    value = f"{context.published.year:04d}-12"
    return Reading(f"{value}-31" if groups.get("day_itself") else value[:4], interval_of(value), approximate=True)


def overnight_expression(groups: Groups, context: Context) -> Reading | None:
    """Read the night before publication, or that of a weekday: a night belongs to two days."""
    if groups.get("weekday"):
        reading = weekday_expression({"weekday": groups["weekday"]}, context)
        first = reading.interval[0] if reading and reading.interval else None
    else:
        first = shifted(context.published, "D", -1) if context.published else None
    last = shifted(first, "D", 1) if first else None
    if first is None or last is None:
        return Reading("XXXX-XX-XXTNI", approximate=True)
    return Reading(f"{first.isoformat()}TNI", (first, last), approximate=True)


def part_of_day_expression(groups: Groups, context: Context) -> Reading | None:
    """Read a part of the day that the text speaks of: "in the morning"."""
    base, _ = _anchor_day(context)
    day = base.isoformat() if base and grain_of(context.anchor) in ("D", "") else "XXXX-XX-XX"
    return read_value(with_daypart(day, groups, context), groups, context)


def then_expression(groups: Groups, context: Context) -> Reading | None:
    """Read the date named last: "since then". Nothing where none was named."""
    interval = interval_of(context.anchor)
    return Reading(context.anchor, interval) if interval else None


def _anchor_day(context: Context) -> tuple[date | None, bool]:
    """Day to count from, and whether it is a day named in the text."""
    interval = interval_of(context.anchor)
    if interval:
        return interval[0], True
    return context.published, False


def that_unit_expression(groups: Groups, context: Context) -> Reading | None:
    """Read a unit that the date named last lies in: "that month"."""
    unit = unit_code(groups, context)
    order = ["D", "W", "M", "Q", "Y", "DE", "CE"]
    grain = grain_of(context.anchor)
    base, _ = _anchor_day(context)
    if unit not in order:
        return None
    if base is None or (grain and order.index(grain) > order.index(unit)):
        return Reading(_UNDERSPECIFIED.get(unit, "XXXX"))
    return read_value(value_at(base, unit), groups, context)


def running_unit_expression(groups: Groups, context: Context) -> Reading | None:
    """Read the unit that the text is in: "later in the day", "the end of the month", "for the year".

    That of the date named last where the text tells of the past, else that of the publication.
    """
    anchor = interval_of(context.anchor)
    told = anchor is not None and (context.published is None or anchor[1] < context.published)
    reading = that_unit_expression(groups, context if told else replace(context, anchor=""))
    if reading is not None and reading.interval is None:
        reading = that_unit_expression(groups, replace(context, anchor=""))
    if reading is None or reading.interval is None or not groups.get("middle"):
        return reading
    return Reading(reading.value, narrowed(reading.interval, "mid"), approximate=True)


def next_to_expression(groups: Groups, context: Context) -> Reading | None:
    """Read the neighbour of the date named last: "the following day", "the previous Friday", "the day before"."""
    sign = 1 if groups["direction"].lower() in ("following", "next", "ensuing", "after") else -1
    base, _ = _anchor_day(context)
    if groups.get("weekday"):
        if base is None or groups["direction"].lower() == "same":
            return weekday_expression(groups, context)
        number = int(word_class(context, "weekday", groups["weekday"]))
        steps = (sign * (number - base.isoweekday())) % 7 or 7
        day = shifted(base, "D", sign * steps)
        return read_value(day.isoformat(), groups, context) if day else None
    unit = unit_code(groups, context)
    if unit.startswith("T") or unit not in ("D", "W", "M", "Q", "Y", "DE", "CE"):
        return None
    day = shifted(base, unit, sign) if base else None
    if day is None:
        return Reading(_UNDERSPECIFIED.get(unit, "XXXX"))
    return read_value(value_at(day, unit), groups, context)


def offset_expression(groups: Groups, context: Context) -> Reading | None:
    """Read a distance from the date named last: "two days earlier"."""
    sign = -1 if groups["direction"].lower() in ("earlier", "before", "before that", "beforehand") else 1
    unit = unit_code(groups, context)
    if unit == "Y" and sign < 0 and number_value(groups["number"], context.words) == 1:
        return year_ago_expression(groups, context)
    if number_value(groups["number"], context.words) is None:  # "a few days later": how many nobody knows
        return Reading(duration_value(None, unit), approximate=True)
    base, _ = _anchor_day(context)
    return _moved(base, groups, context, sign, coarse=True)
