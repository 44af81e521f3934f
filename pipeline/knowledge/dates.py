"""Words and patterns of time expressions: the tables that the date layer reads.

What belongs here: reading, expanding and checking ``dates/words.csv`` and ``dates/*.yaml``. What does not: finding expressions in
a text (``tag/dates.py``) or working out what they mean (``tag/date_resolve.py``, ``tag/date_values.py``).

``words.csv`` holds classes of words with their values (month, weekday, unit, …). Each YAML file holds the rules of one theme, in
the spirit of HeidelTime (Strötgen and Gertz 2013, Language Resources and Evaluation 47:2): a regular expression, the TIMEX3 type,
the ``kind`` that names how it is worked out, and optionally ``value`` (for kind "fixed"), ``guard`` (a check on the words
around), ``needs`` (classes of which a paragraph must hold a word for the rule to be tried) and ``words`` (of which it must hold one
besides): both only spare time. In a pattern ``{month}`` stands for
a named group of all words of that class, ``{month_two}`` for the same under another name, and a blank for any white space.
"""

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import KnowledgeError

_FOLDER = Path(__file__).parent / "dates"
_TYPES = frozenset({"DATE", "TIME", "DURATION", "SET"})
_PLACEHOLDER = re.compile(r"\{([a-z]+\d?(?:_[a-z]+)*)\}")
_ONE_BLANK = re.compile(r"\(\?<[=!][^()]*\)|\[[^\]]*\]")
_SUFFIX = re.compile(r"_(?:two|three)(?:_b)?$")
# Months and weekdays are only read when capitalized or in capitals: "may" and "march" are verbs, "sat" is another.
_CAPITALIZED = frozenset({"month", "weekday", "holiday", "zone"})


@dataclass(frozen=True, slots=True)
class DateRule:
    """One form of time expression."""

    name: str
    theme: str
    pattern: re.Pattern[str]
    timex_type: str
    kind: str
    value: str
    guard: str
    needs: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class DateKnowledge:
    """``values`` maps class and lower-cased word to value, ``classes`` a lower-cased word to the classes that it tells of."""

    values: dict[str, dict[str, str]]
    classes: dict[str, frozenset[str]]
    rules: tuple[DateRule, ...]


def _read_words(path: Path) -> dict[str, dict[str, str]]:
    values: dict[str, dict[str, str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        missing = {"class", "word", "value", "source"} - set(reader.fieldnames or ())
        if missing:
            msg = f"{path}:1: column missing: {', '.join(sorted(missing))}"
            raise KnowledgeError(msg)
        for row in reader:
            if None in row or None in row.values() or not row["class"] or not row["word"] or not row["source"]:
                msg = f"{path}:{reader.line_num}: class, word and source must not be empty, and there are four cells to a line"
                raise KnowledgeError(msg)
            if row["word"].lower() in values.setdefault(row["class"], {}):
                msg = f"{path}:{reader.line_num}: {row['word']!r} is already in class {row['class']}"
                raise KnowledgeError(msg)
            values[row["class"]][row["word"].lower()] = row["value"]
    return values


def _alternatives(words: list[str], cased: bool) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    if cased:
        # "may day" as read from the lower-cased table: "May Day", "MAY DAY".
        forms = [f for w in longest_first for f in dict.fromkeys((_title(w), w.upper()))]
        body = "(?-i:" + "|".join(map(_escape, forms)) + ")"
    else:
        body = "(?:" + "|".join(map(_escape, longest_first)) + ")"
    return rf"(?<![\w]){body}(?!\w)"


def _title(word: str) -> str:
    return " ".join(part[:1].upper() + part[1:] for part in word.split(" "))


def _escape(word: str) -> str:
    return re.escape(word).replace(r"\ ", r"\s{1,3}").replace("'", "['’]")


def _groups(values: dict[str, dict[str, str]]) -> dict[str, str]:
    """Body of each placeholder's group."""
    bodies = {name: _alternatives(list(words), name in _CAPITALIZED) for name, words in values.items()}
    word = bodies["number"]
    compound = rf"(?:{word}(?:(?:[-\s]|\sand\s){word})*)"
    digits = r"(?<![\d.,$€£-])\d{1,3}(?:,\d{3})+|(?<![\d.,$€£])(?!(?:1[89]|20)\d\d(?!\d))\d{1,4}(?:\.\d+)?(?:\s\d/\d)?(?![\d,]\d)"
    bodies["number_word"] = compound
    bodies["number"] = (
        rf"(?:{digits}|{bodies['vague_number']}|{compound}(?:\sand\sa\shalf)?(?:\s(?:to|or)\s{compound})?"
        rf"|(?<!\w)an?(?!\w)(?:\s(?:half|dozen|hundred|thousand)(?!\w))?)(?:(?:\s(?:to|or)\s|-)(?:\d{{1,3}}|{compound}))?"
    )
    singular = [w for w in values["unit"] if not w.endswith("s") and w not in {"centuries", "millennia"}]
    bodies["unit_singular"] = _alternatives(singular, cased=False)
    plural = [w for w in values["unit"] if w not in singular]
    bodies["unit_plural"] = _alternatives(plural, cased=False)
    bodies["day_end"] = bodies["day"] = r"(?<!\d)(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d)(?!\w)"
    bodies["year4"] = r"(?<![\d.,$€£/])(?<!\d-)(?:1[5-9]\d\d|20\d\d)(?![\d%])(?!,\d|\.\d|\w|/\d)"
    return bodies


def _expand(pattern: str, bodies: dict[str, str]) -> str:
    """The pattern with its placeholders and blanks filled in."""

    def group(found: re.Match[str]) -> str:
        name = found.group(1)
        base = _SUFFIX.sub("", name)
        body = bodies[name if name in bodies else base]
        if name == "number_word":
            return body
        return f"(?P<{'year' if name == 'year4' else name}>{body})"

    # A look-behind needs a fixed width, and a set takes one character: there a blank is one white space.
    pattern = _ONE_BLANK.sub(lambda found: found.group().replace(" ", r"\s"), pattern)
    return _PLACEHOLDER.sub(group, pattern.replace(" ", r"(?:\s{1,3})"))


def _rule(path: Path, defaults: dict[str, Any], raw: dict[str, Any], bodies: dict[str, str]) -> DateRule:
    where = f"{path}: rule {raw.get('name', '?')!r}"
    missing = {"name", "type", "kind", "pattern"} - raw.keys()
    unknown = raw.keys() - {"name", "type", "kind", "pattern", "value", "guard", "needs", "words"}
    if missing or unknown:
        msg = f"{where}: fields missing: {sorted(missing)}, unknown: {sorted(unknown)}"
        raise KnowledgeError(msg)
    if raw["type"] not in _TYPES:
        msg = f"{where}: type is {raw['type']!r}, expected one of {', '.join(sorted(_TYPES))}"
        raise KnowledgeError(msg)
    needs = frozenset(raw.get("needs", defaults["needs"]))
    if strange := needs - bodies.keys() - {"digits"}:
        msg = f"{where}: needs names no class of words.csv: {', '.join(sorted(strange))}"
        raise KnowledgeError(msg)
    try:
        pattern = re.compile(rf"(?<!\w)(?:{_expand(raw['pattern'], bodies)})(?!\w)", re.IGNORECASE)
    except (re.error, KeyError) as error:
        msg = f"{where}: pattern cannot be read: {error}"
        raise KnowledgeError(msg) from error
    return DateRule(
        raw["name"],
        defaults["theme"],
        pattern,
        raw["type"],
        raw["kind"],
        raw.get("value", ""),
        raw.get("guard", ""),
        needs,
        frozenset(raw.get("words", ())),
    )


@lru_cache(maxsize=4)
def load_dates(folder: Path = _FOLDER) -> DateKnowledge:
    """Words and rules of time expressions.

    Raises:
        KnowledgeError: a table is malformed; the message names the file and the line or rule.
    """
    values = _read_words(folder / "words.csv")
    bodies = _groups(values)
    rules: list[DateRule] = []
    for path in sorted(folder.glob("*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(document, dict) or {"theme", "source", "needs", "rules"} - document.keys():
            msg = f"{path}: expected a mapping with theme, source, needs and rules"
            raise KnowledgeError(msg)
        rules += [_rule(path, document, raw, bodies) for raw in document["rules"]]
    opens: dict[str, set[str]] = {}
    for name, words in values.items():
        for word in words:
            # The longest part of a phrase: "the day before yesterday" is looked for only where "yesterday" stands.
            telling = max(re.findall(r"[a-z]+|\d", word), key=len, default="")
            opens.setdefault("digits" if telling.isdigit() else telling, set()).add(name)
    return DateKnowledge(values, {w: frozenset(c) for w, c in opens.items()}, tuple(rules))
