"""The warehouse: what the pipeline writes and asks of it, each in one short transaction."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

import duckdb
import pyarrow as pa

from pipeline.knowledge.actor_variants import NamedActor, Variant
from pipeline.records import Article, Done, Rejected, TaggedArticle
from pipeline.settings import Settings
from pipeline.warehouse import duplicates, schema
from pipeline.warehouse.batches import ARTICLES, TaggedBatch, tagged_table
from pipeline.warehouse.codings import ALL_ARTICLES, ArticleSelection
from pipeline.warehouse.imported_tables import changepoints, imported_events
from pipeline.warehouse.intake import Added, add_items
from pipeline.warehouse.merge import Row, insert_new, replace_all
from pipeline.warehouse.migrations import HEAD, current_revision
from pipeline.warehouse.schema import arrow_schema
from pipeline.warehouse.storage import DuckDBFile, Storage, storage_of
from pipeline.warehouse.tagged import add_batch
from pipeline.warehouse.views import CURRENT_VIEWS

# Of one pair: (data set, a, b), weeks, events of conflict, and per week p_recent, run_weeks and rate.
ChangepointSeries = tuple[tuple[str, str, str], Sequence[date], Sequence[int], Sequence[Sequence[float]]]


@dataclass(frozen=True, slots=True)
class ConflictSeries:
    """Weekly conflict of a pair: (data set, a, b), weeks, events of each; whether core.changepoints is of these already."""

    pair: tuple[str, str, str]
    weeks: Sequence[date]
    counts: Sequence[int]
    is_known: bool


@dataclass(frozen=True, slots=True)
class Backlog:
    """Articles without a row for a coder_version, and those left alone because they are not in English."""

    untagged: int
    other_language: int


# The tagger reads English. An article without a stated language is taken as English.
_TAGGABLE = "(a.language IS NULL OR lower(a.language) = 'en' OR lower(a.language) LIKE 'en-%' OR lower(a.language) LIKE 'en\\_%' ESCAPE '\\')"
# What the coder of the two parameters has still to do: neither tagged nor found to be more than it gets through.
_TO_DO = (
    f"{_TAGGABLE} AND NOT EXISTS (FROM core.tagging_runs r WHERE r.article_id = a.article_id AND r.coder_version = ?) "
    "AND NOT EXISTS (FROM raw.rejected j WHERE j.article_id = a.article_id AND j.coder_version = ?)"
)
# Articles without a date are tagged last.
_ORDER = "coalesce(published, DATE '9999-12-31'), article_id"


class Warehouse:
    """The tables, wherever they lie. Holds no connection between calls, so that several processes take turns.

    Args:
        place: where they lie: a storage, or the path of a DuckDB file, which is created on first use.
        lock_timeout_seconds: how long to wait for another writer.
    """

    def __init__(self, place: Storage | Path, lock_timeout_seconds: float = 60) -> None:
        self.storage: Storage = DuckDBFile(place) if isinstance(place, Path) else place
        self.lock_timeout_seconds = lock_timeout_seconds

    @classmethod
    def from_settings(cls, settings: Settings, lock_timeout_seconds: float | None = None) -> Self:
        """The warehouse that the settings name; a timeout given here stands instead of theirs."""
        patience = settings.warehouse.lock_timeout_seconds if lock_timeout_seconds is None else lock_timeout_seconds
        return cls(storage_of(settings), patience)

    @contextmanager
    def connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to a warehouse at the newest revision, closed at the end. For reading, and for building models.

        Raises:
            WarehouseLockedError: another process kept the lock.
            WarehouseError: the warehouse is damaged or from a newer version, cannot be reached, or the disk is full.
        """
        con = self.storage.open(self.lock_timeout_seconds)
        try:
            if current_revision(con) != HEAD:
                con.close()
                self.storage.upgrade(self.lock_timeout_seconds)
                con = self.storage.open(self.lock_timeout_seconds)
                self.storage.write(con, _create_views, self.lock_timeout_seconds)
            yield con
        except (duckdb.IOException, duckdb.FatalException) as error:
            raise self.storage.explain(error) from error
        finally:
            con.close()

    def write[T](self, action: Callable[[duckdb.DuckDBPyConnection], T], *, looks_through_all: bool = False) -> T:
        """Do something in one transaction, all of it or nothing.

        ``action`` is called again where another writer came first, so it has no effects but on the connection that it gets.

        Raises:
            WarehouseLockedError: others came first until the patience ran out.
            WarehouseError: as ``connect``.
        """
        with self.connect() as con:
            if not looks_through_all:
                # Rows, and the checkpoint when the file is closed: two threads took 1.3 times the processor time, and no less of the clock.
                con.execute("SET threads = 1")
            return self.storage.write(con, action, self.lock_timeout_seconds)

    def add(self, items: Sequence[Article | Rejected | Done], batch: str, source: str | None = None) -> Added:
        """Store what a source delivered, all of it or nothing; what is there already stays as it is.

        Args:
            items: articles, rejects, and the source's words that items are done.
            batch: identifier of the reading.
            source: name of the source that remembers what it has delivered; None for one that does not.
        """
        return self.write(lambda con: add_items(con, items, batch, source))

    def seen(self, source: str, items: Sequence[str]) -> Mapping[str, str]:
        """Which of these items a source has delivered, with the version that each was in."""
        with self.connect() as con:
            rows = con.execute(
                "SELECT item, version FROM raw.source_items WHERE source = ? AND item IN (SELECT unnest(?::VARCHAR[]))",
                [source, list(items)],
            ).fetchall()
        return dict(rows)

    def uncompared(self, limit: int) -> dict[str, str]:
        """Texts by their hash that were not yet looked up among all others."""
        with self.connect() as con:
            return duplicates.uncompared(con, limit)

    def compare(
        self, bands: Mapping[str, Sequence[int]], similarity: duplicates.Similarity, threshold: float, limit: int
    ) -> tuple[int, dict[str, str]]:
        """Look texts up among all others by their bands and mark reposts.

        Returns:
            How many pairs are alike, and the next ``limit`` texts to look up, by their hash.
        """
        return self.write(
            lambda con: (duplicates.compare(con, bands, similarity, threshold), duplicates.uncompared(con, limit)),
            looks_through_all=True,
        )

    def delivered(self) -> dict[str, list[Any]]:
        """By source: items that it has delivered whole, articles that it brought, and when it brought something last."""
        with self.connect() as con:
            rows = con.execute(
                """
                SELECT source, max(items), max(articles), max(last) FROM (
                    SELECT source, count(*) FILTER (version NOT LIKE '% until record %') AS items, 0 AS articles, max(done_at) AS last
                    FROM raw.source_items GROUP BY source
                    UNION ALL
                    SELECT ingest_source, 0, count(*), max(fetched_at) FROM raw.articles
                    WHERE ingest_source IS NOT NULL GROUP BY ingest_source
                ) GROUP BY source
                """
            ).fetchall()
        return {source: [items, articles, last.replace(microsecond=0)] for source, items, articles, last in rows}

    def brought(self, batch: str) -> dict[str | None, dict[str, int]]:
        """What a reading brought, by source: new articles, and among them those of each duplicate_reason."""
        with self.connect() as con:
            rows = con.execute(
                "SELECT ingest_source, coalesce(duplicate_reason, 'original'), count(*) FROM raw.articles "
                "WHERE ingest_batch = ? GROUP BY ALL",
                [batch],
            ).fetchall()
        found: dict[str | None, dict[str, int]] = {}
        for source, reason, count in rows:
            found.setdefault(source, {})[reason] = count
        return found

    def number_of(self, selection: ArticleSelection) -> int:
        """How many articles are selected."""
        selected, values = selection.condition()
        with self.connect() as con:
            return int(con.execute(f"SELECT count(*) FROM raw.articles a WHERE {selected}", values).fetchall()[0][0])  # noqa: S608

    def backlog(self, coder_version: str, selection: ArticleSelection = ALL_ARTICLES) -> Backlog:
        """What this coder has still to do."""
        selected, values = selection.condition()
        with self.connect() as con:
            rows = con.execute(
                f"SELECT count(*) FILTER ({_TO_DO}), count(*) FILTER (NOT {_TAGGABLE}) "  # noqa: S608
                f"FROM raw.articles a WHERE {selected}",
                [coder_version, coder_version, *values],
            ).fetchall()
        return Backlog(*rows[0])

    def untagged_state(self, coder_version: str) -> tuple[int, str]:
        """How many articles this coder has still to code, and a fingerprint of which they are."""
        with self.connect() as con:
            rows = con.execute(
                f"SELECT count(*), coalesce(bit_xor(hash(article_id)), 0)::VARCHAR FROM raw.articles a WHERE {_TO_DO}",  # noqa: S608
                [coder_version, coder_version],
            ).fetchall()
        return rows[0]

    def untagged(
        self,
        coder_version: str,
        limit: int,
        selection: ArticleSelection = ALL_ARTICLES,
        after: tuple[date | None, str] | None = None,
    ) -> pa.Table:
        """The next articles that this coder has not tagged, oldest publication first, as a table of the shape ``batches.ARTICLES``.

        Args:
            coder_version: the coder.
            limit: how many at most.
            selection: which articles are meant.
            after: publication date and article_id of the article to begin behind.
        """
        selected, values = selection.condition()
        if after is not None:
            selected += f" AND ({_ORDER}) > (coalesce(?::DATE, DATE '9999-12-31'), ?)"
            values = [*values, *after]
        with self.connect() as con:
            found = con.execute(
                # The keys first: sorted with the texts, every text that is still to do would lie in memory.
                f"WITH next AS MATERIALIZED (SELECT article_id FROM raw.articles a WHERE {_TO_DO} AND {selected} "  # noqa: S608
                f"ORDER BY {_ORDER} LIMIT ?) "
                f"SELECT {', '.join(ARTICLES.names)} FROM raw.articles SEMI JOIN next USING (article_id) ORDER BY {_ORDER}",
                [coder_version, coder_version, *values, limit],
            ).to_arrow_table()
        return found.cast(ARTICLES)

    def store_batch(self, batch: TaggedBatch) -> dict[str, int]:
        """Store a tagged batch, all of it or nothing. Returns new rows by table name, ``tagging_runs`` among them."""
        return self.write(lambda con: add_batch(con, batch))

    def store_tagged(self, tagged: Sequence[TaggedArticle]) -> dict[str, int]:
        """Store what a tagger of this process found, as ``store_batch`` does."""
        return self.store_batch(TaggedBatch(tagged_table(tagged)))

    def load_reference(self, tables: Mapping[str, Iterable[Row]]) -> None:
        """Make the reference tables hold what the knowledge files and settings say; actors found in texts stay."""
        rows = {name: list(some) for name, some in tables.items()}

        def load(con: duckdb.DuckDBPyConnection) -> None:
            for table in schema.REFERENCE_TABLES:
                if table.name in rows:
                    from_texts = "starts_with(t.source, 'text')" if "source" in table.columns else "false"
                    replace_all(con, table, rows[table.name], keep=from_texts)

        self.write(load)

    def add_imported(self, events: Iterable[Row]) -> int:
        """Store events that others coded; what is there already stays as it is. Returns how many were new."""
        rows = list(events)
        return self.write(lambda con: insert_new(con, imported_events, rows))

    def forget_imported(self, dataset: str) -> None:
        """Drop the events of an imported data set."""
        self.write(lambda con: con.execute("DELETE FROM core.imported_events WHERE dataset = ?", [dataset]))

    def conflict_series(self, min_events: int, made_with: str) -> list[ConflictSeries]:
        """Weekly numbers of conflict events of each pair that has so many, over the weeks that were read.

        Args:
            min_events: events of conflict that a pair needs.
            made_with: the method and its parameters; series of core.changepoints that were made otherwise are not known.
        """
        with self.connect() as con:
            same = con.execute("SELECT count(*) FROM built.changepoints WHERE made_with = ?", [made_with])
            known = bool(same.fetchall()[0][0])
            rows = con.execute(_CONFLICT_SERIES, [known, min_events]).fetchall()
        return [ConflictSeries((dataset, a, b), *rest) for dataset, a, b, *rest in rows]

    def store_changepoints(
        self, found: Iterable[ChangepointSeries], kept: Sequence[tuple[str, str, str]], made_with: str
    ) -> None:
        """Make core.changepoints hold exactly these and what it holds of the pairs that are kept."""
        names = [f.name for f in arrow_schema(changepoints)]
        tables = [
            pa.table(
                dict(zip(names, [*([part] * len(weeks) for part in key), weeks, counts, *values], strict=True)),
                schema=arrow_schema(changepoints),
            )
            for key, weeks, counts, values in found
        ]

        def store(con: duckdb.DuckDBPyConnection) -> None:
            con.execute(_FORGET_CHANGEPOINTS, [[pair[i] for pair in kept] for i in range(3)])
            con.execute("DELETE FROM built.changepoints")
            con.execute("INSERT INTO built.changepoints VALUES (?)", [made_with])
            if tables:
                con.register("incoming", pa.concat_tables(tables))
                con.execute("INSERT INTO core.changepoints BY NAME SELECT * FROM incoming")
                con.unregister("incoming")

        self.write(store)

    def named_actors(self) -> list[NamedActor]:
        """Every actor as names tell it apart: those found in the texts, and persons and organizations of the knowledge base."""
        with self.connect() as con:
            rows = con.execute(_NAMED_ACTORS).fetchall()
        return [NamedActor(i, n, k, m, frozenset(c), known) for i, n, k, m, c, known in rows]

    def store_variants(self, variants: Iterable[Variant]) -> None:
        """Make core.actor_variants hold exactly these."""
        rows = [{s: getattr(v, s) for s in ("actor_id", "same_as", "similarity", "reason")} for v in variants]
        self.write(lambda con: replace_all(con, schema.actor_variants, rows))

    def row_counts(self) -> dict[str, int]:
        """Rows of every table of raw, core and marts, by full name."""
        with self.connect() as con:
            names = con.execute(
                "SELECT schema_name || '.' || table_name FROM duckdb_tables() "
                "WHERE schema_name IN ('raw', 'core', 'marts') ORDER BY 1"
            ).fetchall()
            return {n: int(con.execute(f"SELECT count(*) FROM {n}").fetchall()[0][0]) for (n,) in names}  # noqa: S608


def _create_views(con: duckdb.DuckDBPyConnection) -> None:
    for name, query in CURRENT_VIEWS.items():
        con.execute(f"CREATE OR REPLACE VIEW {name} AS {query}")


_CONFLICT_SERIES = """
WITH series AS (
SELECT s.dataset, s.a, s.b, list(c.week ORDER BY c.week) AS weeks, list(coalesce(w.n_conflict, 0) ORDER BY c.week) AS counts,
    sum(w.n_conflict) AS n
FROM staging.series s
JOIN staging.weeks c ON c.dataset = s.dataset AND c.was_read AND c.week >= s.first_week
LEFT JOIN staging.dyad_weeks w ON w.dataset = s.dataset AND NOT w.directed AND w.a = s.a AND w.b = s.b AND w.week = c.week
WHERE NOT s.directed
GROUP BY s.dataset, s.a, s.b
),
stored AS (
    SELECT dataset, a, b, list(week ORDER BY week) AS weeks, list(n_conflict ORDER BY week) AS counts FROM core.changepoints
    GROUP BY dataset, a, b
)
SELECT s.dataset, s.a, s.b, s.weeks, s.counts, coalesce(? AND k.weeks = s.weeks AND k.counts = s.counts, false)
FROM series s LEFT JOIN stored k USING (dataset, a, b) WHERE s.n >= ? ORDER BY s.dataset, s.a, s.b
"""
_FORGET_CHANGEPOINTS = """
DELETE FROM core.changepoints c WHERE NOT EXISTS (
    FROM (SELECT unnest(?::VARCHAR[]) AS dataset, unnest(?::VARCHAR[]) AS a, unnest(?::VARCHAR[]) AS b) k
    WHERE k.dataset = c.dataset AND k.a = c.a AND k.b = c.b
)
"""

# Countries are those of the organizations that the texts tie a person to. Families of names (states, populations) are closed lists.
_NAMED_ACTORS = """
WITH mentions AS (SELECT actor_id, count(*) AS n FROM core.current_actor_mentions GROUP BY actor_id),
ties AS (
    SELECT r.actor_id, list(DISTINCT p.country) FILTER (p.country IS NOT NULL) AS countries
    FROM core.actor_roles r JOIN core.actors p ON p.actor_id = r.parent_id GROUP BY r.actor_id
),
named AS (
    SELECT actor_id, name FROM core.actors WHERE source = 'text'
    UNION SELECT actor_id, alias FROM core.actor_aliases WHERE contains(alias, ' ') AND NOT needs_context
)
SELECT a.actor_id, n.name, a.kind, coalesce(m.n, 0)::INTEGER,
       coalesce(CASE WHEN a.country IS NOT NULL THEN [a.country] ELSE t.countries END, []), a.source <> 'text'
FROM core.actors a
JOIN named n USING (actor_id)
LEFT JOIN mentions m USING (actor_id)
LEFT JOIN ties t USING (actor_id)
WHERE a.kind IN ('person', 'organization', 'armed_group', 'party', 'media')
  AND a.actor_id NOT LIKE 'collective:%' AND a.source <> 'derived' AND (a.source <> 'text' OR m.n > 0)
ORDER BY a.actor_id, n.name
"""
