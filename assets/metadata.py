"""What the assets show in Dagster's UI: column schemas, previews, progress in the log."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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
