"""Building the models as tables and views in a DuckDB database.

What belongs here: transactions and DDL around the models' SELECTs. What does not: opening the database (``warehouse``), the order
(``project``), what has to be done again (``versions``) and how a part of a table is (``parts``).
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import duckdb

from pipeline.errors import SqlModelError
from pipeline.sqlmodels.parts import apply_changes, changed_parts, compare, make, whole
from pipeline.sqlmodels.project import Model, Project, Select
from pipeline.sqlmodels.versions import Versions, literal
from pipeline.turns import is_conflict, wait_for_turn

Extent = Literal["whole", "partitions", "nothing"]
# How long a build that another one came before is done again.
_PATIENCE_SECONDS = 120

# Not asked of information_schema.tables, which on a lake looks up the statistics of every table.
_KINDS = """
SELECT schema_name || '.' || table_name, 'table' FROM duckdb_columns() WHERE database_name = current_database()
UNION SELECT schema_name || '.' || view_name, 'view' FROM duckdb_views() WHERE database_name = current_database()
ORDER BY 2 -- a view has columns too
"""
_IS_LAKE = "FROM duckdb_databases() WHERE database_name = current_database() AND type = 'ducklake'"
# What changes when a table is made without regard to what it held: anything may have.
_ANYTHING = "(SELECT NULL::INTEGER AS article, NULL::VARCHAR AS a, NULL::VARCHAR AS b, NULL::DATE AS since)"


@dataclass(frozen=True, slots=True)
class BuildResult:
    """A model that was built: its full name, its rows, the seconds that it took, and how much of it was done anew.

    ``rows`` is None for a view that stays as it is: to count them would run it. ``partitions`` counts the articles or pairs that were
    done anew; 0 unless ``extent`` is "partitions".
    """

    model: str
    rows: int | None
    seconds: float
    extent: Extent = "whole"
    partitions: int = 0


def build(
    con: duckdb.DuckDBPyConnection, project: Project, select: Select = None, *, full: bool = False
) -> list[BuildResult]:
    """Build models as ``building`` does, all of them."""
    return list(building(con, project, select, full=full))


def building(
    con: duckdb.DuckDBPyConnection, project: Project, select: Select = None, *, full: bool = False
) -> Iterator[BuildResult]:
    """Build models in dependency order, each in its own transaction: a model that fails leaves its old relation as it was.

    A table whose SQL, parameters and inputs are those of the last build stays as it is; one with a ``partition`` of which only some
    articles or pairs have changed inputs gets those anew. Either way the rows are those of a full build.

    Args:
        con: a read-write connection outside a transaction. Between two models it may be asked other things.
        project: the models.
        select: which of them; see ``Project.selected``. What they read must be there already.
        full: build everything anew, whatever has changed.

    Yields:
        Each model when it is built.

    Raises:
        SqlModelError: a model fails, or does not produce the columns that its header documents.
        duckdb.TransactionException: other writers built the same model first until the patience ran out.
    """
    # Sums of floats depend on the order in which threads add them up: with one thread the same rows give the same bits, so that
    # building again changes nothing.
    con.execute("SET threads = 1")
    try:
        selected = project.selected(select)
        versions = wait_for_turn(partial(_versions, con, project, selected), is_conflict, _PATIENCE_SECONDS)
        kinds: dict[str, str] = dict(con.execute(_KINDS).fetchall())
        for model in selected:
            build_it = partial(_build, con, model, versions, kinds.get(model.full_name), full)
            yield wait_for_turn(build_it, is_conflict, _PATIENCE_SECONDS)
        wait_for_turn(versions.forget_seen_changes, is_conflict, _PATIENCE_SECONDS)
    finally:
        con.execute("RESET threads")


def _versions(con: duckdb.DuckDBPyConnection, project: Project, selected: Sequence[Model]) -> Versions:
    con.execute("BEGIN")
    try:
        versions = Versions(con, project, selected)
        con.execute("COMMIT")
    except BaseException:
        _rollback(con)
        raise
    return versions


def _build(
    con: duckdb.DuckDBPyConnection, model: Model, versions: Versions, there: str | None, full: bool
) -> BuildResult:
    """Build a model; ``there`` is what has its name already: a "table", a "view", or None."""
    started = time.perf_counter()
    con.execute("BEGIN")
    try:
        inputs = versions.inputs(model)
        extent, parts = _make(con, model, versions, inputs, there, full)
        rows = None
        if model.materialization == "table" or extent == "whole":
            # Counting runs a view once, so that one that cannot run fails here and not in a reader's hands.
            rows = int(con.execute(f"SELECT count(*) FROM {model.full_name}").fetchall()[0][0])  # noqa: S608 - our own names
        con.execute("COMMIT")
    except duckdb.Error as error:
        _rollback(con)
        if is_conflict(error):
            raise
        raise SqlModelError(f"{model.path}: DuckDB cannot build {model.full_name}: {error}") from error
    except BaseException:
        _rollback(con)
        raise
    return BuildResult(model.full_name, rows, time.perf_counter() - started, extent, parts)


def _make(
    con: duckdb.DuckDBPyConnection, model: Model, versions: Versions, inputs: str, there: str | None, full: bool
) -> tuple[Extent, int]:
    """Bring a relation up to date; how much of it was done, and how many parts."""
    if full or there != model.materialization or not versions.is_recorded(model, inputs):
        queries = whole(con, model, versions).new if model.materialization == "table" else [model.sql]
        _create(con, model, queries, there)
        versions.record(model, inputs, _ANYTHING if model.materialization == "table" else None)
        return "whole", 0
    if model.materialization == "view" or not versions.collect_changes(model):
        return "nothing", 0
    changed = changed_parts(con, model, versions)
    differs = compare(con, model, changed or whole(con, model, versions))
    if differs and not apply_changes(con, model):
        _create(con, model, ["FROM made"], there)
    versions.record(model, inputs, "changed" if differs else None)
    con.execute("DROP TABLE made")
    return ("partitions", changed.number) if changed else ("whole", 0)


def _rollback(con: duckdb.DuckDBPyConnection) -> None:
    try:
        con.execute("ROLLBACK")
    except duckdb.TransactionException:
        # A COMMIT that failed has rolled back already.
        return


def _create(con: duckdb.DuckDBPyConnection, model: Model, queries: Sequence[str], there: str | None) -> None:
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {model.schema}")
    kind = model.materialization
    if there and there != kind:
        con.execute(f"DROP {there.upper()} {model.full_name}")
    make(con, f"{kind.upper()} {model.full_name}", queries)
    _check_columns(con, model)
    _comment(con, model)


def _check_columns(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    produced = [row[0] for row in con.execute(f"DESCRIBE {model.full_name}").fetchall()]
    undocumented = [c for c in produced if c not in model.columns]
    absent = [c for c in model.columns if c not in produced]
    problems = [f"produces {', '.join(undocumented)} without documenting it"] if undocumented else []
    problems += [f"documents {', '.join(absent)} without producing it"] if absent else []
    if problems:
        raise SqlModelError(f"{model.path}:1: {model.full_name} {' and '.join(problems)}")


def _comment(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Descriptions go into the database, where any client of the snapshot shows them."""
    con.execute(f"COMMENT ON {model.materialization.upper()} {model.full_name} IS {literal(model.description)}")
    if model.materialization == "view" and con.execute(_IS_LAKE).fetchall():
        return  # DuckLake keeps no comments on the columns of views
    for column in model.columns.values():
        con.execute(f'COMMENT ON COLUMN {model.full_name}."{column.name}" IS {literal(column.description)}')
