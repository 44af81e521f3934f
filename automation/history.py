"""Dagster's history of runs in SQLite, kept at hand while a run writes it.

What belongs here: connections of this process to those files. What does not: what Dagster keeps in them, and other storages.

Dagster opens and closes a file for each of the hundreds of events of a run. Whenever the last connection to a file closes, SQLite writes
its log back and waits for the disk; and so it does at each commit. One connection that stays open, and syncs at checkpoints only, spare
that. What a power cut can cost then are the last events of a history, never its soundness.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def history_at_hand() -> Iterator[None]:
    """While this is open, every SQLite file that SQLAlchemy opens in this process stays open."""
    held: dict[str, sqlite3.Connection] = {}

    def hold(connection: Any, _: object) -> None:
        if not isinstance(connection, sqlite3.Connection):
            return
        connection.execute("PRAGMA synchronous = NORMAL")
        file = connection.execute("PRAGMA database_list").fetchone()[2]
        if file:
            if file not in held:
                held[file] = sqlite3.connect(file, check_same_thread=False)
            # A connection takes part in the log only once it has read. A file that cannot be read is Dagster's to report.
            with suppress(sqlite3.Error):
                held[file].execute("SELECT count(*) FROM sqlite_master").fetchall()

    event.listen(Engine, "connect", hold)
    try:
        yield
    finally:
        event.remove(Engine, "connect", hold)
        for connection in held.values():
            connection.close()
