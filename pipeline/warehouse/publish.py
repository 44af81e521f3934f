"""Publishing: a read-only copy of the warehouse that every reader opens, and the marts as Parquet.

Readers never open the warehouse itself, so they never block the pipeline nor see it half built. The copy appears under its
name in one step (``os.replace``): a reader that has the old one open keeps it until it closes.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.errors import WarehouseError
from pipeline.warehouse.connection import CONFIG, connect_reader, literal
from pipeline.warehouse.store import Warehouse

MARTS_FOLDER = "marts"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was published: the DuckDB file, its size in bytes, and the Parquet files of the marts."""

    path: Path
    bytes: int
    parquet: tuple[Path, ...]


def publish(warehouse: Warehouse, folder: Path) -> Snapshot:
    """Copy the warehouse and export its marts into ``folder``; what was published before stays until the new one is whole.

    Raises:
        WarehouseError: the disk is full, the folder cannot be written, or the copy does not open.
    """
    target = folder / "warehouse.duckdb"
    temporary = folder / f".warehouse-{os.getpid()}.duckdb"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(folder)
        with warehouse.connect() as con:
            warehouse.storage.copy_to(con, temporary)
        connect_reader(temporary).close()
        # From the copy, so that both are of one moment.
        with duckdb.connect(str(temporary), read_only=True, config=CONFIG) as con:
            parquet = _export_marts(con, folder / MARTS_FOLDER)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(target)
    except (OSError, duckdb.Error) as error:
        msg = f"Cannot publish to {folder}: {error}. The snapshot published before is untouched."
        raise WarehouseError(msg) from error
    finally:
        temporary.unlink(missing_ok=True)
    return Snapshot(target, target.stat().st_size, parquet)


def _remove_leftovers(folder: Path) -> None:
    """Copies of publications that were killed: files under the number of a process that is no more."""
    for file in [*folder.glob(".warehouse-*.duckdb"), *(folder / MARTS_FOLDER).glob(".*.parquet")]:
        number = file.stem.rpartition("-")[2]
        if number.isdecimal() and not _is_running(int(number)):
            file.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _export_marts(con: duckdb.DuckDBPyConnection, folder: Path) -> tuple[Path, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    names = con.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'marts' ORDER BY 1").fetchall()
    files = []
    for (name,) in names:
        temporary, target = folder / f".{name}-{os.getpid()}.parquet", folder / f"{name}.parquet"
        con.execute(f'COPY marts."{name}" TO {literal(temporary)} (FORMAT parquet)')
        temporary.replace(target)
        files.append(target)
    for stale in set(folder.glob("*.parquet")) - set(files):
        stale.unlink()
    return tuple(files)
