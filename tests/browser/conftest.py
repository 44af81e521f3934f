"""A Chromium for the tests that look at pages; they are skipped with a clear message where there is none."""

import shutil
from collections.abc import Iterator
from pathlib import Path

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
