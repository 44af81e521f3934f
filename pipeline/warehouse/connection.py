"""Opening DuckDB files: short writer connections with a bounded wait for the lock, and read-only ones for users.

DuckDB lets one process write a file, or many read it. So the pipeline opens the warehouse only for as long as a batch needs,
and whoever reads opens the published snapshot, which nothing ever writes in place.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipeline.errors import WarehouseError, WarehouseLockedError
from pipeline.turns import wait_for_turn

# Nothing tries the network by itself. (Timestamps are UTC without a zone: zones need an extension that may not be there.)
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
USE = "USE warehouse"


def explain(path: Path, error: duckdb.Error, what: str = "open") -> WarehouseError:
    """What DuckDB could not do with a file, in words that say what to do."""
    text = str(error).splitlines()[0]
    if "No space left" in text or "File too large" in text or "Disk quota" in text:
        advice = "The disk is full: make room and run again. What was committed before is whole; the next run goes on from there."
    elif "Read-only file system" in text or "Permission denied" in text:
        advice = "Its folder may not be written: set paths.data in faultline.toml to one that may."
    elif "newer" in text or "storage version" in text:
        advice = "It was written by a newer DuckDB: use the Faultline version that wrote it."
    elif "not a valid DuckDB database file" in text or "Corrupt" in text or "checksum" in text:
        advice = "The file is damaged or is no DuckDB file: move it away and run again, or restore a backup."
    else:
        advice = "Check that the folder exists, may be written and that the disk is not full."
    return WarehouseError(f"Cannot {what} {path}: {text} {advice}")


def _is_lock(error: Exception) -> bool:
    # By its text: DuckDB has no class of its own for it, and SQLAlchemy wraps it.
    return "Could not set lock" in str(error) or "Conflicting lock" in str(error)


def wait_for_lock[T](action: Callable[[], T], path: Path, lock_timeout_seconds: float) -> T:
    """Do what opens a file, again with growing pauses while another process holds its lock.

    Raises:
        WarehouseLockedError: the file stayed locked; the message names the process that DuckDB reports.
    """
    try:
        return wait_for_turn(action, _is_lock, lock_timeout_seconds)
    except Exception as error:
        if not _is_lock(error):
            raise
        msg = (
            f"{path} is locked by another process and stayed so for {lock_timeout_seconds:g} s "
            f"({str(error).splitlines()[0]}). Wait for the other run, or close the program that holds it open: "
            "readers should open the published snapshot instead."
        )
        raise WarehouseLockedError(msg) from error


def connect_writer(path: Path, lock_timeout_seconds: float) -> duckdb.DuckDBPyConnection:
    """A read-write connection; waits for another writer up to the timeout.

    Raises:
        WarehouseLockedError: the file stayed locked.
        WarehouseError: the file cannot be opened at all.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"Cannot create the folder {path.parent}: {error.strerror}. Set paths.data in faultline.toml to one that may be written."
        raise WarehouseError(msg) from error
    try:
        return wait_for_lock(lambda: _open_in_place(path), path, lock_timeout_seconds)
    except duckdb.Error as error:
        raise explain(path, error) from error


def _open_in_place(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the file that has this name. Between opening and locking it, another process may have put a compacted one in its place."""
    while True:
        before = path.stat().st_ino if path.exists() else None
        con = duckdb.connect(str(path), config=CONFIG)
        if before is None or path.stat().st_ino == before:
            return con
        con.close()


def literal(value: object) -> str:
    """Text as a SQL literal, for statements that take no parameters."""
    return "'" + str(value).replace("'", "''") + "'"


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing, also on Ctrl-C."""
    con.execute("BEGIN")
    try:
        yield
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")


def connect_reader(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection for users' SQL: read-only, and cut off from the file system and the network. It shows the file as it is now.

    Raises:
        WarehouseError: there is no snapshot yet, or it cannot be opened.
    """
    if not path.is_file():
        msg = f"There is no snapshot at {path} yet: `faultline run` makes one."
        raise WarehouseError(msg)
    # Attached to a database of its own rather than opened: DuckDB gives every connection of a process that opens one path the
    # same database, which is the replaced file for as long as anybody has that open, and which can be locked only once.
    con = duckdb.connect(config=CONFIG)
    try:
        con.execute(f"ATTACH {literal(path)} AS warehouse (READ_ONLY)")
        con.execute(USE)
    except duckdb.Error as error:
        con.close()
        raise explain(path, error) from error
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    return con


def another_reader(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A second connection to the same snapshot, for another thread or another query."""
    cursor = con.cursor()
    cursor.execute(USE)
    return cursor
