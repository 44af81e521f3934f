"""Where the warehouse lies: what differs between kinds of storage, and the plain kind, one DuckDB file.

What belongs here: opening, writing in turn, copying out and compacting. What does not: tables and rows, which are the same wherever they
lie (``schema``, ``store``). The other kind is ``lake``.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import duckdb

from pipeline.errors import WarehouseError
from pipeline.settings import Settings
from pipeline.warehouse.connection import connect_writer, explain, literal, transaction, wait_for_lock
from pipeline.warehouse.migrations import upgrade_file

Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Compaction:
    """Bytes of the warehouse before and after."""

    before: int
    after: int


class Storage(Protocol):
    """A place for the tables. Holds no connection that another process could wait for."""

    def exists(self) -> bool:
        """Whether there is a warehouse already."""
        ...

    def open(self, patience_seconds: float) -> Connection:
        """A connection that may write, with the warehouse as its default database; waits so long where others are in the way."""
        ...

    def upgrade(self, patience_seconds: float) -> None:
        """Bring the tables to the newest revision. The caller holds no connection."""
        ...

    def write[T](self, con: Connection, action: Callable[[Connection], T], patience_seconds: float) -> T:
        """Do something in one transaction, so that no two writers add the same key; ``action`` may be called more than once."""
        ...

    def explain(self, error: duckdb.Error) -> WarehouseError:
        """What went wrong with reading or writing, in words that say what to do."""
        ...

    def copy_to(self, con: Connection, file: Path) -> None:
        """Write all tables and views as they are now into a new DuckDB file; nothing is asked of ``con`` afterwards."""
        ...

    def compact(self, con: Connection) -> Compaction:
        """Give back the room that deleted rows left; nothing is asked of ``con`` afterwards."""
        ...


@dataclass(frozen=True, slots=True)
class DuckDBFile:
    """One DuckDB file: one writer at a time, who holds the file's lock."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    def exists(self) -> bool:
        """Whether the file is there."""
        return self.path.is_file()

    def open(self, patience_seconds: float) -> Connection:
        """The file, locked against every other process.

        Raises:
            WarehouseLockedError: another process kept the lock.
            WarehouseError: the file cannot be opened at all.
        """
        return connect_writer(self.path, patience_seconds)

    def upgrade(self, patience_seconds: float) -> None:
        """Run the migrations that the file lacks.

        Raises:
            WarehouseError: the file was made by a newer Faultline.
        """
        wait_for_lock(lambda: upgrade_file(self.path), self.path, patience_seconds)

    def write[T](self, con: Connection, action: Callable[[Connection], T], patience_seconds: float) -> T:
        """All or nothing. Nobody else can be writing."""
        with transaction(con):
            return action(con)

    def explain(self, error: duckdb.Error) -> WarehouseError:
        """See ``connection.explain``."""
        return explain(self.path, error, "write")

    def copy_to(self, con: Connection, file: Path) -> None:
        """Copy the file while the connection holds its lock, so that nothing can write meanwhile.

        Closing the copy's file handle gives the process's lock up on POSIX: nothing may be written through ``con`` afterwards.
        """
        con.execute("CHECKPOINT")
        shutil.copyfile(self.path, file)

    def compact(self, con: Connection) -> Compaction:
        """Write the file anew and put the new one in the old one's place in one step.

        The lock is held from the first row that is copied until the new file has its name; a writer that waited opens the new one.

        Raises:
            WarehouseError: there is not room enough, or the copy differs; the warehouse is as it was.
        """
        path = self.path
        copy = path.with_name(f".{path.stem}-compact-{os.getpid()}.duckdb")
        before = path.stat().st_size
        free = shutil.disk_usage(path.parent).free
        if free < before * 1.1:
            msg = f"Compacting {path} needs {before * 1.1 / 1e6:,.0f} MB beside it and {free / 1e6:,.0f} MB are free: make room, or leave it as it is."
            raise WarehouseError(msg)
        try:
            con.execute("CHECKPOINT")
            name = str(con.execute("SELECT current_database()").fetchall()[0][0])
            con.execute(f"ATTACH {literal(copy)} AS compacted")
            con.execute(f'COPY FROM DATABASE "{name}" TO compacted')
            differing = _differing(con, name)
            con.execute("DETACH compacted")
            if differing:
                msg = (
                    f"The compacted copy of {path} differs in {', '.join(differing)}: the warehouse is left as it was."
                )
                raise WarehouseError(msg)
            copy.replace(path)
        except (OSError, duckdb.Error) as error:
            msg = f"Cannot compact {path}: {error}. It is left as it was."
            raise WarehouseError(msg) from error
        finally:
            copy.unlink(missing_ok=True)
            copy.with_name(f"{copy.name}.wal").unlink(missing_ok=True)
        return Compaction(before, path.stat().st_size)


def _differing(con: Connection, name: str) -> list[str]:
    tables = con.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = ? ORDER BY 1", [name]
    ).fetchall()
    return [
        t
        for (t,) in tables
        if con.execute(
            f'SELECT (SELECT count(*) FROM "{name}".{t}) <> (SELECT count(*) FROM compacted.{t})'  # noqa: S608
        ).fetchall()[0][0]
    ]


def storage_of(settings: Settings) -> Storage:
    """The storage that the settings name: ``warehouse.kind``."""
    if settings.warehouse.kind == "duckdb":
        return DuckDBFile(settings.warehouse_path)
    from pipeline.warehouse.lake import DuckLake  # only who uses it pays for it

    store, chosen = settings.object_store, settings.warehouse
    return DuckLake(chosen.catalog, settings.lake_data_path, store.endpoint, store.region, chosen.keep_snapshots_days)
