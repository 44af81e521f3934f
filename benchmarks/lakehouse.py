"""What a lake costs against a file: rows written a second, bytes, and how they grow with the warehouse.

    python -m benchmarks.lakehouse "postgres:dbname=bench host=127.0.0.1 user=postgres" /tmp/lake-files [BATCHES]

The catalog must be an empty database. Prints for each tenth of the batches the CPU seconds and the wall seconds of a batch of 200 tagged
articles (made up, 20 sentences and entities each) in both, as ratios of the lake to the file, and at the end the bytes of both.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pipeline.warehouse.lake import DuckLake
from pipeline.warehouse.merge import insert_new
from pipeline.warehouse.schema import entities, sentences, tagging_runs
from pipeline.warehouse.storage import Connection
from pipeline.warehouse.store import Warehouse

_ARTICLES, _SENTENCES = 200, 20
_TAGGED_AT = datetime(2026, 1, 1)  # noqa: DTZ001 - as the warehouse keeps times: UTC without a zone


def _batch(number: int) -> Callable[[Connection], int]:
    runs, spans, names = [], [], []
    for a in range(_ARTICLES):
        key = {"article_id": f"{number}-{a}", "coder_version": "benchmark"}
        runs.append({**key, "tagged_at": _TAGGED_AT, "seconds": 0.1})
        for s in range(_SENTENCES):
            span = {"sentence": s, "start_char": s * 80, "end_char": s * 80 + 79}
            spans.append({**key, **span})
            names.append({**key, **span, "entity_id": f"{number}-{a}-{s}", "text": "Name", "label": "PERSON"})

    def write(con: Connection) -> int:
        return (
            insert_new(con, sentences, spans) + insert_new(con, entities, names) + insert_new(con, tagging_runs, runs)
        )

    return write


def _timed(warehouse: Warehouse, batch: Callable[[Connection], int]) -> tuple[float, float, int]:
    wall, cpu = time.perf_counter(), time.process_time()
    rows = warehouse.write(batch)
    return time.perf_counter() - wall, time.process_time() - cpu, rows


def main(catalog: str, data_path: str, batches: int = 50) -> None:
    """Write the same batches to both, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "w.duckdb"
        both = {"file": Warehouse(file), "lake": Warehouse(DuckLake(catalog, data_path))}
        for warehouse in both.values():
            warehouse.row_counts()  # migrations are not what is measured
        step = max(batches // 10, 1)
        print("batches  file s   cpu s   lake s   cpu s   lake/file wall  cpu   rows/s of file  lake")
        for first in range(0, batches, step):
            sums = {name: [0.0, 0.0, 0.0] for name in both}
            for number in range(first, min(first + step, batches)):
                batch = _batch(number)
                for name, warehouse in both.items():
                    for i, value in enumerate(_timed(warehouse, batch)):
                        sums[name][i] += value
            (fw, fc, fr), (lw, lc, lr) = sums["file"], sums["lake"]
            print(
                f"{min(first + step, batches):7} {fw:7.2f} {fc:7.2f}  {lw:7.2f} {lc:7.2f} {lw / fw:12.1f} {lc / fc:8.1f} {fr / fw:14,.0f} {lr / lw:9,.0f}",
                flush=True,
            )
        lake = sum(f.stat().st_size for f in Path(data_path).rglob("*.parquet"))
        with both["file"].connect() as con:
            con.execute("CHECKPOINT")
        print(f"bytes: file {file.stat().st_size:,}, Parquet files of the lake {lake:,}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:4]))
