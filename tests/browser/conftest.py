"""A Chromium for the tests that look at pages; they are skipped with a clear message where there is no Chromium."""

import json
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.command import faultline

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
# An article whose every field tries to become markup.
HOSTILE = {
    "title": "Ministers of <script>window.broken = 1</script> two states meet",
    "source": '<img src=x onerror="window.broken = 2">',
    "published": "2021-11-05",
    "url": "javascript:window.broken=3",
    "text": "The presidents of Chad and Niger met in the capital on 3 November 2021. <script>window.broken = 4</script> Chad accused Niger of "
    'sheltering rebels on 4 November 2021, and "</script><script>window.broken = 5</script>" was all that <b onmouseover=alert(1)>Niger</b> said.',
}


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
    """The snapshot of the bundled corpus with the hostile article, really read and tagged."""
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copytree(project / "data", folder / "data")
    (folder / "hostile.jsonl").write_text(json.dumps(HOSTILE), encoding="utf-8")
    result = faultline("run", "hostile.jsonl", cwd=folder)
    assert result.returncode == 0, result.stderr
    return folder / "data" / "published" / "warehouse.duckdb"


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
