"""What every rule's function reads with: the context of an expression, the reading it gives, words, numbers and units.

What belongs here: pieces that several kinds of rule share. What does not: the kinds themselves (``date_calendar``,
``date_relative``, ``date_resolve``) and calendar arithmetic (``date_values``).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipeline.tag.date_values import (
    Interval,
    interval_of,
    narrowed,
)

Groups = Mapping[str, str]
# A pattern that names a class twice numbers its groups: month, month_two.
_NUMBERED = re.compile(r"_(?:two|three|four)(?:_b)?$")
Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Context:
    """What an expression is read against.

    ``published`` is the publication date, ``anchor`` the value of the last calendar date before the expression, ``tense`` where the
    verb that governs the expression, or a cue beside it, points ("" where neither tells), ``words`` the classes of ``words.csv``,
    ``quarter`` the last quarter named within reach, ``day_first`` whether 03/01/1990 is a day in January.
    """

    published: date | None
    anchor: str
    tense: Literal["past", "future", ""]
    words: Words
    quarter: str = ""
    day_first: bool = False

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


def folded_groups(found: re.Match[str]) -> dict[str, str]:
    """The groups that took part in a match; "month_two" counts as "month" where that took none."""
    took = {name: text for name, text in found.groupdict().items() if text is not None}
    return {_NUMBERED.sub("", name): text for name, text in took.items() if name != _NUMBERED.sub("", name)} | took


def word_class(context: Context, name: str, text: str) -> str:
    """What a word stands for in a class of words.csv; empty where it is none of the class."""
    return context.words[name].get(re.sub(r"\s+", " ", text.lower()).replace("’", "'"), "")


def read_value(value: str, groups: Groups, context: Context) -> Reading:
    """A calendar value with the interval that it and its modifier mean."""
    interval = interval_of(value)
    part = word_class(context, "part", groups.get("part") or "")
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
    text = re.sub(r"[- ]and[- ]a[- ]half$", " and a half", text)
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


def duration_value(number: float | None, unit: str) -> str:
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


def unit_code(groups: Groups, context: Context) -> str:
    """The TimeML code of the unit that a rule has matched: D, W, M, Q, Y, DE, CE, TH and so on."""
    for name in ("unit", "unit_singular", "unit_plural"):
        if groups.get(name):
            return word_class(context, "unit", groups[name])
    return ""


def full_year(text: str, context: Context) -> int:
    """A year of four digits from "2021" or "'98"; two digits lie at most ten years after publication."""
    digits = text.strip("'’")
    if len(digits) == 4:
        return int(digits)
    pivot = (context.published.year if context.published else 2029) + 10
    year = 2000 + int(digits)
    return year if year <= pivot else year - 100


def month_number(groups: Groups, context: Context) -> str:
    """The month of a match as two digits; empty where it names none."""
    if groups.get("month_number"):
        return f"{int(groups['month_number']):02d}"
    return word_class(context, "month", groups["month"]) if groups.get("month") else ""


def day_number(groups: Groups) -> int | None:
    """The day of the month of a match."""
    return int(re.match(r"\d+", groups["day"])[0]) if groups.get("day") else None  # type: ignore[index]


def rest_of_year(groups: Groups, context: Context) -> str | None:
    """The part of a value after the year: -09-05, -Q3, -H1, -SU; None where it is impossible (Sept. 31)."""
    if month := month_number(groups, context):
        day = day_number(groups)
        if day is None:
            return f"-{month}"
        try:
            date(2000, int(month), day)
        except ValueError:
            return None
        return f"-{month}-{day:02d}"
    ordinal = word_class(context, "ordinal", groups.get("ordinal") or "")
    if groups.get("quarter") and ordinal:
        return f"-Q{ordinal}" if int(ordinal) <= 4 else None
    if groups.get("half"):
        which = ordinal or "2"
        return f"-H{which}" if int(which) <= 2 else None
    if groups.get("season"):
        return "-" + word_class(context, "season", groups["season"])
    return ""


def relation_steps(groups: Groups, context: Context) -> int | None:
    """Steps from the unit of publication that a word such as "last" or "next" means; None without one."""
    word = groups.get("relation") or groups.get("relation_after") or groups.get("week_relation")
    if not word:
        return None
    if word.lower() in ("the", "present"):
        return 0
    return int(word_class(context, "relation", word) or 0)


def with_daypart(value: str, groups: Groups, context: Context) -> str:
    """A day's value with its part of the day: "2021-09-03TMO"."""
    part = word_class(context, "daypart", groups.get("daypart") or "")
    return f"{value}T{part}" if part else value
