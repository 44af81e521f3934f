"""Memory of the driver: ``python -m benchmarks.driver_memory [ARTICLES[/TO_DO] …] [read] [engine] [all]``, through a Dask cluster of two workers.

The articles are made up and the coder reads nothing, so that minutes are enough: what is measured is what drives it, from the warehouse through engine,
cluster and folder back into the warehouse. Each size is a program of its own; its warehouse is filled by another one, so that filling is no part of its
peak. 1000000/20000 is a warehouse of a million articles of which the last 20,000 are still to do: what a driver that is stopped and started again near
the end of a million finds. 60000 does all of them in one program: what a driver keeps from batch to batch would show. Where memory goes is told by
leaving out: ``read`` only looks the articles up; ``engine`` has them tagged and drops the rows; ``all`` stores them.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.performance import FIGURES, record
from pipeline.records import Article, Sentence, TaggedArticle
from pipeline.steps import tag_untagged, untagged_batches
from pipeline.tag.tagger import Tagger
from pipeline.warehouse.store import Warehouse
from pipeline.workers.opening import Workforce, open_engine
from pipeline.workers.places import Folder

SIZES, BATCH = ("20000", "60000", "200000/20000", "1000000/20000"), 500
PARTS = ("read", "engine", "all")
_FILL = """
INSERT INTO raw.articles BY NAME
SELECT 'a' || hash(i) AS article_id, 'paper' AS source, DATE '2024-01-01' + (i % 365)::INTEGER AS published, 'day' AS published_precision,
    'They met in town ' || hash(i, 'x') || '.' AS text, 'h' || i AS text_hash, TIMESTAMP '2024-01-01' AS fetched_at, 'b' AS ingest_batch
FROM range($articles) r(i);
INSERT INTO core.tagging_runs BY NAME SELECT article_id, $coder AS coder_version, TIMESTAMP '2024-01-01' AS tagged_at
FROM raw.articles ORDER BY published, article_id LIMIT $done;
INSERT INTO core.sentences BY NAME SELECT article_id, coder_version, 0 AS sentence, 0 AS start_char, 9 AS end_char FROM core.tagging_runs;
"""


class Quick(Tagger):
    """Finds one sentence in each article, without reading it."""

    def tag(self, articles: Iterable[Article]) -> Iterator[TaggedArticle]:
        """See ``Tagger``."""
        for a in articles:
            yield TaggedArticle(
                doc_id=a.doc_id or "",
                coder_version=self.coder_version,
                sentences=(Sentence(0, len(a.text)),),
                article_id=a.article_id,
            )


def fill(folder: Path, articles: int, to_do: int) -> None:
    """A warehouse with so many articles, of which so many are to be tagged."""
    values = {"articles": articles, "coder": Quick().coder_version, "done": articles - to_do}
    with Warehouse(folder / "w.duckdb").connect() as con:
        for statement in _FILL.strip().split(";")[:-1]:
            con.execute(statement, {k: v for k, v in values.items() if f"${k}" in statement})


def measure(folder: Path, part: str) -> dict[str, float]:
    """Drive all articles of the warehouse through; articles, seconds and the peak of this process alone in MB."""
    from benchmarks.driver_memory import Quick as Importable  # workers look it up by its module's name

    warehouse, tagger = Warehouse(folder / "w.duckdb"), Importable()
    begun = time.perf_counter()
    done = 0
    if part == "read":
        done = sum(len(b) for b in untagged_batches(warehouse, tagger.coder_version, BATCH))
    else:
        with open_engine(tagger, Workforce("dask", 2, batches=Folder(folder / "batches"))) as engine:
            if part == "all":
                done = tag_untagged(warehouse, engine, BATCH).articles
            else:
                tagged = engine.tag(untagged_batches(warehouse, tagger.coder_version, BATCH))
                done = sum(len(b.tagged) for b in tagged)
    status = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    peak = next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))
    return {"articles": done, "seconds": time.perf_counter() - begun, "peak_mb": peak}


def _alone(*arguments: object) -> str:
    command = [sys.executable, "-m", "benchmarks.driver_memory", *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603 - this module


def _known(key: str) -> dict[str, Any]:
    """Figures of the other parts of a size, which stay."""
    known: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    return dict(known.get("driver", {}).get("figures", {}).get(key, {}))


def main() -> int:
    """Measure each size and part, and record them."""
    sizes = [a for a in sys.argv[1:] if a not in PARTS] or SIZES
    parts = [a for a in sys.argv[1:] if a in PARTS] or PARTS
    for size in sizes:
        articles, _, some = size.partition("/")
        to_do = int(some or articles)
        key = f"{int(articles):09}/{to_do:09}"
        found = _known(key)
        for part in parts:
            with tempfile.TemporaryDirectory() as name:
                _alone("fill", name, articles, to_do)
                found[part] = m = json.loads(_alone("drive", name, part))
            print(f"  {size}, {part}: {m['seconds']:.0f} s, peak of the driver {m['peak_mb']:,.0f} MB", flush=True)
            if m["articles"] != to_do:
                print(f"  {m['articles']:,.0f} came through instead", file=sys.stderr)
                return 1
            record("driver", {key: found}, beside=True)
    return 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["fill", folder, articles, to_do]:
            fill(Path(folder), int(articles), int(to_do))
        case ["drive", folder, part]:
            print(json.dumps(measure(Path(folder), part)))
        case _:
            raise SystemExit(main())
