"""``python -m benchmarks.writing``: sizes of batches, and two ways of publishing.

Batches: articles are tagged once and stored again and again, in an empty warehouse each time. Publishing: synthetic events
(``indicator_growth``), all models built, published, a day of news, built, published again in both ways.
"""

import os
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from itertools import batched
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.corpora import ROOT, sample
from benchmarks.indicator_growth import fill, fill_day
from benchmarks.performance import record
from pipeline.indicator_settings import Indicators
from pipeline.records import Article, TaggedArticle
from pipeline.settings import load_settings
from pipeline.sqlmodels import build, load_project
from pipeline.steps import load_knowledge
from pipeline.tag.tagger import Tagger
from pipeline.warehouse.publish import publish
from pipeline.warehouse.reference import parameter_rows
from pipeline.warehouse.sources import relation_columns
from pipeline.warehouse.store import Warehouse

SIZES = (50, 200, 500, 1000, 2400)
COPIES, MOST_WORDS = 8, 60_000
EVENTS = (30_000, 300_000)


def batches() -> None:
    """Store the same tagged articles in batches of each size. Copies of articles under other ids: only storing is measured."""
    some = sample("newswire", MOST_WORDS) or sample("bundled", MOST_WORDS) or []
    tagger = Tagger(load_settings().model.name)
    list(tagger.tag(some[:5]))
    started = time.process_time()
    made = list(tagger.tag(some))
    tagging = (time.process_time() - started) * COPIES
    articles = [replace(a, article_id=f"{k}-{a.article_id}", text_hash=None) for k in range(COPIES) for a in some]
    tagged = [replace(t, article_id=f"{k}-{t.article_id}") for k in range(COPIES) for t in made]
    figures: dict[str, Any] = {"articles": len(tagged), "tagging": tagging, "batches": []}
    for size in SIZES:
        took = _store(articles, tagged, size)
        full = took[: len(tagged) // size] or took
        figures["batches"].append({"size": size, "cpu": sum(took), "first": full[0], "last": full[-1]})
        print(f"  batches of {size:,}: {sum(took):.1f} s, {sum(took) / tagging:.1%} of tagging", flush=True)
        record("batches", figures)


def _store(articles: list[Article], tagged: list[TaggedArticle], size: int) -> list[float]:
    took = []
    with tempfile.TemporaryDirectory() as name:
        warehouse = Warehouse(Path(name) / "w.duckdb")
        load_knowledge(warehouse, Indicators())
        warehouse.add(articles, "b")
        for batch in batched(tagged, size):
            started = time.process_time()
            warehouse.store_tagged(batch)
            took.append(time.process_time() - started)
    return took


def publishing() -> None:
    """The present way and the alternative, on warehouses of different sizes."""
    project = load_project(ROOT / "dbt_like_sql", relation_columns())
    figures = []
    for events in EVENTS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            file = folder / "w.duckdb"
            warehouse = Warehouse(file)
            warehouse.load_reference({"parameters": parameter_rows(Indicators())})
            with warehouse.connect() as con:
                fill(con, events)
                build(con, project)
            publish(warehouse, folder / "published")
            with warehouse.connect() as con:
                fill_day(con, events)
                changed = ["raw.articles", "core.tagging_runs", "core.sentences", "core.events"]
                changed += [r.model for r in build(con, project) if r.extent != "nothing" and _is_table(con, r.model)]
            target = folder / "published" / "warehouse.duckdb"
            row = {"events": events, "mb": file.stat().st_size / 1e6}
            row["changed"], row["changed_cpu"] = _timed(lambda: _changed_rows(file, target, folder / "next.duckdb", changed))  # noqa: B023 # fmt: skip
            row["copy"], row["copy_cpu"] = _timed(lambda: _copy(file, folder / "copy.duckdb"))  # noqa: B023
            figures.append(row)
            print(f"  {events:,} events: copy {row['copy']:.2f} s, changed rows {row['changed']:.2f} s", flush=True)
    record("publishing", figures)


def _is_table(con: duckdb.DuckDBPyConnection, model: str) -> bool:
    sql = "SELECT count(*) FROM duckdb_tables() WHERE schema_name || '.' || table_name = ?"
    return bool(con.execute(sql, [model]).fetchall()[0][0])


def _timed(work: Any) -> tuple[float, float]:
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processor


def _copy(warehouse: Path, target: Path) -> None:
    con = duckdb.connect(str(warehouse))
    con.execute("CHECKPOINT")
    shutil.copyfile(warehouse, target)
    con.close()
    _sync(target)


def _changed_rows(warehouse: Path, snapshot: Path, target: Path, tables: list[str]) -> None:
    """The last snapshot, brought to the new rows of the tables that changed: those that left are deleted, new ones inserted."""
    shutil.copyfile(snapshot, target)
    con = duckdb.connect(str(warehouse))
    con.execute(f"ATTACH '{target}' AS old")
    for table in tables:
        con.execute("BEGIN")
        con.execute(f"CREATE OR REPLACE TEMP TABLE gone AS SELECT rowid AS r FROM old.{table} t ANTI JOIN (SELECT hash(n) AS h FROM {table} n) k ON hash(t) = k.h")  # fmt: skip
        con.execute(f"DELETE FROM old.{table} WHERE rowid IN (SELECT r FROM gone)")
        con.execute(f"INSERT INTO old.{table} BY NAME SELECT n.* FROM {table} n ANTI JOIN (SELECT hash(t) AS h FROM old.{table} t) k ON hash(n) = k.h")  # fmt: skip
        con.execute("COMMIT")
    con.execute("CHECKPOINT old")
    con.close()
    _sync(target)


def _sync(file: Path) -> None:
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())


def main() -> int:
    """Both parts, or the one that is named: ``batches``, ``publishing``."""
    for part in sys.argv[1:] or ("batches", "publishing"):
        {"batches": batches, "publishing": publishing}[part]()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
