"""What a time expression means: the function for each ``kind`` that a rule under ``knowledge/dates`` may name.

What belongs here: the registry of kinds, durations, sets and times of day. What does not: finding expressions (``dates``), the other
kinds (``date_calendar``, ``date_relative``), calendar arithmetic (``date_values``).
"""

from collections.abc import Callable

from pipeline.tag.date_calendar import (
    calendar_expression,
    century_expression,
    day_of_month_expression,
    decade_expression,
    holiday_expression,
    named_day_expression,
    slashes_expression,
    spoken_year_expression,
    turn_of_century_expression,
    underspecified_expression,
    weekday_expression,
)
from pipeline.tag.date_islamic import islamic_expression
from pipeline.tag.date_reading import (
    Context,
    Groups,
    Reading,
    duration_value,
    month_number,
    number_value,
    unit_code,
    word_class,
)
from pipeline.tag.date_relative import (
    ago_expression,
    day_word_expression,
    latest_quarter_expression,
    next_to_expression,
    offset_expression,
    overnight_expression,
    part_of_day_expression,
    relative_unit_expression,
    running_unit_expression,
    that_unit_expression,
    then_expression,
    this_daypart_expression,
    weekend_expression,
    year_ago_expression,
    year_end_expression,
)
from pipeline.tag.date_values import Interval, grain_of, interval_of, shifted


def duration_expression(groups: Groups, context: Context) -> Reading | None:
    """Read a length of time: "three weeks", "nearly two decades"."""
    unit = unit_code(groups, context)
    plural = (groups.get("unit_plural") or groups.get("unit") or "").lower().endswith("s")
    if "vague_count" in groups or (plural and not groups.get("number")):
        return Reading(duration_value(None, unit), approximate=True)
    number = number_value(groups["number"], context.words) if groups.get("number") else 1.0
    if (groups.get("number") or "").lower() == "multi" or not unit:
        number = None
    elif number is not None and groups.get("half"):
        number += 0.5
    approximate = number is None or bool(groups.get("approx") or groups.get("or_so"))
    return Reading(duration_value(number, unit), _anchored(number, unit, groups, context), approximate)


def _anchored(number: float | None, unit: str, groups: Groups, context: Context) -> Interval | None:
    """Where a length that ends or begins with publication lies: "the past three months", "the next two weeks"."""
    sign = {"past": -1, "last": -1, "next": 1, "coming": 1}.get((groups.get("span") or "").lower())
    if sign is None or number is None or context.published is None:
        return None
    if unit == "TH":
        number, unit = -(-number // 24), "D"
    end = shifted(context.published, unit, sign * int(number)) if number == int(number) else None
    if end is None:
        return None
    return min(end, context.published), max(end, context.published)


def half_unit_expression(groups: Groups, context: Context) -> Reading | None:
    """Read half a unit: "half a year"."""
    unit = unit_code(groups, context)
    return Reading(
        {"TH": "PT30M", "D": "PT12H", "Y": "P6M", "DE": "P5Y", "CE": "P50Y", "ML": "P500Y"}.get(unit, "PXX"),
        approximate=bool(groups.get("approx")),
    )


def quarter_century_expression(groups: Groups, context: Context) -> Reading | None:
    """Read a quarter or half of a century."""
    return Reading("P25Y" if groups.get("quarter") else "P50Y", approximate=bool(groups.get("approx")))


def frequency_expression(groups: Groups, context: Context) -> Reading | None:
    """Read how often: "weekly", "twice a year"."""
    return Reading(word_class(context, "frequency", groups["frequency"]))


def every_expression(groups: Groups, context: Context) -> Reading | None:
    """Read a repeated unit or weekday: "every Friday"."""
    if groups.get("weekday"):
        name = groups["weekday"].lower()
        return Reading(f"XXXX-WXX-{context.words['weekday'][name.removesuffix('s')]}")
    if groups.get("month"):
        return Reading(f"XXXX-{month_number(groups, context)}")
    if groups.get("season"):
        return Reading("XXXX-" + word_class(context, "season", groups["season"]))
    text = groups.get("number") or "1"
    return Reading(
        duration_value(
            2.0 if text.lower() == "other" else number_value(text, context.words), unit_code(groups, context)
        )
    )


def clock_expression(groups: Groups, context: Context) -> Reading | None:
    """Read a time of day: "9 p.m.", "0900 GMT on Friday"."""
    word = word_class(context, "daypart", groups.get("daypart") or "")
    if groups.get("hour_word"):
        number = number_value(groups["hour_word"], context.words)
        hour = int(number) if number is not None and number <= 24 else -1
    else:
        hour = int(groups["hour"]) if groups.get("hour") else int(word[:2])
    minute = int(
        groups.get("minute") or (word[3:] if not groups.get("hour") and not groups.get("hour_word") else 0) or 0
    )
    meridiem = (groups.get("meridiem") or "")[:1].lower()
    if hour < 12 and (meridiem == "p" or word in ("AF", "EV", "NI")):
        hour += 12
    elif hour == 12 and meridiem == "a":
        hour = 0
    if not 0 <= hour <= 24:
        return None
    day = _clock_day(groups, context)
    value = f"{day}T{hour:02d}:{minute:02d}"
    return Reading(value, interval_of(value), bool(groups.get("approx")))


def _clock_day(groups: Groups, context: Context) -> str:
    if groups.get("weekday"):
        reading = weekday_expression({"weekday": groups["weekday"]}, context)
    elif groups.get("day_word"):
        reading = day_word_expression({"day_word": groups["day_word"]}, context)
    elif groups.get("month"):
        chosen = {k: v for k, v in groups.items() if k in ("month", "day", "year") and v}
        reading = (
            calendar_expression(chosen, context) if "year" in chosen else underspecified_expression(chosen, context)
        )
    elif grain_of(context.anchor) == "D":
        return context.anchor[:10]
    else:
        reading = Reading(context.published.isoformat() if context.published else "XXXX-XX-XX")
    return reading.value if reading else "XXXX-XX-XX"


KINDS: dict[str, Callable[[Groups, Context], Reading | None]] = {
    "calendar": calendar_expression,
    "slashes": slashes_expression,
    "spoken_year": spoken_year_expression,
    "decade": decade_expression,
    "century": century_expression,
    "turn_of_century": turn_of_century_expression,
    "named_day": named_day_expression,
    "day_of_month": day_of_month_expression,
    "underspecified": underspecified_expression,
    "weekday": weekday_expression,
    "holiday": holiday_expression,
    "islamic": islamic_expression,
    "day_word": day_word_expression,
    "this_daypart": this_daypart_expression,
    "relative_unit": relative_unit_expression,
    "weekend": weekend_expression,
    "ago": ago_expression,
    "year_ago": year_ago_expression,
    "latest_quarter": latest_quarter_expression,
    "year_end": year_end_expression,
    "that_unit": that_unit_expression,
    "running_unit": running_unit_expression,
    "overnight": overnight_expression,
    "part_of_day": part_of_day_expression,
    "then": then_expression,
    "next_to": next_to_expression,
    "offset": offset_expression,
    "duration": duration_expression,
    "half_unit": half_unit_expression,
    "quarter_century": quarter_century_expression,
    "frequency": frequency_expression,
    "every": every_expression,
    "clock": clock_expression,
}
