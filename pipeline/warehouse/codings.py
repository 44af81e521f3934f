"""Codings of the same articles by several coders: which articles a coding takes, and what one coder changed against another.

What belongs here: choosing articles to code, and comparing rows by coder_version. What does not: tagging (``steps``), and dropping what
is superseded (``upkeep``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import Table

from pipeline.errors import InputError
from pipeline.warehouse.connection import connect_reader
from pipeline.warehouse.schema import TAGGED_TABLES, full_name, sentences


@dataclass(frozen=True, slots=True)
class ArticleSelection:
    """Which articles to code: published within a window (both days inclusive), of these sources, naming these actors. Empty: all.

    A source is a publisher, or the name of a source of faultline.toml. An article names an actor if any coder found it there.
    """

    published_from: date | None = None
    published_to: date | None = None
    sources: Sequence[str] = ()
    actors: Sequence[str] = ()

    def condition(self) -> tuple[str, list[Any]]:
        """SQL that is true for a row ``a`` of raw.articles that is selected, and the values of its parameters."""
        parts: list[tuple[str, list[Any]]] = []
        if self.published_from is not None:
            parts.append(("a.published >= ?", [self.published_from]))
        if self.published_to is not None:
            parts.append(("a.published <= ?", [self.published_to]))
        if self.sources:
            parts.append(
                ("(list_contains(?, a.source) OR list_contains(?, a.ingest_source))", [list(self.sources)] * 2)
            )
        if self.actors:
            named = "a.article_id IN (SELECT article_id FROM core.actor_mentions WHERE list_contains(?, actor_id))"
            parts.append((named, [list(self.actors)]))
        return " AND ".join(["true", *(sql for sql, _ in parts)]), [v for _, values in parts for v in values]


ALL_ARTICLES = ArticleSelection()


@dataclass(frozen=True, slots=True)
class TableDiff:
    """How many rows of one table two coders have alike, differently, or alone; ``columns`` counts the changes by column."""

    table: str
    same: int
    changed: int
    added: int
    removed: int
    columns: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One row that differs: the span, what is said of it (old → new, by column), and the sentence that it stands in."""

    article_id: str
    title: str | None
    table: str
    kind: str
    text: str
    start_char: int
    said: str
    sentence: str


@dataclass(frozen=True, slots=True)
class CodingDiff:
    """What ``new`` changed against ``old`` on the ``articles`` that both have coded; ``changes`` holds those of the first articles."""

    old: str
    new: str
    articles: int
    tables: Sequence[TableDiff]
    changes: Sequence[Change]


# What says in brief what a row means, where it was added or removed.
_SAYS: dict[str, tuple[str, ...]] = {
    "sentences": (),
    "entities": ("label",),
    "actor_mentions": ("actor_id", "role", "affiliation"),
    "location_mentions": ("name", "country"),
    "date_mentions": ("timex_type", "value", "start_date", "end_date"),
    "attack_counts": ("measure", "low", "best", "high", "actor_id", "start_date", "status"),
    "events": ("source_actor_id", "event_type", "target_actor_id", "start_date", "status"),
    "incidents": ("incident_type", "location", "start_date", "killed_low", "killed_high", "status"),
    "relation_statements": ("actor_a", "cue_type", "actor_b", "polarity", "status"),
    "uncoded_events": ("source_actor_id", "lemma", "target_actor_id", "reason"),
}
# Where a row stands and who made it is no part of what it says: a sentence that is split moves every number behind it.
_NOT_SAID = {"coder_version", "article_id", "sentence", "start_char", "end_char", "text"}


def _coders(con: duckdb.DuckDBPyConnection) -> list[tuple[str, int, Any]]:
    return con.execute(
        "SELECT coder_version, count(*), max(tagged_at) FROM core.tagging_runs GROUP BY ALL ORDER BY 3 DESC, 1"
    ).fetchall()


def diff_codings(
    snapshot: Path,
    old: str | None = None,
    new: str | None = None,
    *,
    tables: Sequence[str] = (),
    most_articles: int = 20,
) -> CodingDiff:
    """Compare two coders on the articles that both have coded.

    Rows with the same id are one row; of the rest, rows on the same span are one row that changed.

    Args:
        snapshot: the published warehouse.
        old: coder_version, or a part of one that no other has; default: the newest but one.
        new: likewise; default: the newest.
        tables: names of core tables; default: all that the tagger writes.
        most_articles: of how many articles the changes are listed, those with the most first.

    Raises:
        InputError: there are no two coders, a name fits none or several, or a table is unknown.
        WarehouseError: there is no snapshot.
    """
    chosen = [t for t in TAGGED_TABLES if not tables or t.name in tables]
    if unknown := sorted(set(tables) - {t.name for t in TAGGED_TABLES}):
        msg = (
            f"There is no table {', '.join(unknown)} of codings; there are {', '.join(t.name for t in TAGGED_TABLES)}."
        )
        raise InputError(msg)
    con = connect_reader(snapshot)
    try:
        coders = [c for c, *_ in _coders(con)]
        new = _one(coders, new) if new else next(iter(coders), None)
        old = _one(coders, old) if old else next((c for c in coders if c != new), None)
        if old is None or new is None or old == new:
            msg = f"{snapshot} holds codings of {', '.join(coders) or 'no coder'}: there are no two to compare. `faultline retag` makes one of the present coder."
            raise InputError(msg)
        con.execute(_BOTH, [old, new])
        con.execute(_CHANGES)
        diffs = [_diff_table(con, table, old, new) for table in chosen]
        articles = int(con.execute("SELECT count(*) FROM in_both").fetchall()[0][0])
        changes = [Change(*row) for row in con.execute(_DETAILS, [most_articles, new]).fetchall()]
        return CodingDiff(old, new, articles, diffs, changes)
    finally:
        con.close()


def _one(coders: Sequence[str], part: str) -> str:
    fits = [c for c in coders if part in c]
    if part in coders:
        return part
    if len(fits) != 1:
        msg = f"{part!r} is {'no' if not fits else 'more than one'} coder_version of the snapshot; it holds {', '.join(coders)}."
        raise InputError(msg)
    return fits[0]


_BOTH = """
CREATE TEMP TABLE in_both AS
SELECT article_id FROM core.tagging_runs WHERE coder_version = ? INTERSECT SELECT article_id FROM core.tagging_runs WHERE coder_version = ?
"""
_CHANGES = """
CREATE TEMP TABLE changes (
    name VARCHAR, kind VARCHAR, article_id VARCHAR, start_char INTEGER, end_char INTEGER, columns VARCHAR[], said VARCHAR
)
"""
_DETAILS = """
WITH most AS (
    SELECT article_id, count(*) AS n FROM changes WHERE kind <> 'same' GROUP BY article_id ORDER BY n DESC, article_id LIMIT ?
)
SELECT c.article_id, a.title, c.name, c.kind, substring(a.text, c.start_char + 1, c.end_char - c.start_char), c.start_char, c.said,
       coalesce(substring(a.text, s.start_char + 1, s.end_char - s.start_char), '')
FROM changes c JOIN most m USING (article_id) JOIN raw.articles a USING (article_id)
LEFT JOIN core.sentences s
    ON s.article_id = c.article_id AND s.coder_version = ? AND s.start_char <= c.start_char AND c.start_char < s.end_char
WHERE c.kind <> 'same'
ORDER BY m.n DESC, c.article_id, c.start_char, c.name, c.kind, c.said
"""


def _diff_table(con: duckdb.DuckDBPyConnection, table: Table, old: str, new: str) -> TableDiff:
    # A sentence's number is no name for it: its span is.
    keys = ["article_id", "start_char", "end_char"] if table is sentences else [table.primary_key.columns.keys()[0]]
    said = [c.name for c in table.columns if c.name not in _NOT_SAID and c.name not in keys]
    changed = ", ".join(f"CASE WHEN o.{c} IS DISTINCT FROM n.{c} THEN '{c}' END" for c in said) or "NULL"
    words = ", ".join(
        f"CASE WHEN o.{c} IS DISTINCT FROM n.{c} THEN '{c}: ' || coalesce(o.{c}::VARCHAR, 'null') || ' → ' || coalesce(n.{c}::VARCHAR, 'null') END"
        for c in said
    )
    brief = ", ".join(f"{c}::VARCHAR" for c in _SAYS[table.name]) or "NULL"
    place = "PARTITION BY article_id, start_char, end_char"
    order = "ORDER BY " + (keys[0] if len(keys) == 1 else "start_char")
    con.execute(
        f"""
        INSERT INTO changes
        WITH o AS (SELECT t.* FROM {full_name(table)} t SEMI JOIN in_both USING (article_id) WHERE coder_version = $old),
        n AS (SELECT t.* FROM {full_name(table)} t SEMI JOIN in_both USING (article_id) WHERE coder_version = $new),
        lost AS (SELECT *, row_number() OVER ({place} {order}) AS place FROM o ANTI JOIN n USING ({", ".join(keys)})),
        found AS (SELECT *, row_number() OVER ({place} {order}) AS place FROM n ANTI JOIN o USING ({", ".join(keys)})),
        pairs AS (
            SELECT n.article_id, n.start_char, n.end_char, list_filter([{changed}], lambda c: c IS NOT NULL) AS columns,
                   concat_ws('; ', {words or "NULL"}) AS said
            FROM o JOIN n USING ({", ".join(keys)})
            UNION ALL
            SELECT n.article_id, n.start_char, n.end_char, list_filter([{changed}], lambda c: c IS NOT NULL),
                   concat_ws('; ', {words or "NULL"})
            FROM lost o JOIN found n USING (article_id, start_char, end_char, place)
        )
        SELECT '{table.name}', CASE WHEN len(columns) = 0 THEN 'same' ELSE 'changed' END, * FROM pairs
        UNION ALL
        SELECT '{table.name}', 'removed', article_id, start_char, end_char, [], concat_ws(' ', {brief})
        FROM lost ANTI JOIN found USING (article_id, start_char, end_char, place)
        UNION ALL
        SELECT '{table.name}', 'added', article_id, start_char, end_char, [], concat_ws(' ', {brief})
        FROM found ANTI JOIN lost USING (article_id, start_char, end_char, place)
        """,  # noqa: S608 - our own names
        {"old": old, "new": new},
    )
    kinds = dict(
        con.execute("SELECT kind, count(*) FROM changes WHERE name = ? GROUP BY kind", [table.name]).fetchall()
    )
    columns = con.execute(
        "SELECT c, count(*) AS n FROM (SELECT unnest(columns) AS c FROM changes WHERE name = ?) GROUP BY c ORDER BY n DESC, c",
        [table.name],
    ).fetchall()
    same, changed_rows, added, removed = (int(kinds.get(k, 0)) for k in ("same", "changed", "added", "removed"))
    return TableDiff(table.name, same, changed_rows, added, removed, dict(columns))
