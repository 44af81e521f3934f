"""Fixtures that many tests share: one loaded tagger for the whole run, and the places of outside data."""

import fcntl
import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import command
import pytest
from command import faultline
from lakes import SECRETS, Lakes, serving_lakes
from local_server import Server, serving

from pipeline.records import Article, TaggedArticle
from pipeline.tag.tagger import Tagger

ROOT = Path(__file__).parent.parent


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes name no test: what was compressed holds the time, and each worker must collect the same tests."""
    return argname if isinstance(val, bytes) else None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--warehouse",
        choices=("duckdb", "ducklake"),
        default="duckdb",
        help="what the commands and definitions of the tests write: a file, or a lake on PostgreSQL and S3",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of what only a DuckDB file is or has are left out where the warehouse is a lake."""
    if config.getoption("--warehouse") == "ducklake":
        for item in items:
            if item.get_closest_marker("one_file"):
                item.add_marker(pytest.mark.skip(reason="about a warehouse that is one DuckDB file"))


@pytest.fixture(scope="session")
def lakes() -> Iterator[Lakes]:
    """PostgreSQL and S3 on the loopback address."""
    with serving_lakes() as lakes:
        yield lakes


@pytest.fixture(scope="session", autouse=True)
def chosen_warehouse(request: pytest.FixtureRequest) -> Iterator[None]:
    """``--warehouse ducklake``: each folder that a command runs in, and each path of a warehouse file, has a lake instead."""
    if request.config.getoption("--warehouse") == "duckdb":
        yield
        return
    lakes: Lakes = request.getfixturevalue("lakes")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SECRETS.items():
            patch.setenv(name, value)
        patch.setattr(command, "settings_of", lambda folder: lakes.environment(lakes.of(folder)))
        for module in ("pipeline.warehouse.store", "pipeline.warehouse.storage", "resources"):
            # Paths are those of <folder>/data/warehouse.duckdb, or of a file of a test's own.
            patch.setattr(
                f"{module}.DuckDBFile",
                lambda path: lakes.of(path.parent.parent if path.parent.name == "data" else path),
            )
        yield


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    """The tagger with its model loaded once."""
    return Tagger()


@pytest.fixture(scope="session")
def tag_text(tagger: Tagger) -> Callable[..., TaggedArticle]:
    """Tags one text: ``tag_text("…", published="2021-09-10")``; ``published=None`` leaves it undated."""

    def tag(text: str, published: str | None = "2021-09-10", source: str | None = None) -> TaggedArticle:
        day = date.fromisoformat(published) if published else None
        return next(tagger.tag([Article("test", text, published=day, source=source)]))

    return tag


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of outside gold data beside the repository; tests that need it are skipped without it."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(
            f"gold data not found at {folder}: this test measures against texts that are not part of the project"
        )
    return folder


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the bundled corpus was run, once for all tests and workers: only read what is there.

    stdout.txt holds what the run said.
    """
    # Each worker of pytest-xdist has a folder of its own below one of the whole session.
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "bundled-corpus"
    folder.mkdir(exist_ok=True)
    said = folder / "stdout.txt"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            result = faultline("run", ROOT / "examples", cwd=folder)
            assert result.returncode == 0, result.stderr
            said.write_text(result.stdout)
    return folder


@pytest.fixture(scope="session")
def snapshot(project: Path) -> Path:
    """The published snapshot of the bundled corpus. (Not for tests/browser, whose project holds a hostile article too.)"""
    return project / "data" / "published" / "warehouse.duckdb"


@pytest.fixture
def server() -> Iterator[Server]:
    """A real HTTP server on the loopback address."""
    with serving() as server:
        yield server
