"""A real PostgreSQL on the loopback address, of Debian's packages, for tests: a cluster of its own in a temporary folder."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

USER, PASSWORD = "postgres", "of the tests"  # noqa: S105 - a server that lives as long as they do


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@dataclass(frozen=True)
class PostgresServer:
    """A server that runs; the password goes with PGPASSWORD."""

    port: int

    def connect(self, database: str = "postgres"):  # type: ignore[no-untyped-def]
        con = psycopg2.connect(dbname=database, host="127.0.0.1", port=self.port, user=USER, password=PASSWORD)
        con.autocommit = True
        return con

    def create(self, database: str, template: str = "template1") -> str:
        """Make a database; returns the connection string of DuckLake's catalog in it."""
        con = self.connect()
        with con.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        con.close()
        return f"postgres:dbname={database} host=127.0.0.1 port={self.port} user={USER}"

    def databases(self) -> set[str]:
        con = self.connect()
        with con.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database")
            names = {str(name) for (name,) in cursor.fetchall()}
        con.close()
        return names


@contextmanager
def serving_postgres() -> Iterator[PostgresServer]:
    """Start a server, and stop it at the end. Skips the test where PostgreSQL is not installed."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: apt-get install --no-install-recommends postgresql")
    # A server refuses to run as root: then Debian's user of that name runs it.
    who = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="faultline-postgres-"))
    try:
        if who:
            shutil.chown(folder, **who)
        word = folder / "password"
        word.write_text(PASSWORD)
        if who:
            shutil.chown(word, **who)
        data, port = folder / "data", _free_port()
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", USER, "-A", "scram-sha-256", f"--pwfile={word}", "-E", "UTF8", "--no-sync"],
            check=True, capture_output=True, cwd=folder, **who,  # type: ignore[call-overload]
        )  # fmt: skip
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", folder, "-F", "-c", "max_connections=200"],
                stdout=log, stderr=log, cwd=folder, **who,  # type: ignore[call-overload]
            )  # fmt: skip
        try:
            for _ in range(600):
                try:
                    PostgresServer(port).connect().close()
                    break
                except psycopg2.OperationalError:
                    assert server.poll() is None, (folder / "log").read_text()
                    time.sleep(0.1)
            yield PostgresServer(port)
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
