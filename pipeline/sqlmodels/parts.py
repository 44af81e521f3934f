"""Making part of a table anew: which rows, from which rows, and what they have changed.

What belongs here: SQL for the parts of a model that ``Versions`` finds changed inputs for, and the comparison of new rows with old ones.
What does not: which relations have changed (``versions``) and transactions (``build``).

The parts to make are in the temporary table ``redo``: articles, or the sides of pairs with the first day to make. New rows come from the model's own
SELECT, in which a relation that has the key of the parts stands for its rows of these parts alone.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import duckdb
import sqlglot
from sqlglot import exp

from pipeline.sqlmodels.keys import ARTICLE_PARTS, BEGINNING, Keys, first_day, keys, sides
from pipeline.sqlmodels.project import Model
from pipeline.sqlmodels.versions import Versions, literal

# Above this share of articles the whole is made: to tell the parts apart costs more than it saves.
_MOST_ARTICLES = 0.5


# A whole table is made in slices of about so many rows of its largest input: DuckDB keeps what it gathers into lists in memory, and cannot
# put it on disk.
ROWS_A_SLICE = 2_000_000


@dataclass(frozen=True, slots=True)
class Parts:
    """What to make anew: queries that together give a table's ``new`` rows of these parts, one for its ``old`` ones, and the number of parts."""

    new: Sequence[str]
    old: str
    number: int


def whole(con: duckdb.DuckDBPyConnection, model: Model, versions: Versions) -> Parts:
    """All of a table."""
    kind = model.partition[0] if model.partition else ""
    inputs = [t for t in versions.tables(model) if kind and keys(versions.columns(t)).has(kind)]
    rows = max((_row(con, f"SELECT count(*) FROM {t}")[0] for t in inputs), default=0)  # noqa: S608 - our own names
    slices = -(-rows // ROWS_A_SLICE)
    new = [model.query]
    if slices > 1:
        new = [
            _over(model, versions, lambda its, n=n: f"WHERE {its.is_in_slice('i', n, slices, kind)}")  # type: ignore[misc]
            for n in range(slices)
        ]
    return Parts(new, f"FROM {model.full_name}", 0)


def changed_parts(con: duckdb.DuckDBPyConnection, model: Model, versions: Versions) -> Parts | None:
    """The parts of a table whose inputs have changed (temporary table ``changed``); None for the whole."""
    if not model.partition:
        return None
    kind = model.partition[0]
    if kind == "article":
        con.execute(f"CREATE OR REPLACE TEMP TABLE redo AS SELECT DISTINCT article, {BEGINNING} AS since FROM changed")  # noqa: S608
        number, unknown = _row(con, "SELECT count(*), count(*) FILTER (article IS NULL) FROM redo")
        if unknown or number > _MOST_ARTICLES * ARTICLE_PARTS:
            return None
        return _parts(model, versions, None, number)
    everywhere_since = _floor("min(since) FILTER (a IS NULL)", model)
    sql = f"SELECT count(*) FILTER (a IS NULL AND since IS NULL), {everywhere_since} FROM changed"  # noqa: S608 - our own names
    ((unknown, everywhere),) = con.execute(sql).fetchall()
    if unknown or (everywhere is not None and _period(model) is None):
        return None
    # What every pair has to make, the pairs with changes of their own have to make too.
    first = (
        f"least(min(coalesce(since, {BEGINNING})), {literal(str(everywhere))}::DATE)"
        if everywhere
        else f"min(coalesce(since, {BEGINNING}))"
    )
    pairs = f"SELECT a, b, {_floor(first, model)} AS since FROM changed WHERE a IS NOT NULL GROUP BY a, b"  # noqa: S608
    con.execute(f"CREATE OR REPLACE TEMP TABLE redo AS {sides(f'({pairs})')}")
    (number,) = _row(con, "SELECT count(*) FROM (SELECT DISTINCT least(x, y), greatest(x, y) FROM redo)")
    return _parts(model, versions, str(everywhere) if everywhere else None, number)


def compare(con: duckdb.DuckDBPyConnection, model: Model, parts: Parts) -> int:
    """Make the new rows (temporary table ``made``) and put what they change into ``changed``; how many changes that is."""
    make(con, "TEMP TABLE made", parts.new)
    rows = keys(model.columns).columns("t")
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE changed AS SELECT DISTINCT article, a, b, since FROM ("  # noqa: S608
        f"SELECT {rows}, hash(t) AS h, 1 AS n FROM made t UNION ALL SELECT {rows}, hash(t), -1 FROM ({parts.old}) t"
        f") GROUP BY article, a, b, since, h HAVING sum(n) <> 0"
    )
    return int(_row(con, "SELECT count(*) FROM changed")[0])


def make(con: duckdb.DuckDBPyConnection, table: str, queries: Sequence[str]) -> None:
    """Create a table ("TABLE name") with the rows of several queries, one after the other."""
    first, *others = queries
    con.execute(f"CREATE OR REPLACE {table} AS {first}")
    for query in others:
        con.execute(f"INSERT INTO {table.rsplit(maxsplit=1)[-1]} BY NAME {query}")


def apply_changes(con: duckdb.DuckDBPyConnection, model: Model) -> bool:
    """Put the made rows in the place of the old ones where they differ; False where rows cannot be told apart, and nothing was done."""
    mine = keys(model.columns)
    kind = model.partition[0] if model.partition else next((k for k in ("article", "pair") if mine.has(k)), None)
    if kind is None:
        return False
    part = "article" if kind == "article" else "a, b"
    changed = f"SELECT {part}, coalesce(min(since), {BEGINNING}) AS since FROM changed GROUP BY {part}"  # noqa: S608
    con.execute(f"CREATE OR REPLACE TEMP TABLE redo AS {changed if kind == 'article' else sides(f'({changed})')}")
    is_in = mine.is_in("t", "r", kind)
    if kind == "pair" and mine.time:
        is_in += f" AND {mine.since('t')} >= r.since"
    con.execute(f"DELETE FROM {model.full_name} t USING redo r WHERE {is_in}")  # noqa: S608 - our own names
    con.execute(f"INSERT INTO {model.full_name} BY NAME SELECT t.* FROM made t SEMI JOIN redo r ON {is_in}")  # noqa: S608
    return True


def _parts(model: Model, versions: Versions, everywhere: str | None, number: int) -> Parts:
    mine = keys(model.columns)
    is_in = mine.is_in("t", "r", model.partition[0])
    within = f"{is_in} AND {mine.since('t')} >= r.since" if _period(model) else is_in
    new, old = [], []
    if number or not everywhere:
        changed = f"SEMI JOIN redo r ON {within}"
        new.append((f"({_over(model, versions, partial(_in_redo, model))})", changed))
        old.append((model.full_name, changed))
    if everywhere:
        later = f"ANTI JOIN redo r ON {is_in} WHERE t.{mine.time} >= {literal(everywhere)}::DATE"
        new.append((f"({model.query})", later))
        old.append((model.full_name, later))
    return Parts([_union(new)], _union(old), number)


def _union(selections: Iterable[tuple[str, str]]) -> str:
    return " UNION ALL ".join(f"SELECT t.* FROM {rows} t {which}" for rows, which in selections)  # noqa: S608 - our own names


def _in_redo(model: Model, its: Keys) -> str:
    """Which rows of an input with these keys are of the parts in ``redo``."""
    of_part = its.is_in("i", "r", model.partition[0])
    if len(model.partition) > 1 and its.time:
        of_part += f" AND {its.since('i')} >= r.since"
    return f"SEMI JOIN redo r ON {of_part}"


def _over(model: Model, versions: Versions, which: Callable[[Keys], str]) -> str:
    """The model's SELECT over some rows ``i`` of the inputs that have the key of its parts. The text is that of the file but for the inputs' names."""
    sql = model.query
    inputs = [t for t in sqlglot.parse_one(sql, dialect="duckdb").find_all(exp.Table) if t.args.get("db")]
    for table in sorted(inputs, key=lambda t: -int(t.this.meta["start"])):
        name = f"{table.db}.{table.name}".lower()
        its = keys(versions.columns(name))
        if not its.has(model.partition[0]):
            continue
        first, last = int(table.args["db"].meta["start"]), int(table.this.meta["end"])
        alias = "" if table.alias else f" AS {table.name}"
        sql = f"{sql[:first]}(SELECT i.* FROM {name} i {which(its)}){alias}{sql[last + 1 :]}"  # noqa: S608 - our own names
    return sql


def _period(model: Model) -> str | None:
    return model.partition[1] if len(model.partition) > 1 else model.onward


def _floor(day: str, model: Model) -> str:
    """The first day of the model's period in which a day lies."""
    period, time = _period(model), keys(model.columns).time
    return first_day(day, time, period) if period and time else f"({day})::DATE"


def _row(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    return con.execute(sql).fetchall()[0]
