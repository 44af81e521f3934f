"""Expressions that name a place in the calendar, with or without a year: "Sept. 5", "the 1990s", "Friday", "Easter".

Nothing here reads the clock: without a publication date or an anchor in the text a value stays underspecified
(``XXXX-09-05``) and its interval None.
"""

import re
from datetime import date, timedelta

from pipeline.tag.date_reading import (
    Context,
    Groups,
    Reading,
    day_number,
    full_year,
    number_value,
    read_value,
    relation_steps,
    rest_of_year,
    with_daypart,
    word_class,
)
from pipeline.tag.date_values import (
    first_not_before,
    holiday,
    interval_of,
    latest_not_after,
    shifted,
)

# A feast that is this near is meant, not that of the year before.
_NEAR_FEAST = timedelta(days=14)
_SEASON_START = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


def calendar_expression(groups: Groups, context: Context) -> Reading | None:
    """Read a full date, month, quarter, season or year: "5 September 2021", "fall 2001", "2007"."""
    inner = rest_of_year(groups, context)
    if inner is None:
        return None
    year = full_year(groups["year"], context)
    value = f"{year:04d}{inner}"
    if groups.get("hour"):
        value += f"T{groups['hour']}:{groups['minute']}"
    if groups.get("day") and interval_of(value) is None:
        return None
    if groups.get("year_end"):
        end = int(groups["year_end"])
        end += year // 100 * 100 if end < 100 else 0
        value = f"{year}/{end}"
        return Reading(value, interval_of(value)) if 0 < end - year < 60 else None
    if groups.get("winter_end") and not inner.endswith("WI"):
        return None
    return read_value(_with_last_day(value, groups), groups, context)


def _with_last_day(value: str, groups: Groups) -> str:
    """A value that runs from a day to another of the same month: "Sept. 5-7"."""
    if not groups.get("day_end"):
        return value
    last = f"{value[:-2]}{int(re.match(r'\d+', groups['day_end'])[0]):02d}"  # type: ignore[index]
    return f"{value}/{last}" if value < last and interval_of(last) else value


def slashes_expression(groups: Groups, context: Context) -> Reading | None:
    """Read "03/01/1990": the order that is possible, else the one that the settings state."""
    first, second = groups["first"], groups["second"]
    day_first = int(first) > 12 or (context.day_first and int(second) <= 12)
    day, month = (first, second) if day_first else (second, first)
    if int(month) > 12:
        return None
    return calendar_expression({"month_number": month, "day": day, "year": groups["year"]}, context)


def spoken_year_expression(groups: Groups, context: Context) -> Reading | None:
    """Read a year in words: "nineteen ninety-six", "January nineteen ninety-six"."""
    low = number_value(groups["low"], context.words)
    century = {"nineteen": 19, "twenty": 20}[groups["high"].lower()]
    inner = rest_of_year(groups, context) or ""
    return read_value(f"{century}{int(low):02d}{inner}", groups, context) if low is not None else None


def decade_expression(groups: Groups, context: Context) -> Reading | None:
    """Read a decade: "the 1990s", "mid-eighties". What ends in 00 is a century, except for the 2000s."""
    if groups.get("decade"):
        value = groups["decade"]
        if value.endswith("0") and value != "200":
            value = value[:-1]
    else:
        digit = groups.get("decade_short") or word_class(context, "decade_word", groups["decade_word"])
        value = f"19{digit}"
    return read_value(value, groups, context)


def century_expression(groups: Groups, context: Context) -> Reading | None:
    """Read a century: "the 19th century"."""
    number = groups.get("century") or word_class(context, "ordinal", groups["ordinal"])
    return read_value(f"{int(number) - 1:02d}", groups, context) if 1 <= int(number) <= 30 else None


def turn_of_century_expression(groups: Groups, context: Context) -> Reading | None:
    """Read "the turn of the century": five years on either side of the one that lies behind, or close ahead."""
    step = 1000 if groups["unit"].lower() == "millennium" else 100
    if groups.get("century"):
        year = (int(groups["century"]) - 1) * step
    elif context.published is None:
        return Reading("XXXX", approximate=True)
    else:
        year = (context.published.year + 5) // step * step
    if not 100 <= year <= 3000:
        return None
    return Reading(f"{year:04d}", (date(year - 5, 1, 1), date(year + 5, 12, 31)), approximate=True)


def named_day_expression(groups: Groups, context: Context) -> Reading | None:
    """Read a day that is known by its number: "9/11"."""
    value = word_class(context, "named_day", groups["named_day"])
    return Reading(value, interval_of(value))


def day_of_month_expression(groups: Groups, context: Context) -> Reading | None:
    """Read a day of the month that the text speaks of: "on the 5th", "the 15th of last month"."""
    day, published = day_number(groups), context.published
    relation = relation_steps(groups, context)
    anchor = interval_of(context.anchor) if context.anchor and "relation" not in groups else None
    if anchor and (anchor[1] - anchor[0]).days <= 31:
        month = anchor[0]
    elif published is None:
        return Reading(f"XXXX-XX-{day:02d}")
    else:
        found = shifted(published.replace(day=1), "M", relation or 0)
        if found and relation is None and day is not None:
            if context.future and day < published.day:
                found = shifted(found, "M", 1)
            elif not context.future and day > published.day:
                found = shifted(found, "M", -1)
        if found is None:
            return None
        month = found
    value = f"{month.year:04d}-{month.month:02d}-{day:02d}"
    return Reading(value, interval_of(value)) if interval_of(value) else None


def underspecified_expression(groups: Groups, context: Context) -> Reading | None:
    """Read a day, month, quarter or season without its year: "Sept. 5", "August"."""
    inner = rest_of_year(groups, context)
    if not inner:
        return None
    if groups.get("day") and interval_of(f"2000{inner}") is None:
        return None
    year = _year(inner, groups, context)
    if year is None:
        anchored = re.match(r"\d{4}(?!\d)", context.anchor) if context.published is None else None
        if context.published is None:
            return Reading(f"{anchored[0] if anchored else 'XXXX'}{inner}", approximate=bool(groups.get("part")))
        return None
    return read_value(_with_last_day(f"{year:04d}{inner}", groups), groups, context)


def _year(inner: str, groups: Groups, context: Context) -> int | None:
    """The year of a day, month, quarter or season that names none; None where nothing tells."""
    published = context.published
    if published is None:
        return None
    relation = relation_steps(groups, context)
    if groups.get("relation_after") or (relation is not None and not groups.get("month") and not groups.get("season")):
        return published.year + (relation or 0)
    first_month = _first_month(inner)
    day = day_number(groups)
    latest = latest_not_after(first_month, day, published)
    running = interval_of(f"{latest:04d}{inner}") if latest else None
    if relation is None and running and running[1] >= published:
        return latest
    if day and relation is None and (nearest := _nearest(groups, first_month, day, context)):
        return nearest
    if groups.get("quarter") and relation is None and latest:
        return latest
    ahead = first_not_before(first_month, day, published)
    this_month = first_month == published.month and day is None
    if relation == 1:
        return ahead + 1 if ahead == published.year and this_month else ahead
    if relation == -1:
        return latest - 1 if latest == published.year and this_month else latest
    if relation == 0:
        return published.year
    if context.future or (not context.tense and _soon(first_month, day, published)):
        return ahead
    return latest


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
        number = int(word_class(context, "weekday", groups["weekday"]))
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


def weekday_expression(groups: Groups, context: Context) -> Reading | None:
    """Read a day of the week: "Friday", "last Monday"."""
    number = int(word_class(context, "weekday", groups["weekday"]))
    published = context.published
    if published is None:
        return Reading(with_daypart(f"XXXX-WXX-{number}", groups, context), approximate=bool(groups.get("part")))
    back = (published.isoweekday() - number) % 7
    if groups.get("week_relation"):
        monday = published - timedelta(days=published.isoweekday() - 1)
        day = shifted(monday, "D", number - 1 + 7 * (relation_steps(groups, context) or 0))
    else:
        relation = relation_steps(groups, context)
        if relation == 1:
            steps = (7 - back) if back else 7
        elif relation == -1:
            steps = -(back or 7)
        elif relation == 0 or context.future:
            steps = (7 - back) % 7 if context.future else -back
        elif back == 6:
            # Tomorrow's weekday is tomorrow, even in the past tense (wires carry the date of where they were sent from): that of last
            # week would be "last Tuesday".
            steps = 1
        else:
            steps = -back
        day = shifted(published, "D", steps)
    return None if day is None else read_value(with_daypart(day.isoformat(), groups, context), groups, context)


def holiday_expression(groups: Groups, context: Context) -> Reading | None:
    """Read a named day: "Christmas", "Easter 2003"."""
    code = word_class(context, "holiday", groups["holiday"])
    if groups.get("year"):
        day = holiday(code, int(groups["year"]))
    elif context.published is None:
        return Reading(f"XXXX-{code}" if re.fullmatch(r"\d\d-\d\d", code) else "XXXX")
    else:
        year = context.published.year
        candidates = [d for y in (year - 1, year, year + 1) if (d := holiday(code, y))]
        soon = context.published + _NEAR_FEAST
        if context.future or any(context.published <= d <= soon for d in candidates):
            day = next((d for d in candidates if d >= context.published), None)
        else:
            day = next((d for d in reversed(candidates) if d <= context.published), None)
    return None if day is None else Reading(day.isoformat(), (day, day))
