"""What a time expression means: from the named groups of a rule to a TIMEX3 value and an interval.

What belongs here: one function for each ``kind`` that a rule under ``knowledge/dates`` may name. What does not: finding expressions
(``dates.py``), calendar arithmetic (``date_values.py``). Nothing here reads the clock: without a publication date or an anchor in
the text a value stays underspecified (``XXXX-09-05``) and its interval None.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pipeline.tag.date_values import (
    Interval,
    first_not_before,
    grain_of,
    holiday,
    interval_of,
    latest_not_after,
    narrowed,
    shifted,
    value_at,
)

Groups = Mapping[str, str]
Words = Mapping[str, Mapping[str, str]]

_UNDERSPECIFIED = {"D": "XXXX-XX-XX", "W": "XXXX-WXX", "2W": "XXXX-WXX", "M": "XXXX-XX", "Q": "XXXX-QX", "Y": "XXXX"}
_SEASON_START = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


@dataclass(frozen=True, slots=True)
class Context:
    """What an expression is read against.

    ``published`` is the publication date, ``anchor`` the value of the last calendar date before the expression, ``tense`` where the
    verb that governs the expression, or a cue beside it, points ("" where neither tells), ``words`` the classes of ``words.csv``,
    ``quarter`` the last quarter named within reach.
    """

    published: date | None
    anchor: str
    tense: Literal["past", "future", ""]
    words: Words
    quarter: str = ""

    @property
    def future(self) -> bool:
        """Whether the expression is known to lie ahead of the publication."""
        return self.tense == "future"


@dataclass(frozen=True, slots=True)
class Reading:
    """Value and, where it has a place in the calendar, interval. ``part`` narrows: "start", "mid", "end", "before", "after"."""

    value: str
    interval: Interval | None = None
    approximate: bool = False


def _word(context: Context, name: str, text: str) -> str:
    return context.words[name].get(re.sub(r"\s+", " ", text.lower()).replace("’", "'"), "")


def _reading(value: str, groups: Groups, context: Context) -> Reading:
    """A calendar value with the interval that it and its modifier mean."""
    interval = interval_of(value)
    part = _word(context, "part", groups.get("part") or groups.get("part_two") or "")
    if interval and part in ("start", "mid", "end") and "T" not in value and interval[0] != interval[1]:
        interval = narrowed(interval, part)
    elif interval and context.published and interval[0] <= context.published <= interval[1]:
        if part == "before":
            interval = interval[0], context.published
        elif part == "after":
            interval = context.published, interval[1]
    return Reading(value, interval, bool(part or groups.get("approx")))


def number_value(text: str, words: Words) -> float | None:
    """A number in digits or words ("2 1/2", "twenty-four", "a hundred", "a couple of"); None for a vague one."""
    text = re.sub(r"\s+", " ", text.lower().strip())
    if text in words["vague_number"]:
        found = words["vague_number"][text]
        return None if found == "X" else float(found)
    text = re.split(r" (?:to|or) ", text)[0]
    if digits := re.fullmatch(r"([\d,]+(?:\.\d+)?)(?: (\d)/([1-9]))?(?:-\d+)?", text):
        whole = float(digits[1].replace(",", ""))
        return whole + (int(digits[2]) / int(digits[3]) if digits[2] else 0)
    half = 0.5 if re.search(r" and a half$|^an? half$", text) else 0.0
    text = re.sub(r" and a half$|^an? half$", "", text)
    total, current = 0, 0
    for word in re.split(r"[- ]", text):
        if word in ("a", "an"):
            current = 1
        elif word in ("and", ""):
            continue
        else:
            value = words["number"].get(word)
            if value is None:
                if re.fullmatch(r"\d+", word):
                    continue
                return None
            number = int(value)
            if number == 100:
                current = max(current, 1) * 100
            elif number == 1000:
                total, current = total + max(current, 1) * 1000, 0
            elif number == 12 and current == 1 and text.startswith("a "):
                current = 12
            else:
                current += number
    return total + current + half


def _period(number: float | None, unit: str) -> str:
    """ISO 8601 duration, TimeML's way: P20Y, P2DE, PT5H, PXM, P2Y6M."""
    time, unit = ("T", unit[1:]) if unit.startswith("T") else ("", unit)
    if number is None:
        return f"P{time}X{'M' if unit == 'Q' else unit}"
    if unit == "2W":
        unit, number = "W", number * 2
    if unit == "Q":
        unit, number = "M", number * 3
    whole = int(number)
    if number != whole:
        smaller = {"Y": (12, "M"), "H": (60, "M"), "M": (60, "S")}.get(unit) if not (unit == "M" and not time) else None
        if smaller:
            rest = round((number - whole) * smaller[0])
            return f"P{time}{whole}{unit}{rest}{smaller[1]}" if whole else f"P{time}{rest}{smaller[1]}"
        return f"P{time}{number:g}{unit}"
    return f"P{time}{whole}{unit}"


def _unit(groups: Groups, context: Context) -> str:
    for name in ("unit", "unit_singular", "unit_plural", "unit_two", "unit_three", "unit_four", "unit_five"):
        if groups.get(name):
            return _word(context, "unit", groups[name])
    return ""


def _full_year(text: str, context: Context) -> int:
    digits = text.strip("'’")
    if len(digits) == 4:
        return int(digits)
    pivot = (context.published.year if context.published else 2029) + 10
    year = 2000 + int(digits)
    return year if year <= pivot else year - 100


def _month_of(groups: Groups, context: Context) -> str:
    if groups.get("month_number"):
        return f"{int(groups['month_number']):02d}"
    return _word(context, "month", groups["month"]) if groups.get("month") else ""


def _day_of(groups: Groups) -> int | None:
    return int(re.match(r"\d+", groups["day"])[0]) if groups.get("day") else None  # type: ignore[index]


def _inner(groups: Groups, context: Context) -> str | None:
    """The part of a value after the year: -09-05, -Q3, -H1, -SU; None where it is impossible (Sept. 31)."""
    if month := _month_of(groups, context):
        day = _day_of(groups)
        if day is None:
            return f"-{month}"
        try:
            date(2000, int(month), day)
        except ValueError:
            return None
        return f"-{month}-{day:02d}"
    ordinal = _word(context, "ordinal", groups.get("ordinal") or groups.get("ordinal_two") or "")
    if groups.get("quarter") and ordinal:
        return f"-Q{ordinal}" if int(ordinal) <= 4 else None
    if groups.get("half"):
        which = ordinal or "2"
        return f"-H{which}" if int(which) <= 2 else None
    if groups.get("season"):
        return "-" + _word(context, "season", groups["season"])
    return ""


def _calendar(groups: Groups, context: Context) -> Reading | None:
    inner = _inner(groups, context)
    if inner is None:
        return None
    year = _full_year(groups["year"], context)
    value = f"{year:04d}{inner}"
    if groups.get("hour"):
        value += f"T{groups['hour']}:{groups['minute']}"
    if groups.get("day") and interval_of(value) is None:
        return None
    if groups.get("year_end"):
        end = int(groups["year_end"]) + year // 100 * 100
        if not 0 < end - year < 60:
            return None
        return Reading(f"{year}/{end}", (date(year, 1, 1), date(end, 12, 31)))
    return _reading(value, groups, context)


def _spoken_year(groups: Groups, context: Context) -> Reading | None:
    low = number_value(groups["low"], context.words)
    century = {"nineteen": 19, "twenty": 20}[groups["high"].lower()]
    return _reading(f"{century}{int(low):02d}", groups, context) if low is not None else None


def _decade(groups: Groups, context: Context) -> Reading | None:
    if groups.get("decade"):
        value = groups["decade"]
    else:
        digit = groups.get("decade_short") or _word(context, "decade_word", groups["decade_word"])
        value = f"19{digit}"
    return _reading(value, groups, context)


def _century(groups: Groups, context: Context) -> Reading | None:
    number = groups.get("century") or _word(context, "ordinal", groups["ordinal"])
    return _reading(f"{int(number) - 1:02d}", groups, context) if 1 <= int(number) <= 30 else None


def _relation(groups: Groups, context: Context) -> int | None:
    word = groups.get("relation") or groups.get("relation_after") or groups.get("week_relation")
    if not word:
        return None
    if word.lower() in ("the", "present"):
        return 0
    return int(_word(context, "relation", word) or 0)


def _underspecified(groups: Groups, context: Context) -> Reading | None:
    inner = _inner(groups, context)
    if not inner:
        return None
    if groups.get("day") and interval_of(f"2000{inner}") is None:
        return None
    published = context.published
    if published is None:
        anchored = re.match(r"\d{4}(?!\d)", context.anchor)
        return Reading(f"{anchored[0] if anchored else 'XXXX'}{inner}", approximate=bool(groups.get("part")))
    relation = _relation(groups, context)
    if groups.get("relation_after") or (relation is not None and not groups.get("month") and not groups.get("season")):
        return _reading(f"{published.year + (relation or 0):04d}{inner}", groups, context)
    first_month = _first_month(inner)
    day = _day_of(groups)
    latest = latest_not_after(first_month, day, published)
    running = interval_of(f"{latest:04d}{inner}") if latest else None
    if relation is None and running and running[1] >= published:
        return _reading(f"{latest:04d}{inner}", groups, context)
    if day and relation is None and (nearest := _nearest(groups, first_month, day, context)):
        return _reading(f"{nearest:04d}{inner}", groups, context)
    if groups.get("quarter") and relation is None and latest:
        return _reading(f"{latest:04d}{inner}", groups, context)
    if relation == 1:
        year = first_not_before(first_month, day, published)
        if year == published.year and first_month == published.month:
            year += 1
    elif relation == -1:
        year = latest_not_after(first_month, day, published)
        if year == published.year and first_month == published.month and day is None:
            year -= 1
    elif relation == 0:
        year = published.year
    elif context.future or (not context.tense and _soon(first_month, day, published)):
        year = first_not_before(first_month, day, published)
    else:
        year = latest_not_after(first_month, day, published)
    return None if year is None else _reading(f"{year:04d}{inner}", groups, context)


def _nearest(groups: Groups, month: int, day: int, context: Context) -> int | None:
    """Year of a day that its weekday or its nearness decides; None leaves it to the tense.

    News gives the year of a day that lies most of a year away: a year-less day within a month, whose other reading lies eleven
    months off, is the near one even where the governing verb ("ruled that he must leave by Jan. 14") says otherwise.
    """
    published = context.published
    if published is None:
        return None
    ahead, behind = first_not_before(month, day, published), latest_not_after(month, day, published)
    distances = {y: abs((date(y, month, day) - published).days) for y in (ahead, behind) if y}
    if groups.get("weekday"):
        number = int(_word(context, "weekday", groups["weekday"]))
        fitting = [y for y in distances if date(y, month, day).isoweekday() == number]
        if len(fitting) == 1:
            return fitting[0]
    near = [y for y, days in distances.items() if days <= 31]
    return near[0] if len(near) == 1 else None


def _soon(month: int, day: int | None, published: date) -> bool:
    """Whether such a day comes within two months, or such a month within three: with no tense to tell, a coming 17 November is not that of last year."""
    year = first_not_before(month, day, published)
    return year is not None and 0 <= (date(year, month, day or 1) - published).days <= (60 if day else 92)


def _first_month(inner: str) -> int:
    mark = inner[1:3]
    if mark.isdigit():
        return int(mark)
    if mark in _SEASON_START:
        return _SEASON_START[mark]
    number = int(mark[1])
    return number * 3 - 2 if mark[0] == "Q" else number * 6 - 5


def _with_daypart(value: str, groups: Groups, context: Context) -> str:
    part = _word(context, "daypart", groups.get("daypart") or "")
    return f"{value}T{part}" if part else value


def _weekday(groups: Groups, context: Context) -> Reading | None:
    number = int(_word(context, "weekday", groups["weekday"]))
    published = context.published
    if published is None:
        return Reading(_with_daypart(f"XXXX-WXX-{number}", groups, context), approximate=bool(groups.get("part")))
    back = (published.isoweekday() - number) % 7
    if groups.get("week_relation"):
        monday = published - timedelta(days=published.isoweekday() - 1)
        day = shifted(monday, "D", number - 1 + 7 * (_relation(groups, context) or 0))
    else:
        relation = _relation(groups, context)
        if relation == 1:
            steps = (7 - back) if back else 7
        elif relation == -1:
            steps = -(back or 7)
        elif relation == 0 or context.future:
            steps = (7 - back) % 7 if context.future else -back
        elif not context.tense and back == 6:
            # Without a tense to tell, tomorrow's weekday is tomorrow: that of last week would be "last Tuesday".
            steps = 1
        else:
            steps = -back
        day = shifted(published, "D", steps)
    return None if day is None else _reading(_with_daypart(day.isoformat(), groups, context), groups, context)


def _holiday(groups: Groups, context: Context) -> Reading | None:
    code = _word(context, "holiday", groups["holiday"])
    if groups.get("year"):
        day = holiday(code, int(groups["year"]))
    elif context.published is None:
        return Reading(f"XXXX-{code}" if re.fullmatch(r"\d\d-\d\d", code) else "XXXX")
    else:
        year = context.published.year
        candidates = [d for y in (year - 1, year, year + 1) if (d := holiday(code, y))]
        if context.future:
            day = next((d for d in candidates if d >= context.published), None)
        else:
            day = next((d for d in reversed(candidates) if d <= context.published), None)
    return None if day is None else Reading(day.isoformat(), (day, day))


def _day_word(groups: Groups, context: Context) -> Reading | None:
    steps = int(_word(context, "day_word", groups["day_word"]))
    day = shifted(context.published, "D", steps) if context.published else None
    value = day.isoformat() if day else "XXXX-XX-XX"
    return _reading(_with_daypart(value, groups, context), groups, context)


def _this_daypart(groups: Groups, context: Context) -> Reading | None:
    part = "NI" if groups.get("tonight") else _word(context, "daypart", groups["daypart"])
    steps = -1 if (groups.get("relation") or "").lower() == "last" else 0
    day = shifted(context.published, "D", steps) if context.published else None
    value = f"{day.isoformat() if day else 'XXXX-XX-XX'}T{part}"
    return Reading(value, interval_of(value), bool(groups.get("part")))


def _relative_unit(groups: Groups, context: Context) -> Reading | None:
    unit = _unit(groups, context)
    if unit not in ("W", "M", "Q", "Y", "DE", "CE", "D"):
        return None
    if context.published is None:
        return Reading(_UNDERSPECIFIED.get(unit, "XXXX"))
    relation = _relation(groups, context) or 0
    day = shifted(context.published, unit, relation)
    if day is None:
        return None
    if unit in ("M", "Q", "Y", "DE", "CE"):
        day = day.replace(day=1)
    return _reading(value_at(day, unit), groups, context)


def _weekend(groups: Groups, context: Context) -> Reading | None:
    if context.published is None:
        return Reading("XXXX-WXX-WE")
    relation = _relation(groups, context)
    weeks = relation if relation is not None else (0 if context.future or context.published.isoweekday() >= 6 else -1)
    day = shifted(context.published, "W", weeks)
    return None if day is None else _reading(value_at(day, "W") + "-WE", groups, context)


def _moved(base: date | None, groups: Groups, context: Context, sign: int, coarse: bool) -> Reading | None:
    unit = _unit(groups, context)
    number = number_value(groups["number"], context.words)
    if number is None:
        return Reading("PAST_REF" if sign < 0 else "FUTURE_REF", approximate=True)
    if unit.startswith("T"):
        return Reading(_period(number, unit), approximate=bool(groups.get("approx")))
    if base is None or number != int(number):
        return Reading(_UNDERSPECIFIED.get(unit, "XXXX"), approximate=bool(groups.get("approx")))
    day = shifted(base, unit, sign * int(number))
    if day is None:
        return None
    grain = {"DE": "Y", "CE": "Y", "ML": "Y"}.get(unit, unit) if coarse else "D"
    return _reading(value_at(day, grain), groups, context)


def _ago(groups: Groups, context: Context) -> Reading | None:
    sign = -1 if groups["direction"].lower() == "ago" else 1
    unit = _unit(groups, context)
    if unit == "Y" and number_value(groups["number"], context.words) == 1 and sign < 0:
        return _year_ago(groups, context)
    return _moved(context.published, groups, context, sign, coarse=True)


def _year_ago(groups: Groups, context: Context) -> Reading | None:
    """A year ago: the same quarter of the year before where the text speaks of quarters, else the year."""
    unit = _unit(groups, context)
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
    return _reading(value_at(day, "Q" if grain == "Q" and unit == "Y" else unit), groups, context)


def _latest_quarter(groups: Groups, context: Context) -> Reading | None:
    if context.quarter:
        return _reading(context.quarter, groups, context)
    if context.published is None:
        return Reading("XXXX-QX")
    day = shifted(context.published, "Q", -1)
    return None if day is None else _reading(value_at(day, "Q"), groups, context)


def _year_end(groups: Groups, context: Context) -> Reading | None:
    if context.published is None:
        return Reading("XXXX")
    value = f"{context.published.year:04d}"
    return Reading(value, interval_of(f"{value}-12"), approximate=True)


def _anchor_day(context: Context) -> tuple[date | None, bool]:
    """Day to count from, and whether it is a day named in the text."""
    interval = interval_of(context.anchor)
    if interval:
        return interval[0], True
    return context.published, False


def _that_unit(groups: Groups, context: Context) -> Reading | None:
    unit = _unit(groups, context)
    order = ["D", "W", "M", "Q", "Y", "DE", "CE"]
    grain = grain_of(context.anchor)
    base, _ = _anchor_day(context)
    if unit not in order:
        return None
    if base is None or (grain and order.index(grain) > order.index(unit)):
        return Reading(_UNDERSPECIFIED.get(unit, "XXXX"))
    return _reading(value_at(base, unit), groups, context)


def _next_to(groups: Groups, context: Context) -> Reading | None:
    unit = _unit(groups, context)
    sign = 1 if groups["direction"].lower() in ("following", "next", "ensuing") else -1
    if unit.startswith("T") or unit not in ("D", "W", "M", "Q", "Y", "DE", "CE"):
        return None
    base, _ = _anchor_day(context)
    day = shifted(base, unit, sign) if base else None
    if day is None:
        return Reading(_UNDERSPECIFIED.get(unit, "XXXX"))
    return _reading(value_at(day, unit), groups, context)


def _offset(groups: Groups, context: Context) -> Reading | None:
    sign = -1 if groups["direction"].lower() in ("earlier", "before", "before that", "beforehand") else 1
    unit = _unit(groups, context)
    if unit == "Y" and sign < 0 and number_value(groups["number"], context.words) == 1:
        return _year_ago(groups, context)
    base, _ = _anchor_day(context)
    return _moved(base, groups, context, sign, coarse=True)


def _duration(groups: Groups, context: Context) -> Reading | None:
    unit = _unit(groups, context)
    if "vague_count" in groups:
        return Reading(_period(None, unit), approximate=True)
    number = number_value(groups["number"], context.words) if groups.get("number") else 1.0
    if (groups.get("number") or "").lower() == "multi" or not unit:
        number = None
    approximate = number is None or bool(groups.get("approx") or groups.get("approx_two"))
    return Reading(_period(number, unit), approximate=approximate)


def _half_unit(groups: Groups, context: Context) -> Reading | None:
    unit = _unit(groups, context)
    return Reading(
        {"TH": "PT30M", "D": "PT12H", "Y": "P6M", "DE": "P5Y"}.get(unit, "PXX"), approximate=bool(groups.get("approx"))
    )


def _quarter_century(groups: Groups, context: Context) -> Reading | None:
    return Reading("P25Y" if groups.get("quarter") else "P50Y", approximate=bool(groups.get("approx")))


def _frequency(groups: Groups, context: Context) -> Reading | None:
    return Reading(_word(context, "frequency", groups["frequency"]))


def _every(groups: Groups, context: Context) -> Reading | None:
    if groups.get("weekday") or groups.get("weekday_two"):
        name = (groups.get("weekday") or groups["weekday_two"]).lower()
        return Reading(f"XXXX-WXX-{context.words['weekday'][name.removesuffix('s')]}")
    if groups.get("month"):
        return Reading(f"XXXX-{_month_of(groups, context)}")
    if groups.get("season"):
        return Reading("XXXX-" + _word(context, "season", groups["season"]))
    text = groups.get("number") or "1"
    return Reading(
        _period(2.0 if text.lower() == "other" else number_value(text, context.words), _unit(groups, context))
    )


def _clock(groups: Groups, context: Context) -> Reading | None:
    word = _word(context, "daypart", groups.get("daypart") or "")
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
        reading = _weekday({"weekday": groups["weekday"]}, context)
    elif groups.get("day_word"):
        reading = _day_word({"day_word": groups["day_word"]}, context)
    elif groups.get("month"):
        chosen = {k: v for k, v in groups.items() if k in ("month", "day", "year") and v}
        reading = _calendar(chosen, context) if "year" in chosen else _underspecified(chosen, context)
    elif grain_of(context.anchor) == "D":
        return context.anchor[:10]
    else:
        reading = Reading(context.published.isoformat() if context.published else "XXXX-XX-XX")
    return reading.value if reading else "XXXX-XX-XX"


KINDS: dict[str, Callable[[Groups, Context], Reading | None]] = {
    "calendar": _calendar,
    "spoken_year": _spoken_year,
    "decade": _decade,
    "century": _century,
    "underspecified": _underspecified,
    "weekday": _weekday,
    "holiday": _holiday,
    "day_word": _day_word,
    "this_daypart": _this_daypart,
    "relative_unit": _relative_unit,
    "weekend": _weekend,
    "ago": _ago,
    "year_ago": _year_ago,
    "latest_quarter": _latest_quarter,
    "year_end": _year_end,
    "that_unit": _that_unit,
    "next_to": _next_to,
    "offset": _offset,
    "duration": _duration,
    "half_unit": _half_unit,
    "quarter_century": _quarter_century,
    "frequency": _frequency,
    "every": _every,
    "clock": _clock,
}
