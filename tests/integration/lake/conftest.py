"""A lake of its own for each test: its catalog in a real PostgreSQL, its files in a folder or in an S3-compatible server."""

from collections.abc import Callable
from pathlib import Path

import pytest
from lakes import SECRETS, Lakes
from postgres_server import PostgresServer

from pipeline.warehouse.lake import DuckLake


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords and keys where users have them: in the environment."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def new_lake(lakes: Lakes, tmp_path: Path) -> Callable[..., DuckLake]:
    """Makes a lake without rows: ``new_lake()`` in a folder, ``new_lake(endpoint)`` in S3."""

    def make(endpoint: str = "", *, empty_catalog: bool = False) -> DuckLake:
        return lakes.make(tmp_path / "lakes", endpoint, empty_catalog=empty_catalog)

    return make


@pytest.fixture
def lake(new_lake: Callable[..., DuckLake]) -> DuckLake:
    return new_lake()


@pytest.fixture
def postgres(lakes: Lakes) -> PostgresServer:
    return lakes.postgres


@pytest.fixture
def s3(lakes: Lakes) -> str:
    return lakes.endpoint
