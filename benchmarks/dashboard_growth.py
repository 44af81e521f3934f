"""``python -m benchmarks.dashboard_growth 1``: how long each page of the dashboard takes over so many million events.

The events are those of ``indicator_growth``. What is measured: seconds until a page's HTML is whole, asked twice, over HTTP on loopback; and its size. With
a path instead of a number, the snapshot there is measured, which saves the minutes of building.
"""

import socket
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx
import uvicorn

from benchmarks.indicator_growth import ROOT, fill
from pipeline.indicator_settings import Indicators
from pipeline.report.dashboard.app import create_app
from pipeline.sqlmodels import build, load_project
from pipeline.warehouse.publish import publish
from pipeline.warehouse.reference import parameter_rows
from pipeline.warehouse.sources import relation_columns
from pipeline.warehouse.store import Warehouse

PAGES = {
    "overview": "/",
    "overview, filtered": "/?actor=State+7&pairs.sort=-n_events",
    "pair": "/pair?a=S0&b=S1",
    "pair, ten years": "/pair?a=S0&b=S1&all=1",
    "evidence of a month": "/evidence?a=S0&b=S1&from=2021-03-01&to=2021-03-31",
    "evidence of ten years": "/evidence?a=S0&b=S1",
    "one event": "/evidence?id=e0",
    "actor": "/actor?id=S0",
    "actors": "/actors",
    "incidents": "/incidents",
    "network": "/network",
    "articles": "/articles",
    "article": "/article?id=a0",
    "quality": "/quality",
    "CSV of all pairs": "/?csv=pairs",
}


def synthetic_snapshot(millions: float, folder: Path) -> Path:
    """Build and publish a warehouse of synthetic events."""
    warehouse = Warehouse(folder / "growth.duckdb")
    warehouse.load_reference({"parameters": parameter_rows(Indicators())})
    with warehouse.connect() as con:
        fill(con, int(millions * 1_000_000))
        build(con, load_project(ROOT / "dbt_like_sql", relation_columns()))
    return publish(warehouse, folder / "published").path


def measure(snapshot: Path, cache: Path) -> None:
    """Ask for every page twice and print seconds and kilobytes."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(snapshot, cache), log_level="error", lifespan="off"))
        threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True).start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with httpx.Client(base_url=address, timeout=600) as client:
            for name, path in PAGES.items():
                seconds = []
                for _ in range(2):
                    started = time.perf_counter()
                    answer = client.get(path)
                    seconds.append(time.perf_counter() - started)
                state = "" if answer.status_code == 200 else f" ({answer.status_code})"
                print(
                    f"{name:24} {seconds[0]:6.2f} s, again {seconds[1]:6.2f} s, {len(answer.content) / 1024:8,.0f} kB{state}",
                    flush=True,
                )
        server.should_exit = True


def main() -> int:
    """Measure a snapshot, or make one first."""
    what = sys.argv[1] if len(sys.argv) > 1 else "1"
    with tempfile.TemporaryDirectory() as folder:
        given = Path(what)
        measure(given if given.is_file() else synthetic_snapshot(float(what), Path(folder)), Path(folder))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
