"""What the assets show in Dagster's UI: column schemas, previews, progress in the log."""

import base64
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from sqlalchemy import Table

from pipeline.progress import Advance, Progress

_SECONDS_BETWEEN_LOG_LINES = 10


def column_schema(table: Table) -> Mapping[str, Any]:
    """A table's columns, types and comments, as Dagster shows them."""
    keys = {c.name for c in table.primary_key.columns}
    columns = [
        dg.TableColumn(
            c.name,
            str(c.type),
            description=c.comment,
            constraints=dg.TableColumnConstraints(nullable=bool(c.nullable), unique=keys == {c.name}),
        )
        for c in table.columns
    ]
    return {"dagster/column_schema": dg.TableSchema(columns)}


def preview(con: duckdb.DuckDBPyConnection, sql: str) -> dg.MarkdownMetadataValue:
    """The rows of a query as a Markdown table."""
    cursor = con.execute(sql)
    header = [str(d[0]) for d in cursor.description or []]
    return markdown_table(header, cursor.fetchall())


def markdown_table(header: list[str], rows: list[tuple[Any, ...]]) -> dg.MarkdownMetadataValue:
    """Rows as a Markdown table; bars and line breaks in cells are made harmless."""

    def line(cells: list[Any]) -> str:
        return "| " + " | ".join(_cell(c) for c in cells) + " |"

    if not rows:
        return dg.MetadataValue.md("*no rows*")
    return dg.MetadataValue.md("\n".join([line(header), line(["---"] * len(header)), *(line(list(r)) for r in rows)]))


def evidence(con: duckdb.DuckDBPyConnection, table: str, label: str) -> dg.MarkdownMetadataValue:
    """Five sentences of a core table with the span in bold, what was made of it, and who published it when."""
    rows = con.execute(
        f"""
        SELECT substring(a.text, s.start_char + 1, t.start_char - s.start_char), t.text,
               substring(a.text, t.end_char + 1, greatest(s.end_char - t.end_char, 0)), {label}, a.source, a.published
        FROM (FROM core.current_{table} USING SAMPLE 5 (reservoir, 1)) t
        JOIN core.current_sentences s USING (article_id, sentence) JOIN raw.articles a USING (article_id)
        """  # noqa: S608 - our own names
    ).fetchall()
    return dg.MetadataValue.md(
        "\n".join(
            f"- {_cell(before)} **{_cell(span)}** {_cell(after)}  \n  *{_cell(made)}* ({_cell(source or 'source unknown')}, {_cell(day)})"
            for before, span, after, made, source, day in rows
        )
        or "*no rows*"
    )


def event_evidence(con: duckdb.DuckDBPyConnection) -> dg.MarkdownMetadataValue:
    """Eight sentences with their events marked in them: source and target in italics with their codes, the trigger in bold."""
    rows = con.execute(
        """
        SELECT e.source_actor_id, e.source_start, e.source_end, e.target_actor_id, e.target_start, e.target_end,
               e.event_type, e.start_char, e.end_char, s.start_char, s.end_char, a.text, e.start_date, e.status, a.source, a.published
        FROM (FROM core.current_events WHERE source_actor_id IS NOT NULL AND target_actor_id IS NOT NULL USING SAMPLE 8 (reservoir, 1)) e
        JOIN core.current_sentences s USING (article_id, sentence) JOIN raw.articles a USING (article_id)
        """
    ).fetchall()
    lines = []
    for actor, a0, a1, other, b0, b1, kind, t0, t1, s0, s1, text, day, status, source, published in rows:
        spans = [(a0, a1, "*", actor), (t0, t1, "**", kind), (b0, b1, "*", other)]
        facts = ", ".join(_cell(f) for f in (day, status) if f)
        who = f"{_cell(source or 'source unknown')}, {_cell(published)}"
        lines.append(f"- {_marked(text, s0, s1, spans)}  \n  {facts} ({who})")
    return dg.MetadataValue.md("\n".join(lines) or "*no rows*")


def _marked(text: str, start: int, end: int, spans: list[tuple[int, int, str, str]]) -> str:
    """A sentence with spans in emphasis and their codes behind them; a span that overlaps an earlier one is left plain."""
    parts, at = [], start
    for first, last, mark, code in sorted(spans):
        if at <= first < last <= end:
            parts += [_cell(text[at:first]), f"{mark}{_cell(text[first:last])}{mark} `{code}`"]
            at = last
    return " ".join(p for p in [*parts, _cell(text[at:end])] if p)


_ROW_HEIGHT, _LABEL_WIDTH, _BAR_WIDTH = 24, 300, 300


def bar_chart(title: str, rows: list[tuple[str, float, str]], most: float) -> dg.MarkdownMetadataValue:
    """Labelled bars as an SVG picture: rows of label, value from 0 to ``most``, and what to write behind the bar."""
    if not rows:
        return dg.MetadataValue.md("*no rows*")
    parts = []
    for i, (label, value, note) in enumerate(rows):
        y = i * _ROW_HEIGHT
        width = max(value / most, 0) * _BAR_WIDTH
        parts.append(
            f'<text x="{_LABEL_WIDTH - 8}" y="{y + 17}" text-anchor="end">{escape(label)}</text>'
            f'<rect x="{_LABEL_WIDTH}" y="{y + 4}" width="{width:.1f}" height="{_ROW_HEIGHT - 8}" fill="#b4452c"/>'
            f'<text x="{_LABEL_WIDTH + width + 6:.1f}" y="{y + 17}">{escape(note)}</text>'
        )
    width, height = _LABEL_WIDTH + _BAR_WIDTH + 220, len(rows) * _ROW_HEIGHT + 4
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="13">'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{"".join(parts)}</svg>'
    )
    picture = base64.b64encode(svg.encode()).decode()
    return dg.MetadataValue.md(f"![{title}](data:image/svg+xml;base64,{picture})")


def tensest_pairs(con: duckdb.DuckDBPyConnection) -> dict[str, dg.MarkdownMetadataValue]:
    """The tensest pairs as a chart and, with the newest sentence behind each, as a table; those with more behind them first."""
    rows = con.execute(
        """
        SELECT a_name || ' – ' || b_name, tension_now, effective_n, n_events, last_event_date, left(sentence_text, 240)
        FROM marts.dyad_current WHERE dataset = 'faultline' AND tension_rank IS NOT NULL
        ORDER BY n_events < 3, is_stale, tension_rank LIMIT 12
        """
    ).fetchall()
    bars = [(pair, tension, f"{tension:.0f} ({events} events)") for pair, tension, _, events, *_ in rows]
    return {
        "tensest pairs, chart": bar_chart("Tension of the tensest pairs", bars, 100),
        "tensest pairs": markdown_table(["pair", "tension", "effective n", "events", "newest", "its sentence"], rows),
    }


def accuracy_table(coder_version: str) -> dg.MarkdownMetadataValue:
    """What docs/accuracy.md measured, set by set, and whether it measured this coder."""
    page = Path(__file__).parent.parent / "docs" / "accuracy.md"
    if not page.is_file():
        return dg.MetadataValue.md("*docs/accuracy.md is not there: `make score` writes it*")
    rows = []
    for section in page.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, _, body = section.partition("\n")
        coder = re.search(r"(\d+) articles, tagged in [^`]*`([^`]+)`", body)
        figures = re.findall(
            r"^\| (?!measure|---|held)([^|]+?) \| (?:.*\*\*(F1 [\d.]+)\*\*|([\d.]+)) \|$", body, re.MULTILINE
        )
        shown = [
            f"{name} {f1 or number}"
            for name, f1, number in figures
            if not name.endswith(("gold", "predicted", "docs", "sentences"))
        ][:4]
        if coder and shown:
            rows.append(
                (title.split(":")[0], coder[1], "; ".join(shown), "this" if coder[2] == coder_version else coder[2])
            )
    return markdown_table(["set", "articles", "measures", "coder"], rows)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = f"{value:.3g}" if isinstance(value, float) else str(value)
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())


def log_progress(context: dg.AssetExecutionContext) -> Progress:
    """Progress as lines in Dagster's log, at most one every ten seconds."""

    @contextmanager
    def progress(what: str, total: int | None = None) -> Iterator[Advance]:
        done = 0
        last = time.monotonic()

        def advance(count: int = 1, /) -> None:
            nonlocal done, last
            done += count
            if time.monotonic() - last >= _SECONDS_BETWEEN_LOG_LINES:
                context.log.info("%s: %d%s", what, done, f" of {total}" if total is not None else "")
                last = time.monotonic()

        yield advance
        context.log.info("%s: %d done", what, done)

    return progress
