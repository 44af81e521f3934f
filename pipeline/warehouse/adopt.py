"""Taking the rows of a warehouse file over into another warehouse: from one file to a lake, and back.

What belongs here: copying rows by their keys. What does not: marts and ``built``, which the next run makes.
"""

from pathlib import Path

import duckdb
from sqlalchemy import Table

from pipeline.errors import InputError
from pipeline.progress import Progress, silent
from pipeline.warehouse.connection import literal
from pipeline.warehouse.merge import on_keys
from pipeline.warehouse.schema import full_name, metadata
from pipeline.warehouse.store import Warehouse


def adopt(file: Path, warehouse: Warehouse, progress: Progress = silent) -> int:
    """Add the rows of a warehouse file or snapshot whose keys are not there yet; returns how many.

    Each table is one transaction; stopped in between, the same call goes on.

    Raises:
        InputError: there is no such file.
        WarehouseError: it is no warehouse, or of a newer Faultline.
    """
    if not file.is_file():
        msg = f"There is no file {file}: name a warehouse.duckdb."
        raise InputError(msg)
    with Warehouse(file).connect():  # brings an older one to this revision
        pass
    new = 0
    with progress("taking over", len(metadata.sorted_tables)) as advance:
        for table in metadata.sorted_tables:
            new += _take_over(file, table, warehouse)
            advance(1)
    return new


def _take_over(file: Path, table: Table, warehouse: Warehouse) -> int:
    merge = (
        f"MERGE INTO {full_name(table)} t USING adopted.{full_name(table)} s ON {on_keys(table)} "  # noqa: S608 - our own names
        "WHEN NOT MATCHED THEN INSERT BY NAME"
    )

    def write(con: duckdb.DuckDBPyConnection) -> int:
        return int(con.execute(merge).fetchall()[0][0])

    with warehouse.connect() as con:
        con.execute(f"ATTACH {literal(file)} AS adopted (READ_ONLY)")
        try:
            return warehouse.storage.write(con, write, warehouse.lock_timeout_seconds)
        finally:
            con.execute("DETACH adopted")
