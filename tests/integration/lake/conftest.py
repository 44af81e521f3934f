"""A lake of its own for each test: its catalog in a real PostgreSQL, its files in a folder or in an S3-compatible server."""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer
from postgres_server import PASSWORD, PostgresServer, serving_postgres

from pipeline.warehouse.lake import DuckLake

KEYS = {"AWS_ACCESS_KEY_ID": "someone", "AWS_SECRET_ACCESS_KEY": "something", "AWS_DEFAULT_REGION": "us-east-1"}
BUCKET = "lake"
_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with serving_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of a server that speaks S3's protocol, with one bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    client = boto3.Session("someone", "something", region_name="us-east-1").client("s3", endpoint_url=endpoint)
    client.create_bucket(Bucket=BUCKET)
    client.close()
    yield endpoint
    server.stop()


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords and keys where users have them: in the environment."""
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="session")
def template(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database that holds the catalog of an empty lake, migrated once for all."""
    name = f"template_{os.getpid()}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGPASSWORD", PASSWORD)
        catalog = postgres.create(name)
        # In a process of its own: PostgreSQL copies no database that somebody has open.
        program = "import sys; from pipeline.warehouse.lake import DuckLake as L; from pipeline.warehouse.store import Warehouse as W; W(L(*sys.argv[1:])).row_counts()"
        subprocess.run([sys.executable, "-c", program, catalog, str(tmp_path_factory.mktemp("template"))], check=True)
    return name


@pytest.fixture
def new_lake(postgres: PostgresServer, template: str, tmp_path: Path) -> Callable[..., DuckLake]:
    """Makes a lake without rows: ``new_lake()`` in a folder, ``new_lake(endpoint)`` in S3."""

    def make(endpoint: str = "", *, empty_catalog: bool = False) -> DuckLake:
        name = f"lake_{os.getpid()}_{next(_numbers)}"
        place = f"s3://{BUCKET}/{name}" if endpoint else str(tmp_path / name)
        if empty_catalog:
            return DuckLake(postgres.create(name), place, endpoint)
        catalog = postgres.create(name, template)
        con = postgres.connect(name)
        with con.cursor() as cursor:
            cursor.execute("UPDATE ducklake_metadata SET value = %s WHERE key = 'data_path'", [f"{place}/"])
        con.close()
        return DuckLake(catalog, place, endpoint)

    return make


@pytest.fixture
def lake(new_lake: Callable[..., DuckLake]) -> DuckLake:
    return new_lake()
