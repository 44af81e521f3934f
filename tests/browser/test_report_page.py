"""The report as a browser shows it: it loads nothing, runs nothing, fits narrow and wide, light and dark."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pipeline import open_snapshot
from pipeline.report.pair_briefing import pair_briefing
from pipeline.report.render import write_briefing
from pipeline.report.week_briefing import week_briefing

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pages(project: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    with open_snapshot(project / "data" / "published") as opened:
        made = {
            "pair": pair_briefing(opened, "AFG", "PAK"),
            "week": week_briefing(opened, "2021-05", "2021-12"),
            "none": pair_briefing(opened, "Iceland", "Fiji"),
        }
    for name, briefing in made.items():
        write_briefing(briefing, folder / f"{name}.html")
    return {name: folder / f"{name}.html" for name in made}


@pytest.mark.parametrize("name", ["pair", "week", "none"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_a_report_shows_without_errors_requests_or_overflow(
    chromium: Browser, pages: dict[str, Path], screenshots: Path, name: str, width: int, scheme: str
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(pages[name].as_uri())
    page.screenshot(path=screenshots / f"report-{name}-{scheme}-{width}.png", full_page=True)
    assert said == []
    assert asked == [pages[name].as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") == (scheme == "light")
    for chart in page.locator("figure svg").all():
        box = chart.bounding_box()
        assert box is not None
        assert box["height"] > 60
        ink = chart.locator("text").first.evaluate("e => getComputedStyle(e).fill")
        assert (ink == "rgb(87, 96, 106)") == (scheme == "light"), "texts of charts follow the page"
    page.close()
