"""Tagging by one process, by two, and by a Dask cluster of two workers on this machine, over the same articles, as paired ratios.

``python -m benchmarks.workers [FILE.jsonl[.gz] [ARTICLES [ROUNDS]]]``, newswire without a file. Each measurement is a program of its own that tags into
a new warehouse, once its workers have loaded their models. Processor seconds and peak memory are those of all its processes. The rows that each wrote
are compared. Two workers need two idle cores: on a machine with other work the ratios say little.
"""

import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.corpora import SHARED
from benchmarks.performance import record, table
from pipeline.ingest.tagger_input import read_tagger_input
from pipeline.steps import tag_untagged
from pipeline.tag.tagger import Tagger
from pipeline.warehouse.batches import TaggedBatch, articles_of, articles_table, tagged_table
from pipeline.warehouse.rows import row_id
from pipeline.warehouse.store import Warehouse
from pipeline.workers.opening import Workforce, open_engine
from pipeline.workers.places import Folder
from pipeline.workers.wire import from_bytes, to_bytes

ARTICLES, ROUNDS = 600, 3
MODES = {"one process": ("process", 1), "two processes": ("process", 2), "dask, two workers": ("dask", 2)}
_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds() -> float:
    """CPU seconds that this process and all below it have used."""
    times, parents = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(folder.name)] = int(fields[1])
            times[int(folder.name)] = int(fields[11]) + int(fields[12])
    ours = {os.getpid()}
    while more := {p for p, parent in parents.items() if parent in ours and p not in ours}:
        ours |= more
    return sum(times[p] for p in ours) / _TICKS


def peak_megabytes() -> float:
    """The most memory that each of this process and those below it has held, in all (peaks at different moments are added up)."""
    peak = 0.0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (int(folder.name) == os.getpid() or os.getpid() in _ancestors(int(folder.name))):
            with suppress(OSError, StopIteration):
                status = (folder / "status").read_text().splitlines()
                peak += int(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1024
    return peak


def _ancestors(pid: int) -> set[int]:
    found: set[int] = set()
    with suppress(OSError):
        while pid > 1:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            found.add(pid)
    return found


def rows_of(warehouse: Warehouse) -> str:
    """What was written, but for when and how fast: digests of the tables' rows that do not depend on their order."""
    with warehouse.connect() as con:
        tables = [
            t
            for (t,) in con.execute(
                "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'core' ORDER BY 1"
            ).fetchall()
        ]
        digests = {}
        for table_ in tables:
            columns = "* EXCLUDE (tagged_at, seconds)" if table_ == "tagging_runs" else "*"
            sql = f"SELECT count(*), bit_xor(hash(t)), sum(hash(t) % 4294967296) FROM (SELECT {columns} FROM core.{table_}) t"  # noqa: S608
            digests[table_] = con.execute(sql).fetchall()
    return hashlib.blake2b(repr(digests).encode(), digest_size=8).hexdigest()


def filled(folder: Path, source: Path, number: int) -> Warehouse:
    """A new warehouse with the first articles of a file."""
    warehouse = Warehouse(folder / "warehouse.duckdb")
    warehouse.add(list(islice(read_tagger_input(source), number)), "benchmark")
    return warehouse


def batch_size(number: int) -> int:
    """The default of the settings, or less where there were few batches to share out."""
    return min(500, max(50, number // 40))


def measure(mode: str, source: Path, number: int) -> dict[str, Any]:
    """Wall and processor seconds of starting the workers, and of tagging and storing all articles; memory, and a digest of the rows."""
    engine, workers = MODES[mode]
    with tempfile.TemporaryDirectory() as name:
        warehouse = filled(Path(name), source, number)
        started, cpu = time.perf_counter(), cpu_seconds()
        with open_engine(Tagger(), Workforce(engine, workers, batches=Folder(Path(name) / "batches"))) as opened:
            # Two batches a worker, so that none of them is left out; nothing of them is stored.
            warm = articles_table(islice(read_tagger_input(source), 4 * workers)).to_batches(max_chunksize=2)
            for _ in opened.tag(pa.Table.from_batches([b]) for b in warm):
                pass
            ready, cpu_ready = time.perf_counter(), cpu_seconds()
            report = tag_untagged(warehouse, opened, batch_size(number))
            done, cpu_done = time.perf_counter(), cpu_seconds()
            peak = peak_megabytes()
        return {
            "articles": report.articles,
            "start": ready - started,
            "tag": done - ready,
            "cpu start": cpu_ready - cpu,
            "cpu tag": cpu_done - cpu_ready,
            "peak": peak,
            "rows": rows_of(warehouse),
        }


def overhead(source: Path, number: int) -> dict[str, float]:
    """CPU seconds of each thing that is done to the articles, in one process."""
    spent: dict[str, float] = {}

    def timed[T](what: str, work: Callable[[], T]) -> T:
        started = time.process_time()
        result = work()
        spent[what] = spent.get(what, 0.0) + time.process_time() - started
        return result

    with tempfile.TemporaryDirectory() as name:
        warehouse = filled(Path(name), source, number)
        tagger = Tagger()
        timed("loading the model", lambda: tagged_table(tagger.tag(islice(read_tagger_input(source), 2))))
        todo = timed("articles from the warehouse", lambda: warehouse.untagged(tagger.coder_version, number))
        size = batch_size(len(todo))
        for first in range(0, len(todo), size):
            articles = todo.slice(first, size)
            sent = timed("articles over a socket", lambda a=articles: from_bytes(to_bytes(a)))
            tagged = timed("tagging", lambda a=sent: list(tagger.tag(articles_of(a))))
            table = timed("rows as Arrow", lambda t=tagged: tagged_table(t))
            timed("tagged batches over a socket", lambda t=table: from_bytes(to_bytes(t)))
            file = Path(name) / row_id(first)
            timed("both through Parquet", lambda a=articles, t=table, f=file: [_through(x, f) for x in (a, t)])
            timed("merge into the warehouse", lambda t=table: warehouse.store_batch(TaggedBatch(t)))
    return spent


def _through(table: pa.Table, file: Path) -> pa.Table:
    pq.write_table(table, file, compression="zstd")
    return pq.read_table(file)


def _alone(*arguments: object) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.workers", *map(str, arguments)]
    result: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)  # noqa: S603 - this module
    return result


def main() -> int:
    """Print each measurement, the ratios of each round and their medians, and what the overhead is made of."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED / "gold/corpora/newswire.jsonl.gz"
    if not source.exists():
        print(f"There are no articles at {source}: nothing to measure.", file=sys.stderr)
        return 1
    number, rounds = (int(v) for v in (*sys.argv[2:4], *(str(ARTICLES), str(ROUNDS))[len(sys.argv[2:4]) :]))
    found: dict[str, list[dict[str, Any]]] = {mode: [] for mode in MODES}
    for turn in range(rounds):
        for mode, measured in found.items():
            m = _alone(source, number, mode)
            measured.append(m)
            print(
                f"round {turn + 1}, {mode}: {m['articles']:.0f} articles in {m['tag']:.1f} s ({m['cpu tag']:.1f} s of CPU), "
                f"start {m['start']:.1f} s ({m['cpu start']:.1f}), peak {m['peak']:,.0f} MB, rows {m['rows']}",
                flush=True,
            )
    spent = _alone(source, number, "overhead")
    ones = found["one process"]
    rows = [_line(mode, ones, measured) for mode, measured in found.items()]
    same = len({m["rows"] for measured in found.values() for m in measured}) == 1
    parts = [[what, f"{seconds:.2f}", f"{seconds / spent['tagging']:.1%}"] for what, seconds in spent.items()]
    text = (
        f"{source.name}: {ones[0]['articles']:,} articles, {rounds} rounds; seconds of the clock with the models loaded, medians, and "
        "articles a second as a multiple of one process in the same round, the median and the range. "
        f"The rows of all core tables are {'**the same**' if same else '**not the same**'}, whoever tagged.\n\n"
        + table(
            ["who tags", "articles/s", "processor s", "times one process", "with loading", "peak MB, all processes"],
            rows,
        )
        + "\nWhat is done to the articles, in one process:\n\n"
        + table(["what", "processor s", "of tagging"], parts)
    )
    print(text)
    record("workers", {source.name: text}, beside=True)
    return 0 if same else 1


def _line(mode: str, ones: Sequence[dict[str, Any]], measured: Sequence[dict[str, Any]]) -> list[str]:
    def ratios(seconds: Callable[[dict[str, Any]], float]) -> str:
        found = [seconds(one) / seconds(m) for one, m in zip(ones, measured, strict=True)]
        return f"**{statistics.median(found):.2f}** ({min(found):.2f}–{max(found):.2f})"

    def middle(name: str) -> float:
        return statistics.median(m[name] for m in measured)

    return [
        mode,
        f"{measured[0]['articles'] / middle('tag'):.1f}",
        f"{middle('cpu tag'):,.0f}",
        ratios(lambda m: m["tag"]),
        ratios(lambda m: m["start"] + m["tag"]),
        f"{middle('peak'):,.0f}",
    ]


if __name__ == "__main__":
    if len(sys.argv) == 4 and not sys.argv[3].isdigit():
        wanted = overhead if sys.argv[3] == "overhead" else lambda *a: measure(sys.argv[3], *a)
        print(json.dumps(wanted(Path(sys.argv[1]), int(sys.argv[2]))))
        raise SystemExit(0)
    raise SystemExit(main())
