"""Dagster's page over a warehouse that was really run: the asset graph and an asset's metadata, in a real browser."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

COMMAND = str(Path(sys.executable).with_name("faultline"))
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page_address(
    project: Path, environment: dict[str, str], port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(project / "data", folder / "data")  # Dagster's server writes beside the snapshot
    log = (folder / "dev.log").open("w")
    process = subprocess.Popen(
        # A shell that started the tests in the background lets its children ignore Ctrl-C.
        ["env", "--default-signal=INT", COMMAND, "dev", "--port", str(port)],
        cwd=folder,
        env=environment,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{address}/server_info", timeout=2)  # noqa: S310 - our own server
            break
        except (urllib.error.URLError, OSError):
            assert process.poll() is None, (folder / "dev.log").read_text()
            time.sleep(0.5)
    yield address
    # Ctrl-C in the terminal that it was started from, as `faultline dev` says.
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=90)
        assert "Dagster services shut down" in (folder / "dev.log").read_text()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        log.close()


def test_asset_graph_shows_the_way_from_articles_to_the_report(
    page_address: str, chromium: Browser, screenshots: Path
) -> None:
    page = chromium.new_page(viewport={"width": 1600, "height": 1000})
    page.goto(f"{page_address}/asset-groups")
    expect(page.get_by_text("raw").first).to_be_visible(timeout=60_000)
    expect(page.get_by_text("published").first).to_be_visible()
    page.wait_for_timeout(3000)
    page.screenshot(path=screenshots / "asset-graph.png")
    page.close()


def test_an_asset_shows_its_columns_and_what_the_last_run_wrote(
    page_address: str, chromium: Browser, screenshots: Path
) -> None:
    page = chromium.new_page(viewport={"width": 1600, "height": 3400})  # high enough for the metadata below the columns
    page.goto(f"{page_address}/assets/core/events")
    expect(page.get_by_text("coder_version").first).to_be_visible(timeout=60_000)
    page.wait_for_timeout(3000)
    page.screenshot(path=screenshots / "core-events.png")
    page.goto(f"{page_address}/assets/marts/dyad_month")
    expect(page.get_by_text("tension").first).to_be_visible(timeout=60_000)
    page.wait_for_timeout(2000)
    page.screenshot(path=screenshots / "dyad-month.png")
    page.close()


def test_a_run_launched_from_the_page_succeeds_and_shows_what_it_made(
    page_address: str, chromium: Browser, screenshots: Path
) -> None:
    page = chromium.new_page(viewport={"width": 1600, "height": 1400})
    page.goto(f"{page_address}/assets/published/warehouse")
    expect(page.get_by_text("tensest pairs").first).to_be_visible(timeout=60_000)
    page.get_by_role("row", name="tensest pairs, chart").get_by_text("[Show Markdown]").click()
    picture = page.get_by_alt_text("Tension of the tensest pairs")
    expect(picture).to_be_visible(timeout=30_000)
    assert picture.evaluate("image => image.naturalWidth") > 0, "the chart is drawn"
    page.screenshot(path=screenshots / "tensest-pairs.png")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Materialize").first.click()
    page.wait_for_timeout(2000)
    page.goto(f"{page_address}/runs")
    expect(page.get_by_text("Success").nth(1)).to_be_visible(timeout=180_000)
    page.screenshot(path=screenshots / "runs.png")
    page.goto(f"{page_address}/assets/published/warehouse")
    expect(page.get_by_text("tensest pairs").first).to_be_visible(timeout=60_000)
    page.wait_for_timeout(2000)
    page.screenshot(path=screenshots / "published-warehouse.png")
    page.close()


def test_jobs_schedules_and_sensors_are_there(page_address: str, chromium: Browser, screenshots: Path) -> None:
    page = chromium.new_page(viewport={"width": 1600, "height": 1000})
    page.goto(f"{page_address}/automation")
    for name in ("daily_schedule", "maintenance_schedule", "inbox", "feeds", "untagged", "unsent_alerts", "run_failed"):
        expect(page.get_by_text(name, exact=True).first).to_be_visible(timeout=60_000)
    page.screenshot(path=screenshots / "automation.png")
    page.close()


def test_the_page_listens_on_loopback_only(page_address: str) -> None:
    port = int(page_address.rsplit(":", 1)[1])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing: only asks which address this machine would use
        own = probe.getsockname()[0]
    if own.startswith("127."):
        pytest.skip("this machine has no other address than loopback")
    with socket.socket() as outside:
        outside.settimeout(2)
        assert outside.connect_ex((own, port)) != 0
