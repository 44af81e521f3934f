"""A reader of the published snapshot that stays open: for servers, which ask it many times.

What belongs here: opening, reopening when a run has published anew, queries with parameters. What does not: users' own SQL (``query.py``).
"""

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from pipeline.errors import WarehouseError
from pipeline.warehouse.connection import another_reader, connect_reader

Row = dict[str, Any]
_BATCH = 2000


class SnapshotReader:
    """The published snapshot, read-only. Safe to use from several threads.

    One that was replaced is opened anew at the next query; a query that still runs ends on the old one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._con: duckdb.DuckDBPyConnection | None = None
        self._opened: tuple[int, int] | None = None

    def published(self) -> datetime:
        """When the snapshot was published, in local time.

        Raises:
            WarehouseError: there is none.
        """
        return datetime.fromtimestamp(self._stamp()[0] / 1e9).astimezone()

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """The rows of a query with ``$name`` parameters, as dicts by column."""
        with self._cursor() as con:
            cursor = con.execute(sql, _used(sql, parameters))
            names = [str(d[0]) for d in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def row(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Row | None:
        """The first row of a query, None where there is none."""
        return next(iter(self.rows(sql, parameters)), None)

    def frame(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """The answer of a query as a pandas frame."""
        with self._cursor() as con:
            return con.execute(sql, _used(sql, parameters)).df()

    def stream(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Iterator[tuple[Any, ...]]:
        """Column names, then row after row; memory stays bounded however many there are."""
        with self._cursor() as con:
            cursor = con.execute(sql, _used(sql, parameters))
            yield tuple(str(d[0]) for d in cursor.description or ())
            while rows := cursor.fetchmany(_BATCH):
                yield from rows

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._con is not None:
                self._con.close()
                self._con = None

    def _stamp(self) -> tuple[int, int]:
        try:
            state = self.path.stat()
        except OSError as error:
            msg = f"There is no snapshot at {self.path} yet: `faultline run` makes one."
            raise WarehouseError(msg) from error
        return state.st_mtime_ns, state.st_ino

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._lock:
            stamp = self._stamp()
            if self._con is None or stamp != self._opened:
                # The old one is let go and not closed: that would end the queries that still run on it.
                self._con, self._opened = connect_reader(self.path), stamp
            cursor = another_reader(self._con)
        try:
            yield cursor
        finally:
            cursor.close()


def _used(sql: str, parameters: Mapping[str, Any] | None) -> dict[str, Any]:
    """Those parameters that the query names: DuckDB takes no others."""
    named = set(re.findall(r"\$([a-z_]+)", sql))
    return {k: v for k, v in (parameters or {}).items() if k in named}
