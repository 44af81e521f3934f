"""Commands that tag a sentence given on the command line and show why it was read so: the tools for writing rules.

What belongs here: taking the text and printing what was found. What does not: how it is found (``tag/``).
"""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import console
from pipeline.cli_settings import load_settings
from pipeline.errors import InputError

if TYPE_CHECKING:
    from pipeline.records import Article, TaggedArticle

_LONGEST_FILE_NAME = 255
_TEXT_FILES = frozenset({".txt", ".md"})

TextArgument = Annotated[str, typer.Argument(help="A sentence or more; quote it. A path of a text file is read.")]
PublishedOption = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="Publication date. Without one, relative dates stay unresolved."),
]


def article_of(text: str, published: datetime | None) -> "Article":
    """A text, or the text in the file of that name, as an article.

    Raises:
        InputError: the file cannot be read as text.
    """
    from pipeline.ingest.publication import with_dateline
    from pipeline.records import Article

    try:
        if len(text) <= _LONGEST_FILE_NAME and Path(text).is_file():
            text = Path(text).read_text(encoding="utf-8")
        elif Path(text).suffix in _TEXT_FILES and not any(c.isspace() for c in text):
            msg = f"There is no file {text}."
            raise InputError(msg)
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{text} cannot be read as UTF-8 text: {error}"
        raise InputError(msg) from error
    day, precision = with_dateline((published.date(), "day") if published else None, text) or (None, None)
    return Article("", text, published=day, published_precision=precision)


def tag_text(text: str, published: datetime | None) -> "TaggedArticle":
    """Tag a text, or the text in the file of that name, with the settings' model and tables."""
    from pipeline.tag.tagger import Tagger

    article = article_of(text, published)
    return next(iter(Tagger.from_settings(load_settings()).tag([article])))


def dates(
    text: TextArgument,
    published: PublishedOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
) -> None:
    """Show every time expression of a text: its rule, TIMEX3 value and days, and which acts and figures it dates."""
    tagged = tag_text(text, published)
    if as_json:
        columns = ["text", "type", "value", "first_day", "last_day", "approximate", "rule"]
        rows = [
            (m.text, m.timex_type, m.value, _iso(m.start_date), _iso(m.end_date), m.approximate, m.rule)
            for m in tagged.dates
        ]
        console.print_json(columns, rows)
        return
    for m in tagged.dates:
        days = _span(m.start_date, m.end_date) or "no days"
        console.out.print(f"{m.text} → {m.value} ({m.timex_type})", highlight=False, markup=False)
        said = f"    {days}{', approximately' if m.approximate else ''}; {m.rule}"
        console.out.print(said, highlight=False, markup=False, style="dim")
    if not tagged.dates:
        console.out.print("No time expression.", highlight=False)
    acts = [(f"{e.text} ({e.event_type})", _span(e.start_date, e.end_date), e.date_source) for e in tagged.events]
    acts += [(f"{c.text} ({c.measure})", _span(c.start_date, c.end_date), c.date_source) for c in tagged.counts]
    if acts:
        console.out.print("What they date:", highlight=False)
    for what, days, source in acts:
        when = f"{days}, by its {source}" if days else "undated"
        console.out.print(f"    {what}: {when}", highlight=False, markup=False)


def counts(
    text: TextArgument,
    published: PublishedOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
) -> None:
    """Show every reported figure of a text with its bounds, parties, days, source and status, and the incidents that they belong to."""
    from dataclasses import asdict

    tagged = tag_text(text, published)
    if as_json:
        rows = [{k: str(v) if isinstance(v, date) else v for k, v in asdict(c).items()} for c in tagged.counts]
        columns = list(rows[0]) if rows else []
        console.print_json(columns, [tuple(row.values()) for row in rows])
        return
    for c in tagged.counts:
        console.out.print(f"{c.text} → {c.measure} {_bounds(c.low, c.best, c.high)}", highlight=False, markup=False)
        says = f"{c.attribution_type}, {c.attributed_to}" if c.attributed_to else c.attribution_type
        told = {
            "by": c.actor_id,
            "of": c.target_actor_id or c.target_text,
            "kind": c.attack_kind,
            "when": f"{_span(c.start_date, c.end_date)} ({c.grain})" if c.start_date else "undated",
            "where": c.location,
            "says": says,
            "status": c.status,
            "compared": c.comparison.text if c.comparison else None,
            "part of": next((w.text for w in tagged.counts if w.start_char == c.part_of), None),
        }
        line = "; ".join(f"{k}: {v}" for k, v in told.items() if v)
        console.out.print(f"    {line}", highlight=False, markup=False, style="dim")
    if not tagged.counts:
        console.out.print("No reported figure.", highlight=False)
    for i in tagged.incidents:
        hurt = f"killed {_bounds(i.killed_low, i.killed_best, i.killed_high)}, "
        hurt += f"injured {_bounds(i.injured_low, i.injured_best, i.injured_high)}"
        said = f"Incident: {i.incident_type} ({i.text}), {_span(i.start_date, i.end_date) or 'undated'}, {hurt}; {i.status}"
        console.out.print(said, highlight=False, markup=False)


def _bounds(low: int | None, best: int | None, high: int | None) -> str:
    """Bounds for reading: "5", "at least 30", "24 to 99", "unknown"."""
    if low is not None and low == high:
        return str(low)
    if low is None and high is None:
        return "unknown"
    if high is None:
        return f"at least {low}"
    return f"at most {high}" if low is None else f"{low} to {high}" + (f", best {best}" if best is not None else "")


def _span(first: date | None, last: date | None) -> str:
    if first is None:
        return ""
    return first.isoformat() if first == last else f"{first} to {last}"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
