"""A published snapshot, open for reading: what Python programs, notebooks, reports and the dashboard ask.

What belongs here: the public methods, their arguments and their errors. The SQL stands in ``queries``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, overload

import duckdb

import pipeline.read.queries as queries
from pipeline.errors import InputError, QueryError, UnknownNameError
from pipeline.read.actors import Actor, find_actor, suggestions
from pipeline.read.periods import Day, period
from pipeline.read.queries import Where
from pipeline.warehouse.connection import another_reader, connect_reader
from pipeline.warehouse.query import advice

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

OURS = "faultline"
type Grain = Literal["month", "week"]
type Which = Literal["counted", "dated", "all"]
type Names = str | Sequence[str] | None


@dataclass(frozen=True, slots=True)
class About:
    """What a snapshot is: its file, when it was published (UTC), which articles it holds, who coded them, with which parameters.

    ``coders`` maps coder_version to the number of articles; ``datasets`` are those with events, our own first.
    """

    path: Path
    published_at: datetime
    articles: int
    first_published: date | None
    last_published: date | None
    coders: Mapping[str, int]
    datasets: tuple[str, ...]
    parameters: Mapping[str, float]


@overload
def open_snapshot(
    path: Path | str | None = None, *, frames: Literal["pandas"] = "pandas"
) -> "Snapshot[pd.DataFrame]": ...
@overload
def open_snapshot(path: Path | str | None = None, *, frames: Literal["arrow"]) -> "Snapshot[pa.Table]": ...
def open_snapshot(path: Path | str | None = None, *, frames: Literal["pandas", "arrow"] = "pandas") -> "Snapshot[Any]":
    """Open a published snapshot, read-only.

    Args:
        path: the DuckDB file, or the folder that holds it as ``warehouse.duckdb``. Default: the one that faultline.toml and the
            environment name, ``data/published/warehouse.duckdb`` without any.
        frames: ``pandas`` (data frames) or ``arrow`` (Arrow tables).

    Raises:
        WarehouseError: there is no snapshot, or it cannot be opened.
        SettingsError: the settings that name it cannot be used.
    """
    from pipeline.settings import load_settings

    file = Path(path) if path is not None else load_settings().snapshot_path
    file = file / "warehouse.duckdb" if file.is_dir() else file
    makers: dict[str, Callable[[duckdb.DuckDBPyConnection], Any]] = {
        "pandas": lambda c: c.df(),
        "arrow": lambda c: c.to_arrow_table(),
    }
    if frames not in makers:
        msg = f"frames={frames!r} is not known: pandas or arrow."
        raise InputError(msg)
    return Snapshot(file, connect_reader(file), makers[frames])


class Snapshot[Frame]:
    """A snapshot that is open. It shows what was published when it was opened; to see a newer one, open it again.

    Usable as a context manager and from several threads. ``Frame`` is ``pandas.DataFrame`` or ``pyarrow.Table``.

    Actors are given by id (``PAK``), name (``Pakistan``) or alias; periods as ``2021``, ``2021-09``, ``2021-09-10`` or a date, both ends
    included. Every method raises ``UnknownNameError`` for an actor or a data set that the snapshot does not have, and
    ``InputError`` for a period that cannot be read; a pair that is known and has no rows gives an empty frame.
    """

    def __init__(self, path: Path, con: duckdb.DuckDBPyConnection, frame: Callable[[Any], Frame]) -> None:
        self.path = path
        self.published_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        self._con = con
        self._frame = frame

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._con.close()

    # What there is

    def sql(self, statement: str, values: Mapping[str, Any] | Sequence[Any] | None = None) -> Frame:
        """The rows of a query of your own; ``$name`` or ``?`` in it stand for ``values``.

        Raises:
            QueryError: DuckDB cannot run it; its message is kept.
        """
        cursor = another_reader(self._con)  # a connection is for one thread
        try:
            return self._frame(cursor.execute(statement, values or None))
        except duckdb.CatalogException as error:
            if any(f'"{schema}"' in str(error) or f"{schema}." in statement for schema in ("marts", "staging", "core")):
                msg = f"{advice(str(error))}\nIf the query is right, {self.path} was made by an older Faultline: `faultline run` makes it anew."
                raise QueryError(msg) from error
            raise QueryError(advice(str(error))) from error
        except duckdb.Error as error:
            raise QueryError(advice(str(error))) from error

    def about(self) -> About:
        """What the snapshot is: file, time, articles, coders, data sets, parameters."""
        rows = another_reader(self._con)
        n, first, last = rows.execute("SELECT count(*), min(published), max(published) FROM raw.articles").fetchall()[0]
        coders = rows.execute(
            "SELECT coder_version, count(*) FROM core.current_runs GROUP BY ALL ORDER BY 2 DESC"
        ).fetchall()
        parameters = rows.execute("SELECT name, value FROM core.parameters ORDER BY name").fetchall()
        return About(self.path, self.published_at, n, first, last, dict(coders), self.datasets(), dict(parameters))

    def datasets(self) -> tuple[str, ...]:
        """Names of the data sets: ``faultline`` for what was coded from articles, then imported ones."""
        rows = (
            another_reader(self._con).execute("SELECT DISTINCT dataset FROM core.imported_events ORDER BY 1").fetchall()
        )
        return (OURS, *(name for (name,) in rows))

    def actor(self, name: str) -> Actor:
        """Whom an id, a name or an alias means.

        Raises:
            UnknownNameError: nobody, or several; the message names those that come close, with their ids.
        """
        return find_actor(another_reader(self._con), name)

    def actors(self, dataset: str = OURS) -> Frame:
        """Actors that belong to a pair with events: actor_id, name, kind, country, n_pairs, n_events; the busiest first."""
        return self._rows(queries.ACTORS, Where().add("dataset = {}", self._dataset(dataset)))

    # Pairs

    def pairs(self, actor: str | None = None, *, dataset: str = OURS) -> Frame:
        """How pairs stand now, the tensest first, with the newest sentence behind each: rows of marts.dyad_current.

        Show values greyed where ``is_stale``. Pairs without recent news have no ``tension_rank`` and come last.
        """
        where = Where().add("dataset = {}", self._dataset(dataset)).pair("a", "b", self._id(actor), None)
        return self._rows(queries.PAIRS, where)

    def readings(self, a: str | None = None, b: str | None = None, *, dataset: str = OURS) -> Frame:
        """The newest reading of every indicator (marts.dyad_dashboard) with its band, n and evidence: one row a pair and indicator.

        Both actors: that pair. One: all its pairs. None: all. Where ``is_shown`` is false, show the value greyed or not at all.
        """
        where = Where().add("dataset = {}", self._dataset(dataset)).pair("a", "b", self._id(a), self._id(b))
        return self._rows(queries.READINGS, where)

    def dyad_series(
        self,
        a: str,
        b: str,
        by: Grain = "month",
        *,
        directed: bool = False,
        since: Day = None,
        until: Day = None,
        dataset: str = OURS,
    ) -> Frame:
        """The series of a pair, oldest first: one row a month or week; ``directed``: one for each direction (source, target).

        Months have a row where something happened: marts.dyad_month with arrow, bootstrap band and conflict rate, or
        marts.dyad_month_directed; ``enough`` false: grey. Weeks are without gaps, for pairs with enough dated events: numbers and sums of
        Goldstein scores with levels, surges, CUSUM, changepoints and volatility; directed: with rungs of the ladder. A week
        that was not read (``was_read`` false) is not quiet, it is unknown.
        """
        if by not in ("month", "week"):
            msg = f"by={by!r} is not known: month or week."
            raise InputError(msg)
        first, last = period(since, until)
        where = Where().add("dataset = {}", self._dataset(dataset))
        where.pair(*(("source", "target") if directed else ("a", "b")), self._id(a), self._id(b))
        # A period takes whole months and weeks: those that it touches.
        where.add(f"{by} >= date_trunc('{by}', {{}}::DATE)", first).add(f"{by} <= {{}}", last)
        text = {
            ("month", False): queries.MONTHS,
            ("month", True): queries.MONTHS_DIRECTED,
            ("week", False): queries.WEEKS,
            ("week", True): queries.WEEKS_DIRECTED,
        }[by, directed]
        return self._rows(text, where)

    def statement_series(self, a: str, b: str, *, since: Day = None, until: Day = None) -> Frame:
        """What is said of a pair, month of publication by month (marts.cue_month, marts.press_share_month), oldest first.

        Never add it to events. ``enough`` and ``press_enough`` false or null: grey.
        """
        first, last = period(since, until)
        where = Where().pair("a", "b", self._id(a), self._id(b))
        where.add("month >= date_trunc('month', {}::DATE)", first).add("month <= {}", last)
        return self._rows(queries.STATEMENT_MONTHS, where)

    # What stands behind them

    def events(
        self,
        a: str | None = None,
        b: str | None = None,
        *,
        which: Which = "counted",
        directed: bool = False,
        since: Day = None,
        until: Day = None,
        event_types: Names = None,
        dataset: str = OURS,
        limit: int | None = None,
    ) -> Frame:
        """Coded events with their evidence, newest first: sentence, offsets, article, publisher, coder_version.

        One row a report: reports of one event share ``counts_as``. source and target are those for whom the named actors stand
        (source_actor_id and target_actor_id are as tagged).

        Args:
            a: alone: events in which it takes part; neither a nor b: all.
            b: with a: events between them, either way.
            which: ``counted``: those that indicators use. ``dated``: all that the text dates, whatever their status. ``all``: also
                undated ones. ``left_out`` says why an event enters no indicator (repost, historical, ongoing state, not asserted,
                undated, vague date, actor unknown, unsure); null where it does.
            directed: only where ``a`` acts upon ``b``.
            since: first day, of the event where it is dated, else of the article's publication.
            until: last day, likewise.
            event_types: PLOVER types, such as ``ASSAULT``.
            dataset: ``faultline``, or an imported data set; those have no sentences.
            limit: at most so many, the newest.
        """
        if which not in ("counted", "dated", "all"):
            msg = f"which={which!r} is not known: counted, dated or all."
            raise InputError(msg)
        ours = self._dataset(dataset) == OURS
        first, last = period(since, until)
        where = Where().pair("source", "target", self._id(a), self._id(b), directed=directed)
        where.one_of("event_type", _capitals(event_types))
        where.add("coalesce(end_date, start_date, published) >= {}", first)
        where.add("coalesce(start_date, published) <= {}", last)
        if not ours:
            where.add("dataset = {}", dataset)
        if which != "all":
            where.add("start_date IS NOT NULL")
        text = queries.EVENTS if ours else queries.IMPORTED_EVENTS
        kept = "WHERE left_out IS NULL" if which == "counted" else ""
        some = "" if limit is None else f"LIMIT {int(limit)}"
        statement = f"SELECT * FROM ({text.format(where=where)}) {kept} {queries.EVENTS_ORDER} {some}"  # noqa: S608
        return self.sql(statement, where.values)

    def statements(self, a: str | None = None, b: str | None = None, *, since: Day = None, until: Day = None) -> Frame:
        """Asserted statements about how two actors stand to each other, with their evidence, newest first.

        ``polarity`` is +1 cooperative, 0 neutral, -1 tense; ``strength`` 1 to 3. A statement describes the time of writing: ``since`` and
        ``until`` are about the month of publication.
        """
        first, last = period(since, until)
        where = Where().pair("actor_a", "actor_b", self._id(a), self._id(b))
        where.add("month >= date_trunc('month', {}::DATE)", first).add("month <= {}", last)
        return self._rows(queries.STATEMENTS, where)

    def counts(
        self,
        a: str | None = None,
        b: str | None = None,
        *,
        measures: Names = None,
        since: Day = None,
        until: Day = None,
    ) -> Frame:
        """Reported figures with bounds, who says so, grain and evidence, newest first.

        ``low`` and ``high`` bound the figure, ``best`` is null where words give only bounds. ``is_counted``: whether indicators use
        it. Figures of different attribution or grain are never to be added.

        Args:
            a: alone: perpetrator or target.
            b: with a: perpetrator and target, whichever way round.
            measures: attacks, killed, injured, and the like.
            since: first day, of what the figure speaks of where that is dated, else of publication.
            until: last day, likewise.
        """
        first, last = period(since, until)
        where = Where().pair("perpetrator", "target", self._id(a), self._id(b)).one_of("measure", measures)
        where.add("coalesce(end_date, start_date, published) >= {}", first)
        where.add("coalesce(start_date, published) <= {}", last)
        return self._rows(queries.COUNTS, where)

    def incidents(
        self,
        a: str | None = None,
        b: str | None = None,
        *,
        country: str | None = None,
        since: Day = None,
        until: Day = None,
    ) -> Frame:
        """Incidents, each once however often reported, with toll (low, best, high) and its sentence, newest first.

        Args:
            a: incidents in which it is perpetrator or harmed.
            b: with a: in which both are, each the one or the other.
            country: ISO 3166-1 alpha-3 code of the place.
            since: first day; undated incidents by their first publication.
            until: last day, likewise.
        """
        first, last = period(since, until)
        where = Where()
        for actor in (self._id(a), self._id(b)):
            where.add("list_contains(list_append(list_concat(perpetrators, harmed), perpetrator), {})", actor)
        where.add("country = upper({})", country)
        where.add("coalesce(end_date, first_published) >= {}", first)
        where.add("coalesce(start_date, first_published) <= {}", last)
        return self._rows(queries.INCIDENTS, where)

    def articles(
        self,
        actor: str | None = None,
        *,
        publisher: str | None = None,
        since: Day = None,
        until: Day = None,
        text: bool = False,
    ) -> Frame:
        """Articles as read, newest first; ``text``: with their whole text.

        Args:
            actor: only those that name it, or a part of it that stands for it.
            publisher: only those of this source, as written.
            since: first day of publication; articles without a date are left out where it is given.
            until: last day of publication, likewise.
            text: whether the text comes along; offsets of events and figures point into it, in code points.
        """
        first, last = period(since, until)
        where = Where().add("published >= {}", first).add("published <= {}", last).add("source = {}", publisher)
        where.add(
            "article_id IN (SELECT article_id FROM staging.actors_rolled_up WHERE {0} IN (actor_id, rolled_actor_id))",
            self._id(actor),
        )
        return self.sql(queries.ARTICLES.format(where=where, text=", a.text" if text else ""), where.values)

    def coverage(self, *, since: Day = None, until: Day = None) -> Frame:
        """How much was read and how much of it is usable, by month of publication, oldest first (marts.quality_month)."""
        first, last = period(since, until)
        where = Where().add("month >= date_trunc('month', {}::DATE)", first).add("month <= {}", last)
        return self._rows("SELECT * FROM marts.quality_month WHERE {where} ORDER BY month NULLS LAST", where)

    def _rows(self, text: str, where: Where) -> Frame:
        return self.sql(text.format(where=where), where.values)

    def _id(self, name: str | None) -> str | None:
        return None if name is None else self.actor(name).actor_id

    def _dataset(self, name: str) -> str:
        known = self.datasets()
        if name not in known:
            close = suggestions(name, known)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            msg = f"The snapshot has no data set {name!r}.{hint} It has: {', '.join(known)}."
            raise UnknownNameError(msg)
        return name


def _capitals(names: Names) -> Names:
    if names is None or isinstance(names, str):
        return names.upper() if names else None
    return [n.upper() for n in names]
