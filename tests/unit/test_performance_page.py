"""docs/performance.md is what its figures say, and says what is not measured."""

import json
from pathlib import Path

import pytest

from benchmarks import performance

DOCS = Path(__file__).parent.parent.parent / "docs"
CORPUS = {
    "what": "made for this test",
    "articles": 2,
    "words": 1200,
    "bare_words": 4000.0,
    "tag_words": 3000.0,
    "tag_articles": 5.0,
    "ratios": [0.7, 0.75, 0.9],
    "ratio": 0.75,
    "peak_mb": 900.0,
}


def test_the_page_is_written_from_the_figures() -> None:
    figures = json.loads((DOCS / "performance.json").read_text(encoding="utf-8"))
    assert (DOCS / "performance.md").read_text(encoding="utf-8") == performance.render(figures)


def test_a_part_measured_again_replaces_itself_and_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(performance, "FIGURES", tmp_path / "p.json")
    monkeypatch.setattr(performance, "PAGE", tmp_path / "p.md")
    performance.record("startup", {"`faultline --help`": {"cpu": 0.14, "clock": 0.16, "runs": 7}})
    performance.record("throughput", {"mine": {**CORPUS, "ratio": 0.5}, "Reuters": None})
    performance.record("throughput", {"mine": CORPUS, "Reuters": None})
    page = (tmp_path / "p.md").read_text(encoding="utf-8")
    assert "| `faultline --help` | 0.14 | 0.16 | 7 |" in page
    assert "**0.75** (0.70–0.90)" in page
    assert "0.50" not in page
    assert "| Reuters | skipped: not beside the repository |" in page
    assert "Not measured yet: `python -m benchmarks.growth`" in page


def test_the_page_is_in_the_order_of_the_file_whichever_part_came_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(performance, "FIGURES", tmp_path / "p.json")
    monkeypatch.setattr(performance, "PAGE", tmp_path / "p.md")
    for corpus in ("zebra", "ant"):
        performance.record("workers", {corpus: f"{corpus} measured.\n"}, beside=True)
    assert (tmp_path / "p.md").read_text() == performance.render(json.loads((tmp_path / "p.json").read_text()))
