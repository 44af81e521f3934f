"""Articles as read -> rows of ``raw``: which are new, which are new versions of known ones, what was rejected, what is done.

What belongs here: the rows of one batch, written in the caller's transaction. What does not: which article repeats which
(``duplicates``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb

from pipeline.records import Article, Done, Rejected
from pipeline.warehouse import schema
from pipeline.warehouse.duplicates import resolve
from pipeline.warehouse.merge import insert_new, upsert
from pipeline.warehouse.rows import row_id


@dataclass(frozen=True, slots=True)
class Added:
    """How many of the articles handed over were new, reposts and new versions among them, and rejected items seen first now."""

    articles: int = 0
    duplicates: int = 0
    versions: int = 0
    rejected: int = 0


def utc_now() -> datetime:
    """The time as the warehouse keeps it: UTC without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def add_items(
    con: duckdb.DuckDBPyConnection, items: Sequence[Article | Rejected | Done], batch: str, source: str | None
) -> Added:
    """Store what a source delivered; what is there already stays as it is.

    An article whose address is known but whose text has changed becomes a new version beside the old one. The words of a source
    that items are done are stored with what they brought.
    """
    now = utc_now()
    common = {"ingest_batch": batch, "ingest_source": source}
    rows = [{**_article_row(a, now), **common} for a in items if isinstance(a, Article)]
    fresh = _versioned(con, rows)
    new = insert_new(con, schema.articles, fresh)
    duplicates = 0
    if new:
        resolve(con, [row["text_hash"] for row in fresh])
        duplicates = _reposts(con, batch, [row["article_id"] for row in fresh])
    rejected = [{**_rejected_row(r, now), **common} for r in items if isinstance(r, Rejected)]
    if source is not None:
        done = [
            {"source": source, "item": d.item, "version": d.version, "done_at": now}
            for d in items
            if isinstance(d, Done)
        ]
        upsert(con, schema.source_items, done)
    versions = sum(row["version"] > 1 for row in fresh)
    return Added(new, duplicates, versions, insert_new(con, schema.rejected, rejected))


def _versioned(con: duckdb.DuckDBPyConnection, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that are not in the warehouse, in order, each with its version; the key of a later version is a key of its own."""
    rows = list(rows)
    known: dict[str, list[str]] = {}
    stored = con.execute(
        "SELECT coalesce(version_of, article_id), text_hash FROM raw.articles "
        "WHERE coalesce(version_of, article_id) IN (SELECT unnest(?::VARCHAR[])) ORDER BY version",
        [list({row["article_id"] for row in rows})],
    ).fetchall()
    for first, text_hash in stored:
        known.setdefault(first, []).append(text_hash)
    fresh = []
    for row in rows:
        texts = known.setdefault(row["article_id"], [])
        if row["text_hash"] in texts:
            continue
        texts.append(row["text_hash"])
        if len(texts) == 1:
            fresh.append({**row, "version": 1})
        else:
            first = row["article_id"]
            key = row_id("version", first, row["text_hash"])
            fresh.append({**row, "article_id": key, "version_of": first, "version": len(texts)})
    return fresh


def _reposts(con: duckdb.DuckDBPyConnection, batch: str, article_ids: Sequence[str]) -> int:
    rows = con.execute(
        "SELECT count(*) FROM raw.articles WHERE ingest_batch = ? AND duplicate_of IS NOT NULL "
        "AND duplicate_reason <> 'version' AND article_id IN (SELECT unnest(?::VARCHAR[]))",
        [batch, list(article_ids)],
    ).fetchall()
    return int(rows[0][0])


def _article_row(article: Article, now: datetime) -> dict[str, Any]:
    return {
        **{c.name: getattr(article, c.name, None) for c in schema.articles.columns},
        "fetched_at": article.fetched_at.astimezone(UTC).replace(tzinfo=None) if article.fetched_at else now,
        "text_hash": article.text_hash or row_id(article.text),
    }


def _rejected_row(rejected: Rejected, now: datetime) -> dict[str, Any]:
    return {
        "rejected_id": row_id(rejected.origin, rejected.line, rejected.reason),
        "origin": rejected.origin,
        "line": rejected.line,
        "reason": rejected.reason,
        "excerpt": rejected.excerpt,
        "first_seen": now,
    }
