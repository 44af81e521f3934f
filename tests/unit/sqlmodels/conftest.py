"""A folder of SQL models written by the test, over two small sources."""

from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
import pytest

from pipeline.sqlmodels import Project, load_project

SOURCES = {"core.events": ["event_id", "actor", "score"], "core.actors": ["actor", "name"]}
WriteProject = Callable[[Mapping[str, str]], Project]


@pytest.fixture
def write_project(tmp_path: Path) -> WriteProject:
    """Writes files by their path below the folder, and loads them."""

    def write(files: Mapping[str, str]) -> Project:
        for name, text in files.items():
            path = tmp_path / "models" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return load_project(tmp_path / "models", SOURCES)

    return write


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    """The two sources with a few rows."""
    con = duckdb.connect()
    con.execute("CREATE SCHEMA core")
    con.execute(
        "CREATE TABLE core.events AS FROM (VALUES ('e1', 'A', 2), ('e2', 'A', -4), ('e3', 'B', 1)) t(event_id, actor, score)"
    )
    con.execute("CREATE TABLE core.actors AS FROM (VALUES ('A', 'Army'), ('B', 'Band')) t(actor, name)")
    return con
