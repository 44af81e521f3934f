"""``python -m benchmarks.storage [WORDS]``: bytes that an article takes in the warehouse, as read and as tagged, without the marts.

Blocks in use are counted, not the file. Articles as read: the growth of a warehouse by distinct articles of newswire. Tagged: a sample is tagged and
stored under other ids again and again; what the first copy takes with it (tables, first blocks) is left out. Without newswire beside the
repository, the bundled articles.
"""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.corpora import articles, sample, words
from benchmarks.indicator_growth import used
from benchmarks.performance import record
from pipeline.indicator_settings import Indicators
from pipeline.records import Article
from pipeline.settings import load_settings
from pipeline.steps import load_knowledge
from pipeline.tag.tagger import Tagger
from pipeline.warehouse.store import Warehouse

MOST_WORDS, COPIES, BATCH = 30_000, 24, 500


def used_by(warehouse: Warehouse) -> int:
    """Bytes of the blocks that hold something."""
    with warehouse.connect() as con:
        return used(con)


def as_read(folder: Path, found: Sequence[Article]) -> float:
    """Bytes an article in ``raw``, by the growth from half of the articles to all."""
    warehouse = Warehouse(folder / "read.duckdb")
    half = len(found) // 2
    warehouse.add(found[:half], "b")
    before = used_by(warehouse)
    warehouse.add(found[half:], "b")
    return (used_by(warehouse) - before) / (len(found) - half)


def as_tagged(folder: Path, found: Sequence[Article]) -> tuple[float, float]:
    """Bytes and events an article in ``core``."""
    warehouse = Warehouse(folder / "tagged.duckdb")
    load_knowledge(warehouse, Indicators())
    tagged = list(Tagger(load_settings().model.name).tag(found))
    before = 0
    for copy in range(COPIES):
        warehouse.store_tagged([replace(t, article_id=f"{copy}-{t.article_id}") for t in tagged])
        before = before or used_by(warehouse)
    return (used_by(warehouse) - before) / ((COPIES - 1) * len(tagged)), sum(len(t.events) for t in tagged) / len(
        tagged
    )


def main() -> int:
    """Measure and record."""
    corpus = "newswire" if articles("newswire") is not None else "bundled"
    every = list(articles(corpus) or ())
    some = sample(corpus, int(sys.argv[1]) if len(sys.argv) > 1 else MOST_WORDS) or []
    with tempfile.TemporaryDirectory() as name:
        raw = as_read(Path(name), every)
        core, events = as_tagged(Path(name), some)
    figures = {
        "corpus": corpus,
        "articles": len(every),
        "tagged": len(some),
        "words": sum(map(words, every)) / len(every),
        "text": sum(len(a.text.encode()) for a in every) / len(every),
        "raw": raw,
        "core": core,
        "events": events,
    }
    print(f"  {corpus}: {figures}")
    record("storage", figures)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
