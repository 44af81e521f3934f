"""The models as loaded from dbt_like_sql/, and an empty warehouse for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.sqlmodels import Project, load_project
from pipeline.warehouse.sources import relation_columns
from pipeline.warehouse.store import Warehouse
from tests.integration.models.corpus import Corpus

ROOT = Path(__file__).parent.parent.parent.parent


@pytest.fixture(scope="session")
def project() -> Project:
    return load_project(ROOT / "dbt_like_sql", relation_columns())


@pytest.fixture(scope="session")
def empty_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse at the newest revision; every test gets a copy, which is faster than to migrate again."""
    path = tmp_path_factory.mktemp("warehouse") / "empty.duckdb"
    with Warehouse(path).connect():
        return path


@pytest.fixture
def corpus(empty_warehouse: Path, tmp_path: Path, project: Project) -> Iterator[Corpus]:
    path = tmp_path / "w.duckdb"
    if empty_warehouse.exists():  # not where lakes stand for files
        shutil.copy(empty_warehouse, path)
    with Warehouse(path).connect() as con:
        yield Corpus(con, project)
