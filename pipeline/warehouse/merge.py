"""Rows into tables, in bulk: Arrow in, ``MERGE INTO`` by primary key."""

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import pyarrow as pa
from sqlalchemy import Table

from pipeline.warehouse.schema import arrow_schema, full_name

Row = Mapping[str, Any]


def to_arrow(table: Table, rows: Iterable[Row]) -> pa.Table:
    """Rows as an Arrow table of the table's own schema; of rows with the same key the first one stays.

    Raises:
        pyarrow.ArrowInvalid: a value does not fit its column (a bug of the caller).
    """
    keys = [c.name for c in table.primary_key.columns]
    unique: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        unique.setdefault(tuple(row[k] for k in keys), row)
    schema = arrow_schema(table)
    columns = [
        pa.array([row.get(name) for row in unique.values()], type=schema.field(name).type) for name in schema.names
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def on_keys(table: Table) -> str:
    """SQL that is true of a row ``t`` of the table and a row ``s`` with the same primary key."""
    return " AND ".join(f't."{c.name}" = s."{c.name}"' for c in table.primary_key.columns)


def insert_new(con: duckdb.DuckDBPyConnection, table: Table, rows: Iterable[Row]) -> int:
    """Insert the rows whose key is not there yet; those that are stay as they are. Returns how many were new."""
    return insert_arrow(con, table, to_arrow(table, rows))


def insert_arrow(con: duckdb.DuckDBPyConnection, table: Table, data: pa.Table) -> int:
    """Insert the rows of an Arrow table, no two with the same key, as ``insert_new`` does."""
    if not data.num_rows:
        return 0
    con.register("incoming", data)
    sql = f"MERGE INTO {full_name(table)} t USING incoming s ON {on_keys(table)} WHEN NOT MATCHED THEN INSERT BY NAME"  # noqa: S608 - our own names
    result = con.execute(sql).fetchall()
    con.unregister("incoming")
    return int(result[0][0])


def append(con: duckdb.DuckDBPyConnection, table: Table, data: pa.Table) -> int:
    """Insert the rows of an Arrow table, of which none is there yet; returns how many. A merge reads the keys of the whole table, this does not."""
    if data.num_rows:
        con.register("incoming", data)
        con.execute(f"INSERT INTO {full_name(table)} BY NAME SELECT * FROM incoming")  # noqa: S608 - our own names
        con.unregister("incoming")
    return int(data.num_rows)


def upsert(con: duckdb.DuckDBPyConnection, table: Table, rows: Iterable[Row]) -> None:
    """Insert rows, or bring those whose key is there to the new values."""
    keys = [c.name for c in table.primary_key.columns]
    newest = {tuple(row[k] for k in keys): row for row in rows}
    if not newest:
        return
    con.register("incoming", to_arrow(table, newest.values()))
    update = ", ".join(f'"{c.name}" = s."{c.name}"' for c in table.columns if c.name not in keys)
    con.execute(
        f"MERGE INTO {full_name(table)} t USING incoming s ON {on_keys(table)} "  # noqa: S608 - our own names
        f"WHEN MATCHED THEN UPDATE SET {update} WHEN NOT MATCHED THEN INSERT BY NAME"
    )
    con.unregister("incoming")


def replace_all(con: duckdb.DuckDBPyConnection, table: Table, rows: Iterable[Row], keep: str = "false") -> None:
    """Make a table hold exactly these rows, beside those that the SQL condition ``keep`` names."""
    data = to_arrow(table, rows)
    keys = {c.name for c in table.primary_key.columns}
    others = [c.name for c in table.columns if c.name not in keys]
    update = ", ".join(f'"{name}" = s."{name}"' for name in others)
    changed = " OR ".join(f't."{name}" IS DISTINCT FROM s."{name}"' for name in others)
    con.register("incoming", data)
    # Two statements: DuckLake takes one kind of change a MERGE.
    con.execute(
        f"DELETE FROM {full_name(table)} t WHERE NOT ({keep}) AND NOT EXISTS (FROM incoming s WHERE {on_keys(table)})"  # noqa: S608 - our own names
    )
    con.execute(
        f"MERGE INTO {full_name(table)} t USING incoming s ON {on_keys(table)} "  # noqa: S608 - our own names
        f"WHEN MATCHED AND ({changed}) THEN UPDATE SET {update} WHEN NOT MATCHED THEN INSERT BY NAME"
    )
    con.unregister("incoming")
