"""Declared sources from settings to warehouse: every kind, exactly once, and what becomes of one that fails."""

import gzip
import io
import json
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from command import environment
from local_server import Server, conditional, page, reply

from automation.runs import articles_config
from pipeline.definitions import build_definitions
from pipeline.ingest.catalog import open_sources
from pipeline.settings import Settings, load_settings
from pipeline.steps import IngestReport, ingest
from pipeline.warehouse.store import Warehouse

COMMAND = str(Path(sys.executable).with_name("faultline"))
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def rss(server: Server, *names: str) -> str:
    items = "".join(
        f"<item><title>{n}</title><link>{server.url}/{n}</link><pubDate>Tue, 07 Sep 2021 10:00:00 GMT</pubDate></item>"
        for n in names
    )
    return f'<rss version="2.0"><channel><title>Post</title>{items}</channel></rss>'


PAYWALL = '<script type="application/ld+json">{"isAccessibleForFree": false}</script>'


def serve(server: Server, *names: str, wait: float = 0) -> None:
    for n in names:
        server.routes[f"/{n}"] = reply(page(f"Title {n}", f"Guards of post {n} opened fire on lorry {n}."), wait=wait)


def settings_of(folder: Path, *sources: dict[str, object], **http: object) -> Settings:
    return load_settings(
        root=folder,
        paths={"data": str(folder / "data"), "sources": ()},
        http={"delay_seconds": 0, "tries": 1, "private_hosts": ("127.0.0.1",), **http},
        sources=sources,
    )


def read(settings: Settings, batch: str = "batch", *, again: bool = False, names: tuple[str, ...] = ()) -> IngestReport:
    warehouse = Warehouse(settings.warehouse_path, 30)
    with open_sources(settings, names=names) as sources:
        return ingest(sources, warehouse, batch, again=again)


def rows(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    with Warehouse(settings.warehouse_path).connect() as con:
        return con.execute(sql).fetchall()


def kinds(folder: Path, server: Server) -> list[dict[str, object]]:
    (folder / "archive").mkdir()
    with gzip.open(folder / "archive" / "a.jsonl.gz", "wt") as file:
        file.write(json.dumps({"body_en": "Guards closed the crossing.", "day": "2021-09-07"}) + "\n" + '{"day": 1}\n')
    (folder / "gdelt.csv").write_text("\t" * 57 + f"{server.url}/g\n")
    serve(server, "f", "u", "s", "g", "k")
    record = ["", "20210907001500", "1", "", f"{server.url}/k", *[""] * 22]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("20210907001500.gkg.csv", "\t".join(record) + "\n")
    server.routes["/gdeltv2/20210907001500.gkg.csv.zip"] = reply(packed.getvalue())
    server.routes["/far.csv"] = conditional("title,text\nFar,Envoys met at the pass.\n", '"far"', "text/csv")
    server.routes["/rss"] = reply(rss(server, "f"))
    server.routes["/sitemap.xml"] = reply(f"<urlset><url><loc>{server.url}/s</loc></url></urlset>")
    return [
        {"kind": "files", "name": "archive", "paths": ["archive"], "columns": {"text": "body_en", "published": "day"},
         "defaults": {"source": "Archive"}},
        {"kind": "feed", "name": "post", "url": f"{server.url}/rss"},
        {"kind": "urls", "name": "list", "urls": [f"{server.url}/u"]},
        {"kind": "sitemap", "name": "map", "url": f"{server.url}/sitemap.xml"},
        {"kind": "gdelt", "name": "gdelt", "paths": ["gdelt.csv"], "tables": ["gkg"], "base_url": server.url,
         "since": "2021-09-07T00:10:00", "until": "2021-09-07T00:20:00"},
        {"kind": "remote", "name": "far", "urls": [f"{server.url}/far.csv"]},
    ]  # fmt: skip


def test_every_kind_is_read_and_a_second_reading_finds_nothing_to_do(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = settings_of(tmp_path, *kinds(tmp_path, server))
    report = read(settings)
    assert not report.failures
    assert [(s.name, s.kind, s.read, s.new, s.rejected) for s in report.sources] == [
        ("archive", "files", 1, 1, 1), ("post", "feed", 1, 1, 0), ("list", "urls", 1, 1, 0), ("map", "sitemap", 1, 1, 0),
        ("gdelt", "gdelt", 2, 2, 0), ("far", "remote", 1, 1, 0),
    ]  # fmt: skip
    assert rows(settings, "SELECT source, published::VARCHAR FROM raw.articles WHERE ingest_source = 'archive'") == [
        ("Archive", "2021-09-07")
    ]
    pages = len(server.requests)
    second = read(settings, "second")
    assert (second.read, second.rejected) == (0, 0)
    assert {r.path for r in server.requests[pages:]} == {"/robots.txt", "/rss", "/sitemap.xml", "/far.csv"}
    again = read(settings, "third", again=True)
    assert (again.read, again.new) == (7, 0)


def test_failed_source_does_not_keep_the_others_and_is_asked_again(tmp_path: Path, server: Server) -> None:
    serve(server, "a", "b")
    server.routes["/good"] = reply(rss(server, "a"))
    server.routes["/bad"] = reply(status=500)
    settings = settings_of(
        tmp_path,
        {"kind": "feed", "name": "bad", "url": f"{server.url}/bad"},
        {"kind": "files", "name": "lost", "paths": ["absent"]},
        {"kind": "feed", "name": "good", "url": f"{server.url}/good"},
    )
    report = read(settings)
    assert [bool(s.failure) for s in report.sources] == [True, True, False]
    assert report.new == 1
    reasons = dict(rows(settings, "SELECT origin, reason FROM raw.rejected"))
    assert "answers 500" in str(reasons["bad"]) and "nothing at" in str(reasons["lost"])
    server.routes["/bad"] = reply(rss(server, "b"))
    assert read(settings, "second").new == 1


def test_reposts_of_other_sources_count_once_and_their_sources_stay_known(
    tmp_path: Path, server: Server, instance: dg.DagsterInstance
) -> None:
    sentence = "Guards opened fire on a lorry at the pass."
    server.routes["/a"] = reply(page("Shots at the pass", sentence, "<meta property='og:site_name' content='Agency'>"))
    server.routes["/b"] = reply(
        page("Lorry under fire", "By our desk. " + sentence, "<meta property='og:site_name' content='Daily'>")
    )
    server.routes["/rss"] = reply(rss(server, "a", "b"))
    settings = settings_of(tmp_path, {"kind": "feed", "name": "post", "url": f"{server.url}/rss"})
    [report] = read(settings).sources
    assert (report.new, report.reposts, report.near) == (2, 0, 1)
    run = (
        build_definitions(settings=settings)
        .resolve_job_def("daily")
        .execute_in_process(instance=instance, run_config={**articles_config([], ["post"]), **QUIET})
    )
    assert run.success
    found = rows(settings, "SELECT counts_as_source, n_carriers FROM staging.articles ORDER BY counts_as_source DESC")
    assert found == [(True, 2), (False, 2)]
    assert rows(settings, "SELECT n_articles, n_reposts, n_sources FROM marts.quality_month") == [(2, 1, 1)]


def toml(folder: Path, server: Server) -> None:
    (folder / "faultline.toml").write_text(
        "[http]\ndelay_seconds = 0\ntries = 1\nconcurrency = 2\nper_host = 2\nprivate_hosts = ['127.0.0.1']\n"
        f"[[sources]]\nkind = 'feed'\nname = 'post'\nurl = '{server.url}/rss'\n"
    )


def command(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [COMMAND, *arguments],
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


NAMES = [f"n{i}" for i in range(30)]


def stored(folder: Path) -> list[object]:
    with Warehouse(folder / "data" / "warehouse.duckdb").connect() as con:
        return [title for (title,) in con.execute("SELECT title FROM raw.articles ORDER BY title").fetchall()]


def test_nothing_is_lost_or_doubled_when_a_run_is_killed_while_it_fetches(tmp_path: Path, server: Server) -> None:
    serve(server, *NAMES, wait=0.15)
    server.routes["/rss"] = reply(rss(server, *NAMES))
    toml(tmp_path, server)
    first = command(tmp_path, "ingest")
    deadline = time.monotonic() + 60
    while len(server.requests) < 12 and time.monotonic() < deadline:
        time.sleep(0.05)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    asked = len(server.requests)
    assert asked >= 12
    server.routes["/rss"] = reply(rss(server, *reversed(NAMES)))
    second = command(tmp_path, "ingest")
    out, err = second.communicate(timeout=120)
    assert second.returncode == 0, err
    assert "30 new" in out
    assert stored(tmp_path) == sorted(f"Title {n}" for n in NAMES)


def test_web_archive_is_read_on_where_a_run_was_killed(tmp_path: Path) -> None:
    pages = 400
    with (tmp_path / "a.warc").open("wb") as file:
        for n in range(pages):
            body = page(f"Title {n:03}", f"Guards of post {n} opened fire on lorry {n}.")
            answer = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{body}".encode()
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://post.example/{n}\r\n"
                f"Content-Length: {len(answer)}\r\n\r\n"
            )
            file.write(head.encode() + answer + b"\r\n\r\n")
    (tmp_path / "faultline.toml").write_text(
        "[[sources]]\nkind = 'files'\nname = 'crawl'\npaths = ['a.warc']\n", encoding="utf-8"
    )
    settings = load_settings(root=tmp_path, paths={"data": str(tmp_path / "data"), "sources": ()}, sources=())
    # Stopped behind its first write, as by a kill: what is stored is a cursor within the file and the pages before it.
    stopped = subprocess.run(
        [sys.executable, "-c", _STOPPED],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert stopped.returncode == -signal.SIGKILL, stopped.stderr
    [(version,)] = rows(settings, "SELECT version FROM raw.source_items")
    assert " until record 200 " in str(version)
    out, err = command(tmp_path, "ingest").communicate(timeout=120)
    assert "200 articles read: 200 new" in out, err
    assert stored(tmp_path) == [f"Title {n:03}" for n in range(pages)]


_STOPPED = """
import os, signal
from pipeline import steps
from pipeline.ingest.catalog import open_sources
from pipeline.settings import load_settings
from pipeline.warehouse.store import Warehouse

steps._ITEMS_PER_WRITE = 202
settings = load_settings()
class Killed(Warehouse):
    def add(self, *arguments):
        super().add(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)
with open_sources(settings) as sources:
    steps.ingest(sources, Killed.from_settings(settings), "first")
"""


def test_slow_server_keeps_nobody_from_writing(tmp_path: Path, server: Server) -> None:
    serve(server, *NAMES[:4], wait=0.7)
    server.routes["/rss"] = reply(rss(server, *NAMES[:4]))
    settings = settings_of(tmp_path, {"kind": "feed", "name": "post", "url": f"{server.url}/rss"}, per_host=1)
    definitions = build_definitions(settings=settings)
    assert definitions.resolve_assets_def(dg.AssetKey(["raw", "articles"])).op.pool is None
    Warehouse(settings.warehouse_path, 5).delivered()
    toml(tmp_path, server)
    reading = command(tmp_path, "ingest")
    while not server.asked("/n1"):
        time.sleep(0.05)
    assert reading.poll() is None
    Warehouse(settings.warehouse_path, 0.5).forget_imported("none")  # a writer that would wait for half a second only
    assert reading.poll() is None
    out, err = reading.communicate(timeout=60)
    assert "4 new" in out, err


def test_two_runs_at_once_store_everything_once(tmp_path: Path, server: Server) -> None:
    serve(server, *NAMES, wait=0.05)
    server.routes["/rss"] = reply(rss(server, *NAMES))
    toml(tmp_path, server)
    runs = [command(tmp_path, "ingest") for _ in range(2)]
    results = [run.communicate(timeout=120) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], results
    assert stored(tmp_path) == sorted(f"Title {n}" for n in NAMES)
    assert all(r.path != "/rss" or r.headers["User-Agent"].startswith("faultline/") for r in server.requests)


def test_commands_name_sources_and_show_what_they_delivered(tmp_path: Path, server: Server) -> None:
    serve(server, "a")
    server.routes["/rss"] = reply(rss(server, "a"))
    toml(tmp_path, server)
    listed, _ = command(tmp_path, "sources").communicate(timeout=60)
    assert "post" in listed and "feed" in listed
    unknown = command(tmp_path, "ingest", "--source", "pots")
    _, err = unknown.communicate(timeout=60)
    assert unknown.returncode == 1 and "declares no source pots; it declares: post" in err.replace("\n", " ")
    address = command(tmp_path, "ingest", "https://post.example/a.csv")
    _, err = address.communicate(timeout=60)
    assert address.returncode == 1 and "https://post.example/a.csv is an address: declare it" in err.replace("\n", " ")
    server.routes["/a"] = reply(page("Title a", "Guards of post a opened fire.", PAYWALL))
    out, _ = command(tmp_path, "ingest", "--source", "post").communicate(timeout=60)
    assert "1 articles read: 1 new" in out and "Flags of quality (docs/sources.md): 1 truncated." in out
    listed, _ = command(tmp_path, "sources").communicate(timeout=60)
    assert " 1 " in listed


def test_failing_feed_is_a_warning_and_no_failed_run(
    tmp_path: Path, server: Server, instance: dg.DagsterInstance
) -> None:
    server.routes["/a"] = reply(page("Title a", "Guards of post a opened fire.", PAYWALL))
    server.routes["/good"] = reply(rss(server, "a"))
    server.routes["/bad"] = reply(status=404)
    settings = settings_of(
        tmp_path,
        {"kind": "feed", "name": "bad", "url": f"{server.url}/bad"},
        {"kind": "feed", "name": "good", "url": f"{server.url}/good"},
    )
    job = build_definitions(settings=settings).resolve_job_def("daily")
    run = job.execute_in_process(instance=instance, run_config={**articles_config([]), **QUIET})
    assert run.success
    [check] = [e for e in run.get_asset_check_evaluations() if e.check_name == "sources_answer"]
    assert not check.passed and check.severity == dg.AssetCheckSeverity.WARN
    assert "404" in str(check.metadata["bad"].value)
    articles = next(
        e for e in run.get_asset_materialization_events() if e.asset_key == dg.AssetKey(["raw", "articles"])
    )
    metadata = articles.materialization.metadata
    assert "| good | feed | 1 | 1 |" in str(metadata["sources"].value)
    assert "| feed | 1 | 1 |" in str(metadata["kinds"].value)
    assert "| good | truncated | 1 |" in str(metadata["quality flags"].value)
    assert rows(settings, "SELECT quality_flags FROM raw.articles") == [(["truncated"],)]
    assert "404" in str(metadata["rejected (first of each source)"].value)


def test_feeds_sensor_asks_for_one_run_per_change_and_again_for_a_feed_that_failed(
    tmp_path: Path, server: Server, instance: dg.DagsterInstance
) -> None:
    server.routes["/one"] = reply(rss(server, "a"))
    server.routes["/two"] = reply(status=500)
    settings = settings_of(
        tmp_path,
        {"kind": "feed", "name": "one", "url": f"{server.url}/one"},
        {"kind": "feed", "name": "two", "url": f"{server.url}/two"},
    )
    sensor = build_definitions(settings=settings).resolve_sensor_def("feeds")

    def tick(cursor: str | None) -> dg.SensorResult:
        return sensor.evaluate_tick(dg.build_sensor_context(instance=instance, cursor=cursor))  # type: ignore[return-value]

    first = tick(None)
    [request] = first.run_requests or []
    assert request.run_config["ops"]["raw__articles"]["config"]["sources"] == ["one"]
    assert (tick(None).run_requests or [])[0].run_key == request.run_key, (
        "a tick that is repeated asks for the same run"
    )
    assert not tick(first.cursor).run_requests
    server.routes["/two"] = reply(rss(server, "b"))
    second = tick(first.cursor)
    assert (second.run_requests or [])[0].run_config["ops"]["raw__articles"]["config"]["sources"] == ["two"]
    server.routes["/one"] = reply(rss(server, "c", "a"))
    assert (tick(second.cursor).run_requests or [])[0].run_key != request.run_key
    assert settings.sources[0].name == "one"


def test_sensor_without_feeds_has_nothing_to_do(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    sensor = build_definitions(settings=settings_of(tmp_path)).resolve_sensor_def("feeds")
    assert "declares no feed" in str(sensor.evaluate_tick(dg.build_sensor_context(instance=instance)).skip_message)
