"""Files to read, written where a test runs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest import Limits, read_sources
from pipeline.records import Article, Rejected

Items = list[Article | Rejected]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str | bytes], Path]:
    """Writes a file below the (temporary) working directory: ``write("news/a.txt", "…")``."""
    monkeypatch.chdir(tmp_path)

    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


@pytest.fixture
def read(write: Callable[[str, str | bytes], Path]) -> Callable[..., Items]:
    """Writes one file and reads it: ``read("a.txt", "…", text_chars=10)`` sets a limit."""

    def read_one(name: str, content: str | bytes, **limits: int) -> Items:
        return list(read_sources([write(name, content)], Limits(**limits)))

    return read_one
