"""Users' SQL on the published snapshot: read-only, cut off from files and network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.errors import QueryError
from pipeline.warehouse.connection import connect_reader


@dataclass(frozen=True, slots=True)
class Answer:
    """Column names and rows of a query."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


def query(snapshot: Path, sql: str, limit: int | None = None, values: Mapping[str, Any] | None = None) -> Answer:
    """Run one query on the snapshot; ``limit`` bounds the rows that are fetched, ``$name`` in the query stands for ``values``.

    Raises:
        WarehouseError: there is no snapshot.
        QueryError: DuckDB cannot run the query; its message is kept.
    """
    con = connect_reader(snapshot)
    try:
        cursor = con.execute(sql, dict(values) if values else None)
        if cursor.description is None:
            return Answer((), [])
        columns = tuple(str(d[0]) for d in cursor.description)
        return Answer(columns, cursor.fetchall() if limit is None else cursor.fetchmany(limit))
    except duckdb.Error as error:
        raise QueryError(advice(str(error))) from error
    finally:
        con.close()


def query_mart(snapshot: Path, mart: str, columns: str, order: str, limit: int) -> Answer:
    """The first rows of a mart; ``columns`` and ``order`` are SQL of the project's own.

    Raises:
        WarehouseError: there is no snapshot.
        QueryError: the snapshot is older than the mart.
    """
    if not query(snapshot, f"SELECT 1 FROM duckdb_tables() WHERE table_name = '{mart}'").rows:  # noqa: S608 - our own names
        msg = f"{snapshot} was made by an older Faultline and has no such list: `faultline run` makes it anew."
        raise QueryError(msg)
    return query(snapshot, f"SELECT {columns} FROM marts.{mart} ORDER BY {order} LIMIT {int(limit)}")  # noqa: S608


def advice(message: str) -> str:
    """DuckDB's message with what to do, where the limits of a reader are the reason."""
    if "read-only mode" in message or "Cannot execute statement" in message:
        return f"{message}\nThe snapshot is read-only: `faultline sql` takes SELECTs."
    if "disabled by configuration" in message:
        return f"{message}\nQueries may not touch files or the network; use --csv or --json and a shell redirection to save rows."
    return message
