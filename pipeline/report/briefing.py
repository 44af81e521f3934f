"""A briefing as plain records: sections of words, tables, figures and quotes, which ``render`` turns into HTML, PDF or Markdown.

What belongs here: the records, and how dates, numbers and evidence are written. What does not: what a briefing says (``pair_briefing``,
``week_briefing``) and how a page looks (``templates/``). Texts are plain: nothing in them is markup.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from pipeline.report.figure import Figure

_LONGEST_SENTENCE = 600
COUNTED = "counted"
WHY_NOT = {
    "repost": "not counted: a repost",
    "historical": "not counted: told as history",
    "ongoing state": "not counted: a state of things, no act",
    "not asserted": "not counted: not asserted as having happened",
    "undated": "not counted: the text does not date it",
    "vague date": "not counted: dated to no month",
    "actor unknown": "not counted: an actor is not known",
    "unsure": "not counted: the coder is not sure enough",
}

_NOT_ASSERTED = {"future": "planned or expected", "hypothetical": "feared or hypothetical"}


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One large number with what it is and what it rests on; grey where too little does."""

    label: str
    value: str
    detail: str
    is_grey: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of a table's row; grey where too little stands behind it."""

    cells: Sequence[str]
    is_grey: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts; ``numeric`` are the positions of columns that are set flush right."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Row]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence with the coded span, what was made of it, and where it stands."""

    what: str
    when: str
    status: str
    before: str
    span: str
    after: str
    source: str
    url: str | None
    trace: str

    @property
    def is_counted(self) -> bool:
        """Whether indicators use it."""
        return self.status.startswith(COUNTED)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it, in this order."""

    title: str
    paragraphs: Sequence[str] = ()
    points: Sequence[str] = ()
    figures: Sequence[Figure] = ()
    tables: Sequence[Table] = ()
    quotes: Sequence[Quote] = ()


@dataclass(frozen=True, slots=True)
class Briefing:
    """A whole briefing. ``made`` says how it was made; ``made_at`` is the time of the snapshot, so that one snapshot gives one text."""

    title: str
    subtitle: str
    lead: Sequence[str]
    key_figures: Sequence[KeyFigure]
    sections: Sequence[Section]
    made: Table
    made_at: pd.Timestamp


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame, with columns as attributes."""
    return iter(frame.itertuples())


def is_missing(value: Any) -> bool:
    """Whether a cell of a frame is null."""
    return value is None or value is pd.NaT or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def number(value: Any, form: str = ".0f") -> str:
    """A number with a real minus sign; a dash for null."""
    if is_missing(value):
        return "–"
    text = format(float(value) + 0.0, form)
    return (text if text.strip("-+0.") else text.lstrip("-+")).replace("-", "−")


def band(low: Any, high: Any, form: str = ".0f") -> str:
    """The two ends of a band; empty where there is none."""
    return "" if is_missing(low) or is_missing(high) else f"{number(low, form)} to {number(high, form)}"


def day(value: Any) -> str:
    """A day as "9 September 2021"; a dash for null."""
    return "–" if is_missing(value) else f"{value.day} {value:%B %Y}"


def month(value: Any) -> str:
    """A month as "September 2021"; a dash for null."""
    return "–" if is_missing(value) else f"{value:%B %Y}"


def between(start: Any, end: Any) -> str:
    """A period as short as it can be said: a whole month, a week from Monday to Sunday, a day, or its two ends."""
    if is_missing(start) or is_missing(end):
        return "–"
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    if first.day == 1 and last == first + pd.offsets.MonthEnd(1):
        return month(first)
    if first.weekday() == 0 and (last - first).days == 6:
        return f"week of {_short(first)}"
    return _short(first) if first == last else f"{_short(first)} – {_short(last)}"


def _short(value: Any) -> str:
    return f"{value.day} {value:%b %Y}"


def count(n: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 event", "2,000 events"."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def span_of(start: date | None, end: date | None) -> str:
    """A period in words; either end may be open."""
    if start and end:
        return f"{day(start)} to {day(end)}" if start != end else day(start)
    return f"since {day(start)}" if start else f"until {day(end)}" if end else "all time"


def within(start: date | None, end: date | None) -> str:
    """A period as part of a sentence: "on 9 September 2021", "from 1 to …", "since …", "until …"."""
    if start and end:
        return f"on {day(start)}" if start == end else f"from {span_of(start, end)}"
    return span_of(start, end)


def when_of(row: Any) -> str:
    """When an event was, as exactly as its text says."""
    if is_missing(row.start_date):
        return "undated"
    if row.date_precision == "month":
        return month(row.start_date)
    if row.date_precision == "week":
        return f"week of {day(row.start_date)}"
    if row.date_precision in ("year", "decade"):
        return f"{row.start_date.year}" + ("s" if row.date_precision == "decade" else "")
    return day(row.start_date)


def quote(row: Any, what: str, when: str, status: str, extra: Mapping[str, str] | None = None) -> Quote:
    """Evidence from a row of the read API: sentence, span, publisher and offsets, and the row's id among ``extra``."""
    before, span, after = _parts(row)
    published = "" if is_missing(row.published) else f", {day(row.published)}"
    title = "" if is_missing(row.title) else f", “{_line(row.title)}”"
    publisher = "source unknown" if is_missing(row.publisher) else _line(row.publisher)
    place = (
        "" if is_missing(row.article_id) else f"article {row.article_id}, characters {row.start_char}–{row.end_char}"
    )
    origin = f"{'coder' if place else 'from'} {row.coder_version}"
    trace = [place, *(f"{k} {v}" for k, v in (extra or {}).items()), origin]
    url = None if is_missing(row.url) or not str(row.url).lower().startswith(("http://", "https://")) else str(row.url)
    return Quote(
        what,
        when,
        status,
        before,
        span,
        after,
        f"{publisher}{title}{published}",
        url,
        " · ".join(t for t in trace if t),
    )


def event_quote(row: Any, reports: int = 1) -> Quote:
    """Evidence of an event (a row of ``Snapshot.events``); ``reports`` is how often it was told."""
    mode = "" if is_missing(row.mode) else f" ({row.mode})"
    said = "" if is_missing(row.attributed_to_name) else f", said by {_line(row.attributed_to_name)}"
    left_out = None if is_missing(row.left_out) else row.left_out
    status = WHY_NOT[left_out] if left_out else COUNTED + (f", with {count(reports, 'report')}" if reports > 1 else "")
    if left_out == "not asserted":
        status = f"not counted: {'denied' if row.negated else _NOT_ASSERTED.get(row.status, row.status)}"
    facts = {"event": row.event_id}
    if not is_missing(row.rule):  # imported events have neither
        facts |= {"confidence": f"{row.confidence:.2f}", "rule": str(row.rule)}
    what = f"{row.source_name} → {row.target_name}: {row.event_type.lower()}{mode}{said}"
    return quote(row, what, when_of(row), status, facts)


def _parts(row: Any) -> tuple[str, str, str]:
    """The sentence before the span, the span, and what follows, each on one line and not longer than is readable."""
    if is_missing(row.sentence_text):
        return "", "" if is_missing(row.text) else _line(row.text), ""
    start, end = int(row.start_char - row.sentence_start), int(row.end_char - row.sentence_start)
    text = row.sentence_text
    before, span, after = _line(text[:start]), _line(text[start:end]), _line(text[end:])
    before += " " if text[:start] and text[:start][-1].isspace() else ""
    after = (" " if text[end : end + 1].isspace() else "") + after
    if len(before) > _LONGEST_SENTENCE:
        before = "… " + before[-_LONGEST_SENTENCE:].partition(" ")[2]
    if len(after) > _LONGEST_SENTENCE:
        after = after[:_LONGEST_SENTENCE].rpartition(" ")[0] + " …"
    return before, span, after


def _line(text: Any) -> str:
    return " ".join(str(text).split())
