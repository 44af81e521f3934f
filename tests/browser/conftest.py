"""A Chromium for the tests that look at pages; they are skipped with a clear message where there is no Chromium."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, sync_playwright

# Without these Chromium looks up hosts of its own at every start, which a closed network answers slowly or not at all.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOSTILE = '<script>window.broken=1</script><img src=x onerror="window.broken=2">'
# Every text that comes from outside, overwritten where it lies: as long as it was, so that offsets hold.
POISON = """
UPDATE raw.articles SET title = $t, source = $t, author = $t, url = 'javascript:window.broken=3', text = left(repeat($t, 1000), length(text));
UPDATE raw.rejected SET origin = $t, reason = $t, excerpt = $t;
UPDATE core.actors SET name = $t || actor_id;
UPDATE core.actor_mentions SET name = $t, rule = $t;
UPDATE core.events SET text = $t, rule = $t, attributed_to = $t;
UPDATE core.attack_counts SET text = $t, target_text = $t, attributed_to = $t;
UPDATE marts.dyad_current SET a_name = $t, b_name = $t, title = $t, source = $t, url = 'javascript:window.broken=3', sentence_text = $t;
UPDATE marts.actor_month SET actor_name = $t;
UPDATE marts.attack_tempo SET attributed_to = $t;
UPDATE marts.linked_incident SET place = $t;
UPDATE marts.unresolved_names SET name = $t, example = $t;
"""


@pytest.fixture(scope="module")
def port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """The environment without a developer's own settings."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("FAULTLINE_", "DAGSTER_"))}


@pytest.fixture(scope="module")
def hostile_snapshot(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the snapshot in which whatever others wrote tries to become markup or script."""
    path = tmp_path_factory.mktemp("hostile") / "warehouse.duckdb"
    shutil.copyfile(project / "data" / "published" / "warehouse.duckdb", path)
    with duckdb.connect(str(path)) as con:
        for statement in filter(str.strip, POISON.split(";\n")):
            con.execute(statement.replace("$t", f"'{HOSTILE}'"))
    return path


@pytest.fixture(
    scope="module"
)  # not the session: Playwright's event loop would run on under Dagster's own in later tests
def chromium() -> Iterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        pytest.skip("no Chromium found: install your system's (Debian and Ubuntu: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where screenshots are kept for looking at."""
    folder = Path(__file__).parent.parent.parent / "data" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
