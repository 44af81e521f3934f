"""``python -m benchmarks.ingest [CORPUS.jsonl.gz …]``: reading corpora as JSON lines, as a web archive and through a feed.

Prints articles per second of the clock and of the processor (the machine may have other work), peak memory, reposts and
near-duplicates of each reading, and of some of them again with copies of the corpus that have other addresses and words, so that memory
against size can be read off. Each reading runs in a process of its own, and the clock starts when that has loaded what it needs.
"""

import gzip
import html
import io
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from pipeline.ingest.catalog import open_sources
from pipeline.ingest.fields import ArticleMaker
from pipeline.ingest.html import page_to_article
from pipeline.ingest.source import DEFAULT_LIMITS
from pipeline.settings import load_settings
from pipeline.steps import ingest
from pipeline.warehouse.store import Warehouse

ROOT = Path(__file__).parent.parent
CORPORA = [ROOT.parent / "shared/gold/corpora" / f"{name}.jsonl.gz" for name in ("newswire", "reuters21578")]
COPIES = 5
MOST_ARTICLES = 20_000
# Pages take some milliseconds each to read.
WARC_PAGES = 2500
FEED_ENTRIES = 1000


def main() -> int:
    """Print one line a reading."""
    if len(sys.argv) == 4 and sys.argv[1] == "--child":
        return _child(sys.argv[2], Path(sys.argv[3]))
    for corpus in [Path(a) for a in sys.argv[1:]] or CORPORA:
        print(corpus.name)
        with tempfile.TemporaryDirectory() as name:
            _measure(corpus, Path(name))
    return 0


def _measure(corpus: Path, folder: Path) -> None:
    single = list(_records(corpus, 0))
    copies = COPIES if len(single) * COPIES <= MOST_ARTICLES else 1
    copied = single + [r for n in range(1, copies) for r in _records(corpus, n)]
    for records in (single, copied) if copies > 1 else (single,):
        _report("JSON lines", records, _in_child("files", _jsonl(folder / f"{len(records)}.jsonl.gz", records)))
    for records in (copied[:WARC_PAGES], copied[: WARC_PAGES * 2]):
        _report("WARC", records, _in_child("files", _warc(folder / f"{len(records)}.warc.gz", records)))
    for records in (single[: FEED_ENTRIES // 4], single[:FEED_ENTRIES]):
        with _Serving(records) as url:
            _report("feed", records, _in_child("feed", Path(url)))


def _records(corpus: Path, copy: int) -> Iterator[dict[str, Any]]:
    """The corpus; in copies each word bears the copy's number, so that no copy is a repost of another one."""
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            record = json.loads(line)
            text = record["text"] if copy == 0 else " ".join(f"{w}{copy}" for w in record["text"].split())
            yield {
                "url": f"https://wire.example/{copy}/{number}",
                "title": record["title"],
                "published": record["published"],
                "text": text,
            }


def _jsonl(path: Path, records: list[dict[str, Any]]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(r) + "\n" for r in records)
    return path


def _page(record: dict[str, Any]) -> bytes:
    paragraphs = "".join(f"<p>{html.escape(p)}</p>" for p in record["text"].split("\n\n") if p.strip())
    title = html.escape(record["title"] or "")
    head = f'<title>{title}</title><meta property="article:published_time" content="{record["published"]}">'
    return f"<!DOCTYPE html><html><head>{head}</head><body><article><h1>{title}</h1>{paragraphs}</article></body></html>".encode()


def _warc(path: Path, records: list[dict[str, Any]]) -> Path:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for record in records:
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            payload = io.BytesIO(_page(record))
            writer.write_record(
                writer.create_warc_record(record["url"], "response", payload=payload, http_headers=headers)
            )
    return path


class _Serving:
    """A server on the loopback address with one feed and its pages."""

    def __init__(self, records: list[dict[str, Any]]) -> None:
        pages = {f"/{n}": _page(r) for n, r in enumerate(records)}

        class Answering(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                body = pages.get(self.path, b"")
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        items = "".join(f"<item><link>{self.url}/{n}</link></item>" for n in range(len(records)))
        pages["/rss"] = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()

    def __enter__(self) -> str:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"{self.url}/rss"

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _in_child(kind: str, where: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.ingest", "--child", kind, str(where).replace("http:/1", "http://1")]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout))  # noqa: S603


def _child(kind: str, where: Path) -> int:
    address = {"url": str(where).replace("http:/1", "http://1")} if kind == "feed" else {"paths": [str(where)]}
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(
            paths={"data": folder, "sources": ()},
            http={"delay_seconds": 0, "per_host": 4, "private_hosts": ("127.0.0.1",), "cache_mb": 0},
            sources=({"kind": kind, "name": "measured", **address},),
        )
        warehouse = Warehouse(settings.warehouse_path, 60)
        warehouse.delivered()  # makes it
        page_to_article(
            _page({"title": "Pass", "published": "2021-09-07", "text": "Wachen am Pass. " * 30}),
            ArticleMaker("", DEFAULT_LIMITS),
        )
        started, before = time.perf_counter(), time.process_time()
        with open_sources(settings) as sources:
            report = ingest(sources, warehouse, "batch")
        seconds, processor = time.perf_counter() - started, time.process_time() - before
    [source] = report.sources
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "processor": processor, "read": source.read, "new": source.new, "reposts": source.reposts,
                      "near": source.near, "rejected": source.rejected, "peak": peak}))  # fmt: skip
    return 0


def _report(kind: str, records: list[dict[str, Any]], found: dict[str, Any]) -> None:
    print(
        f"  {kind:10} {len(records):7,} articles {found['read'] / found['seconds']:7,.0f} a second, "
        f"{found['read'] / found['processor']:6,.0f} a processor second, peak {found['peak']:4,.0f} MB, "
        f"{found['reposts']} reposts, {found['near']} near-duplicates, {found['rejected']} rejected",
        flush=True,
    )


if __name__ == "__main__":
    raise SystemExit(main())
