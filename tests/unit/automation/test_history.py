"""SQLite files stay open while a run writes them, and are whole and closed behind it."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from automation.history import history_at_hand


def write(file: Path, number: int) -> None:
    """As Dagster does it: an engine and a connection for one event."""
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    with engine.begin() as con:
        con.execute(text("PRAGMA journal_mode = WAL"))
        con.execute(text("CREATE TABLE IF NOT EXISTS events (n INTEGER)"))
        con.execute(text("INSERT INTO events VALUES (:n)"), {"n": number})
    engine.dispose()


def numbers(file: Path) -> list[int]:
    con = sqlite3.connect(file)
    found = [n for (n,) in con.execute("SELECT n FROM events ORDER BY n")]
    con.close()
    return found


def test_the_log_is_written_back_once_at_the_end_and_others_read_every_event_at_once(tmp_path: Path) -> None:
    file, log = tmp_path / "run.db", tmp_path / "run.db-wal"
    write(file, 0)
    assert not log.exists()  # alone, each event writes the log back
    with history_at_hand():
        for n in (1, 2, 3):
            write(file, n)
            assert log.exists()
            assert numbers(file) == list(range(n + 1))
    assert not log.exists()
    assert numbers(file) == [0, 1, 2, 3]


def test_a_file_that_is_no_database_is_reported_by_who_uses_it(tmp_path: Path) -> None:
    (tmp_path / "run.db").write_bytes(b"no database at all" * 1000)
    with history_at_hand(), pytest.raises(DatabaseError, match="file is not a database"):
        write(tmp_path / "run.db", 1)
