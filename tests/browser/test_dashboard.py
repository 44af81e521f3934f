"""The dashboard over a warehouse that was really run, in a real browser: every page, drilling down by clicking, export, hostile text."""

import csv
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from pipeline.indicator_settings import Indicators
from pipeline.report.dashboard.app import create_app
from pipeline.sqlmodels import build, load_project
from pipeline.warehouse.publish import publish
from pipeline.warehouse.reference import parameter_rows
from pipeline.warehouse.sources import relation_columns
from pipeline.warehouse.store import Warehouse

ROOT = Path(__file__).parent.parent.parent
COMMAND = str(Path(sys.executable).with_name("faultline"))
pytestmark = pytest.mark.browser
WIDE, NARROW = (1280, 900), (390, 844)
PAGES = {
    "overview": "/",
    "pair": "/pair?a=AFG&b=PAK",
    "pair-whole": "/pair?a=PAK&b=AFG&all=1",
    "actor": "/actor?id=TTP",
    "actors": "/actors",
    "incidents": "/incidents",
    "network": "/network",
    "articles": "/articles",
    "quality": "/quality",
    "evidence": "/evidence?a=AFG&b=PAK",
    "statements": "/evidence?a=AFG&b=PAK&kind=relation",
    "figures": "/figures?actor=TTP",
}


@pytest.fixture(scope="module")
def folder(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the dashboard's own beside the shared snapshot, since it keeps Vega's script in its data folder."""
    folder = tmp_path_factory.mktemp("dashboard")
    (folder / "data").mkdir()
    (folder / "data" / "published").symlink_to(project / "data" / "published")
    return folder


@pytest.fixture(scope="module")
def home(folder: Path, environment: dict[str, str], port: int) -> Iterator[str]:
    """Address of the dashboard, started as a user starts it."""
    written = folder / "log"
    with written.open("w") as log:
        process = subprocess.Popen(
            [COMMAND, "dashboard", "--port", str(port)], cwd=folder, env=environment, stdout=log, stderr=log
        )
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, lambda: process.poll() is None)
        yield address
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) in (0, 130), written.read_text()


def _wait_for(address: str, alive: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and alive():
        try:
            urllib.request.urlopen(address, timeout=30)  # noqa: S310 - our own server
            return
        except urllib.error.HTTPError:
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise AssertionError("the dashboard does not answer")


@contextmanager
def served(snapshot: Path, cache: Path) -> Iterator[str]:
    """A dashboard in this process, for snapshots of their own."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(snapshot, cache), log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            _wait_for(address, thread.is_alive)
            yield address
        finally:
            server.should_exit = True
            thread.join(timeout=20)


@pytest.fixture
def look(chromium: Browser, home: str) -> Iterator[Page]:
    """A page that fails its test for any error in the console, and any request that leaves loopback."""
    context = chromium.new_context(viewport={"width": WIDE[0], "height": WIDE[1]}, accept_downloads=True)
    page = context.new_page()
    complaints = watched(page)
    yield page
    context.close()
    assert not complaints


def watched(page: Page) -> list[str]:
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(f"{m.type}: {m.text}") if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: complaints.append(f"error: {e}"))
    page.on("dialog", lambda d: (complaints.append(f"dialog: {d.message}"), d.dismiss()))
    page.on(
        "request",
        lambda r: (
            None if r.url.startswith(("http://127.0.0.1:", "data:", "blob:")) else complaints.append(f"asked {r.url}")
        ),
    )
    return complaints


def settled(page: Page) -> None:
    """Wait until every chart is drawn."""
    for i in range(page.locator(".vega").count()):
        expect(page.locator(".vega").nth(i)).to_have_attribute("data-drawn", "true", timeout=30_000)


def ask(snapshot: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(snapshot), read_only=True) as con:
        return con.execute(sql).fetchall()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_loads_without_errors_and_fits_wide_and_narrow_screens(
    name: str, home: str, look: Page, screenshots: Path, record_property: Callable[[str, object], None]
) -> None:
    look.emulate_media(color_scheme="light")
    look.goto(home + PAGES[name])
    settled(look)
    expect(look.locator("h1")).to_have_count(1)
    paint = look.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
    record_property("first_contentful_paint_ms", paint)  # reported, not judged: machines differ
    look.screenshot(path=screenshots / f"dashboard-{name}-1280.png", full_page=True)
    look.emulate_media(color_scheme="dark")
    look.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    settled(look)
    assert look.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    look.screenshot(path=screenshots / f"dashboard-{name}-390.png", full_page=True)


def test_from_the_overview_to_the_sentence_by_clicking(home: str, look: Page) -> None:
    look.goto(home)
    look.locator(".leader h3 a", has_text="Afghanistan – Pakistan").first.click()
    expect(look.locator("h1")).to_have_text("Afghanistan – Pakistan")
    settled(look)
    mark = look.locator('#chart-tension .vega path[aria-roledescription="point"]').first
    month = re.search(r"month: (\w+) (\d{4})", mark.get_attribute("aria-label") or "")
    assert month
    mark.click()
    expect(look).to_have_url(re.compile(r"/evidence\?a=AFG&b=PAK&from=\d{4}-\d{2}-01&to="))
    assert int(look.locator("#events h2 small").inner_text()) == look.locator("#events tbody tr").count() > 0
    assert all(month[2] in cell for cell in look.locator("#events tbody td:first-child").all_inner_texts())
    words = look.locator("#sentences blockquote mark").first.inner_text()
    look.locator("#sentences figcaption a").first.click()
    expect(look.locator("mark.here").first).to_be_in_viewport()
    assert "".join(look.locator("mark.here").all_inner_texts()) == words


def test_a_bar_of_the_attack_tempo_leads_to_its_figure_and_sentence(home: str, look: Page) -> None:
    look.goto(f"{home}/actor?id=TTP")
    settled(look)
    look.locator('#chart-tempo .vega path[aria-roledescription="bar"]').first.click()
    expect(look).to_have_url(re.compile(r"/figures\?actor=TTP&from=2021-08-01&to=2021-08-31&whose=self_claim"))
    expect(look.locator("#figures tbody tr")).to_have_count(1)
    expect(look.locator("#figures tbody")).to_contain_text("32")
    look.locator("#figures tbody a").last.click()
    expect(look.locator("mark.here.count").first).to_be_in_viewport()


def test_a_point_on_the_map_leads_to_the_incident_and_its_reports(home: str, look: Page) -> None:
    look.goto(f"{home}/incidents?type=bombing")
    settled(look)
    look.locator('#chart-map .vega path[aria-roledescription="circle"]').first.click()
    expect(look).to_have_url(re.compile(r"/incident\?id=\w+"))
    expect(look.locator("h1")).to_contain_text("Bombing")
    look.locator("#reports tbody a").last.click()
    expect(look.locator("mark.here").first).to_be_in_viewport()


def test_tables_sort_filter_and_keep_it_in_the_address(home: str, project: Path, look: Page) -> None:
    look.goto(home)
    look.locator("#pairs th a", has_text="Events").click()
    numbers = [int(t) for t in look.locator("#pairs tbody td:nth-child(9)").all_inner_texts()]
    assert numbers == sorted(numbers, reverse=True) and numbers[0] > numbers[-1]
    expect(look.locator("#pairs th", has_text="Events")).to_have_attribute("aria-sort", "descending")
    look.locator("#pairs input[type=search]").fill("pakistan")
    look.locator("#pairs input[type=search]").press("Enter")
    kept = look.url
    shown = look.locator("#pairs tbody td:first-child").all_inner_texts()
    assert shown and all("pakistan" in t.lower() for t in shown)
    (total,) = ask(
        project / "data/published/warehouse.duckdb",
        "SELECT count(*) FROM marts.dyad_current WHERE a_name || b_name ILIKE '%pakistan%'",
    )[0]
    expect(look.locator("#pairs h2 small")).to_have_text(str(total))
    look.goto(home)
    look.goto(kept)
    assert look.locator("#pairs tbody td:first-child").all_inner_texts() == shown


def test_a_table_downloads_as_csv_with_all_rows_that_are_selected(home: str, project: Path, look: Page) -> None:
    look.goto(f"{home}/?pairs.q=pakistan")
    with look.expect_download() as started:
        look.locator("#pairs a.csv").click()
    with Path(started.value.path()).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    stored = ask(
        project / "data/published/warehouse.duckdb",
        "SELECT a, b FROM marts.dyad_current WHERE a_name || b_name ILIKE '%pakistan%'",
    )
    assert sorted((r["a"], r["b"]) for r in rows) == sorted(stored)
    assert {"tension_now", "tension_low", "effective_n", "confidence", "sentence_text"} <= rows[0].keys()


def test_text_of_others_is_shown_and_never_run(hostile_snapshot: Path, folder: Path, chromium: Browser) -> None:
    ((article,),) = ask(
        hostile_snapshot, "SELECT article_id FROM core.current_events WHERE start_date IS NOT NULL LIMIT 1"
    )
    ((incident,),) = ask(hostile_snapshot, "SELECT linked_incident_id FROM marts.linked_incident LIMIT 1")
    with served(hostile_snapshot, folder / "data" / "cache") as address:
        page = chromium.new_page()
        complaints = watched(page)
        asked = [
            f"/article?id={article}", f"/incident?id={incident}", "/?actor=<script>window.broken=6</script>", "/?pairs.q=<script>window.broken=7</script>",
        ]  # fmt: skip
        for path in [*PAGES.values(), *asked]:
            page.goto(address + path)
            settled(page)
            assert page.evaluate("window.broken") is None, path
            assert page.locator("a[href^='javascript' i], img, [onerror]").count() == 0, path
        for path, where in (
            ("/", ".said"),
            (f"/article?id={article}", ".prose"),
            ("/evidence?a=AFG&b=PAK", "blockquote"),
        ):
            page.goto(address + path)
            expect(page.locator(where).first).to_contain_text("<script>window.broken=1</script>")
        assert "<script>window" not in page.request.get(f"{address}/actor?id=<script>window.broken=8</script>").text()
        assert not complaints
        page.close()


def test_readings_of_an_article_are_there_for_keyboard_and_touch(home: str, look: Page) -> None:
    look.goto(f"{home}/evidence?a=AFG&b=PAK")
    look.locator("#sentences figcaption a").first.click()
    mark = look.locator("mark.event").first
    mark.focus()
    expect(look.locator("#tip")).to_contain_text("EVENT")
    expect(look.locator("#tip")).to_contain_text("confidence")
    look.keyboard.press("Escape")
    expect(look.locator("#tip")).to_be_hidden()
    assert look.locator("mark.inferred").count() > 0
    look.goto(home)
    look.keyboard.press("Tab")
    expect(look.locator(".skip")).to_be_focused()
    look.keyboard.press("Enter")
    expect(look.locator("main")).to_be_focused()


def test_light_and_dark_are_chosen_once_for_all_pages(home: str, look: Page) -> None:
    look.emulate_media(color_scheme="light")
    look.goto(home)
    paper = "getComputedStyle(document.body).backgroundColor"
    light = look.evaluate(paper)
    look.locator("#paper").click()
    assert look.evaluate(paper) != light
    look.goto(f"{home}/quality")
    settled(look)
    assert look.evaluate(paper) != light


def test_a_chart_is_saved_as_a_picture(home: str, look: Page) -> None:
    look.goto(f"{home}/quality")
    settled(look)
    with look.expect_download() as started:
        look.locator("#chart-read .save").click()
    assert Path(started.value.path()).read_text(encoding="utf-8").startswith("<svg")


def test_it_listens_on_loopback_and_answers_to_no_other_name(home: str) -> None:
    request = urllib.request.Request(home, headers={"Host": "evil.example"})  # noqa: S310 - our own server
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=20)  # noqa: S310
    assert refused.value.code == 400
    refused.value.close()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing: only asks which address this machine would use
        own = probe.getsockname()[0]
    if not own.startswith("127."):
        with socket.socket() as outside:
            outside.settimeout(2)
            assert outside.connect_ex((own, int(home.rsplit(":", 1)[1]))) != 0


def test_without_a_snapshot_it_says_what_to_do_and_finds_it_once_it_is_there(
    project: Path, folder: Path, tmp_path: Path, chromium: Browser
) -> None:
    snapshot = tmp_path / "warehouse.duckdb"
    with served(snapshot, folder / "data" / "cache") as address:
        page = chromium.new_page()
        answer = page.goto(address)
        assert answer is not None and answer.status == 503
        expect(page.locator("main")).to_contain_text("There is no snapshot")
        expect(page.locator("main")).to_contain_text("faultline run")
        shutil.copyfile(project / "data/published/warehouse.duckdb", tmp_path / "copy")
        (tmp_path / "copy").replace(snapshot)
        page.goto(address)
        expect(page.locator(".leader").first).to_be_visible()
        page.close()


def test_an_empty_warehouse_works(folder: Path, tmp_path: Path, chromium: Browser) -> None:
    warehouse = Warehouse(tmp_path / "warehouse.duckdb")
    warehouse.load_reference({"parameters": parameter_rows(Indicators())})
    with warehouse.connect() as con:
        build(con, load_project(ROOT / "dbt_like_sql", relation_columns()))
    snapshot = publish(warehouse, tmp_path / "published").path
    with served(snapshot, folder / "data" / "cache") as address:
        page = chromium.new_page()
        complaints = watched(page)
        for path in ("/", "/incidents", "/network", "/actors", "/articles", "/quality"):
            answer = page.goto(address + path)
            assert answer is not None and answer.status == 200, path
            settled(page)
        page.goto(address)
        expect(page.locator("main")).to_contain_text("Nothing has been read yet")
        assert not complaints
        page.close()
