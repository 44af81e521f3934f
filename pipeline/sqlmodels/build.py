"""Building the models as tables and views in a DuckDB database.

What belongs here: DDL around the models' SELECTs. What does not: opening the database (``warehouse``), the order (``project``) and what
has to be done again (``versions``).
"""

import time
from dataclasses import dataclass
from functools import partial
from typing import Literal

import duckdb

from pipeline.errors import SqlModelError
from pipeline.sqlmodels.project import Model, Project, Select
from pipeline.sqlmodels.versions import Parts, Versions, literal
from pipeline.turns import is_conflict, wait_for_turn

Extent = Literal["whole", "partitions", "nothing"]
# Above this share of changed partitions the whole is built: deleting and inserting row by row costs more than it saves.
_MOST_PARTITIONS = 0.5
# How long a build that another one came before is done again.
_PATIENCE_SECONDS = 120

# Not asked of information_schema.tables, which on a lake looks up the statistics of every table.
_KIND = """
SELECT CASE WHEN EXISTS (
    FROM duckdb_views() WHERE database_name = current_database() AND schema_name = $schema AND view_name = $name
) THEN 'view' ELSE 'table' END
FROM duckdb_columns() WHERE database_name = current_database() AND schema_name = $schema AND table_name = $name LIMIT 1
"""
_IS_LAKE = "FROM duckdb_databases() WHERE database_name = current_database() AND type = 'ducklake'"


@dataclass(frozen=True, slots=True)
class BuildResult:
    """A model that was built: its full name, its rows, the seconds that it took, and how much of it was done anew.

    ``partitions`` counts those done anew; 0 unless ``extent`` is "partitions".
    """

    model: str
    rows: int
    seconds: float
    extent: Extent = "whole"
    partitions: int = 0


def build(
    con: duckdb.DuckDBPyConnection, project: Project, select: Select = None, *, full: bool = False
) -> list[BuildResult]:
    """Build models in dependency order, each in its own transaction: a model that fails leaves its old relation as it was.

    A table whose SQL, parameters and inputs are those of the last build stays as it is; one with a ``partition`` column of which only
    some partitions have changed inputs gets those anew, and where it is ``onward`` all later ones. Either way the rows are those of a
    full build.

    Args:
        con: a read-write connection outside a transaction.
        project: the models.
        select: which of them; see ``Project.selected``. What they read must be there already.
        full: build everything anew, whatever has changed.

    Raises:
        SqlModelError: a model fails, or does not produce the columns that its header documents.
        duckdb.TransactionException: other writers built the same model first until the patience ran out.
    """
    # Sums of floats depend on the order in which threads add them up: with one thread the same rows give the same bits, so that
    # building again changes nothing.
    con.execute("SET threads = 1")
    try:
        versions = wait_for_turn(lambda: Versions(con, project), is_conflict, _PATIENCE_SECONDS)
        return [
            wait_for_turn(partial(_build, con, model, versions, full), is_conflict, _PATIENCE_SECONDS)
            for model in project.selected(select)
        ]
    finally:
        con.execute("RESET threads")


def _build(con: duckdb.DuckDBPyConnection, model: Model, versions: Versions, full: bool) -> BuildResult:
    started = time.perf_counter()
    con.execute("BEGIN")
    try:
        inputs = versions.inputs(model)
        extent, parts = ("whole", None) if full else _what_to_do(con, model, versions, inputs)
        if extent == "whole":
            _create(con, model)
            _check_columns(con, model)
            _comment(con, model)
        elif parts:
            _replace_partitions(con, model, parts)
        if extent != "nothing" and model.materialization == "table":
            versions.record(model, inputs, parts)
        # Counting runs a view once, so that one that cannot run fails here and not in a reader's hands.
        rows = int(con.execute(f"SELECT count(*) FROM {model.full_name}").fetchall()[0][0])  # noqa: S608 - our own names
        con.execute("COMMIT")
    except duckdb.Error as error:
        _rollback(con)
        versions.forget()
        if is_conflict(error):
            raise
        raise SqlModelError(f"{model.path}: DuckDB cannot build {model.full_name}: {error}") from error
    except BaseException:
        _rollback(con)
        raise
    return BuildResult(model.full_name, rows, time.perf_counter() - started, extent, parts.number if parts else 0)


def _what_to_do(
    con: duckdb.DuckDBPyConnection, model: Model, versions: Versions, inputs: str
) -> tuple[Extent, Parts | None]:
    there = con.execute(_KIND, {"schema": model.schema, "name": model.name}).fetchall()
    if model.materialization != "table" or there != [("table",)] or not versions.is_recorded(model, inputs):
        return "whole", None
    changed, of = versions.changed_partitions(model)
    if not changed.number:
        return "nothing", None
    return ("partitions", changed) if changed.number <= _MOST_PARTITIONS * of else ("whole", None)


def _replace_partitions(con: duckdb.DuckDBPyConnection, model: Model, parts: Parts) -> None:
    within = parts.condition(str(model.partition))
    con.execute(f"DELETE FROM {model.full_name} WHERE {within}")  # noqa: S608 - our own names
    con.execute(f"INSERT INTO {model.full_name} BY NAME SELECT * FROM ({model.query}) WHERE {within}")  # noqa: S608


def _rollback(con: duckdb.DuckDBPyConnection) -> None:
    try:
        con.execute("ROLLBACK")
    except duckdb.TransactionException:
        # A COMMIT that failed has rolled back already.
        return


def _create(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {model.schema}")
    there = con.execute(_KIND, {"schema": model.schema, "name": model.name}).fetchall()
    kind = model.materialization
    if there and there[0][0] != kind:
        con.execute(f"DROP {there[0][0].upper()} {model.full_name}")
    con.execute(f"CREATE OR REPLACE {kind.upper()} {model.full_name} AS {model.sql}")


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
