"""Lakes for tests: catalogs in a real PostgreSQL, files in a folder or in a server that speaks S3's protocol."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
from moto.server import ThreadedMotoServer
from postgres_server import PASSWORD, PostgresServer, serving_postgres

from pipeline.warehouse.lake import DuckLake

BUCKET = "lake"
# Where users have them: in the environment.
SECRETS = {
    "PGPASSWORD": PASSWORD,
    "AWS_ACCESS_KEY_ID": "someone",
    "AWS_SECRET_ACCESS_KEY": "something",
    "AWS_DEFAULT_REGION": "us-east-1",
}


class Lakes:
    """Makes lakes; all end with the servers."""

    def __init__(self, postgres: PostgresServer, endpoint: str) -> None:
        self.postgres, self.endpoint = postgres, endpoint
        self._template = ""
        self._number = 0
        self._of_folder: dict[Path, DuckLake] = {}

    def make(self, folder: Path, endpoint: str = "", *, empty_catalog: bool = False) -> DuckLake:
        """A lake without rows; its files lie below the folder, or in S3 where an endpoint is given."""
        self._number += 1
        name = f"lake_{os.getpid()}_{self._number}"
        place = f"s3://{BUCKET}/{name}" if endpoint else str(folder / name)
        if empty_catalog:
            return DuckLake(self.postgres.create(name), place, endpoint)
        catalog = self.postgres.create(name, self._migrated())
        con = self.postgres.connect(name)
        with con.cursor() as cursor:
            cursor.execute("UPDATE ducklake_metadata SET value = %s WHERE key = 'data_path'", [f"{place}/"])
        con.close()
        return DuckLake(catalog, place, endpoint)

    def of(self, folder: Path) -> DuckLake:
        """The lake in S3 that stands for the warehouse file of a folder."""
        if folder not in self._of_folder:
            self._of_folder[folder] = self.make(folder, self.endpoint)
        return self._of_folder[folder]

    def environment(self, lake: DuckLake) -> dict[str, str]:
        """Settings that name a lake."""
        return {
            "FAULTLINE_WAREHOUSE__KIND": "ducklake",
            "FAULTLINE_WAREHOUSE__CATALOG": lake.catalog,
            "FAULTLINE_WAREHOUSE__DATA_PATH": lake.data_path,
            "FAULTLINE_OBJECT_STORE__ENDPOINT": lake.endpoint,
            **SECRETS,
        }

    def _migrated(self) -> str:
        """The name of a database with the catalog of an empty lake, migrated once for all."""
        if not self._template:
            self._template = f"template_{os.getpid()}"
            catalog = self.postgres.create(self._template)
            # In a process of its own: PostgreSQL copies no database that somebody has open.
            program = (
                "import sys; from pipeline.warehouse.lake import DuckLake; from pipeline.warehouse.store import Warehouse; "
                "Warehouse(DuckLake(*sys.argv[1:])).row_counts()"
            )
            subprocess.run(
                [sys.executable, "-c", program, catalog, f"s3://{BUCKET}/template", self.endpoint],
                check=True,
                env={**os.environ, **SECRETS},
            )
        return self._template


@contextmanager
def serving_s3() -> Iterator[str]:
    """Start a server that speaks S3's protocol, with the bucket; yields its endpoint."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    client = boto3.Session("someone", "something", region_name="us-east-1").client("s3", endpoint_url=endpoint)
    client.create_bucket(Bucket=BUCKET)
    client.close()
    try:
        yield endpoint
    finally:
        server.stop()


@contextmanager
def serving_lakes() -> Iterator[Lakes]:
    """Start PostgreSQL and S3. Skips the test where PostgreSQL is not installed."""
    with serving_postgres() as postgres, serving_s3() as endpoint:
        yield Lakes(postgres, endpoint)
