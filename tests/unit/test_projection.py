"""The projections of docs/scaling.md are what the recorded figures give, and follow from them."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import projection
from benchmarks.performance import FIGURES
from benchmarks.projection import Measured, NotMeasuredError


def known(**parts: Any) -> dict[str, Any]:
    """Figures that can be reckoned with by hand."""
    figures: dict[str, Any] = {
        "throughput": {"newswire": {"tag_articles": 20.0, "peak_mb": 1000.0}},
        "storage": {"raw": 2000.0, "core": 8000.0, "events": 2.0},
        "batches": {"articles": 1000, "batches": [{"size": 50, "cpu": 9.0}, {"size": 500, "cpu": 4.0}]},
        "publishing": [{"mb": 10.0, "copy": 9.0}, {"mb": 500.0, "copy": 1.0}],
        "indicators": {
            "1": {"events": 100_000, "core_bytes": 1e7, "marts_bytes": 5e7, "full": 10.0, "day": 2.0, "peak_mb": 1000.0},
            "2": {"events": 1_000_000, "core_bytes": 1e8, "marts_bytes": 5e8, "full": 200.0, "day": 3.0, "peak_mb": 2000.0},
        },
    }  # fmt: skip
    return {name: {"figures": f} for name, f in (figures | parts).items() if f is not None}


def test_the_page_is_what_the_figures_give() -> None:
    page = projection.PAGE.read_text(encoding="utf-8")
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    assert page == projection.written(page, projection.render(figures)), "python -m benchmarks.projection --write"


def test_cores_room_and_cost_follow_from_what_was_measured() -> None:
    line = next(x for x in projection.render(known()).splitlines() if x.startswith("| 10,000,000 | ") and " GB |" in x)
    cells = [c.strip() for c in line.strip("|").split("|")]
    # 10 million / (20 a second * 86,400 s * 0.7) = 8.3 cores; a year: 3.65e9 articles of 2,000 and 8,000 bytes, 500 bytes of marts an event.
    assert cells[1:6] == ["9", "9 GB", "7,300", "29,200", "3,650"]
    assert cells[6] == "46%"  # 4 ms an article
    assert cells[7] == "169"  # 138.9 core-hours a day for a month of 30.4 days
    assert cells[8:] == ["3,212", "923"]


def test_beyond_what_was_measured_a_figure_grows_by_its_power_and_at_least_linearly() -> None:
    m = Measured.of(known())
    assert m.at("full", 10_000_000) == pytest.approx(4000)  # twentyfold a decade
    assert m.at("peak_mb", 10_000_000) == pytest.approx(20_000)  # doubled a decade: taken as linear
    assert m.events_until("full", 4000) == pytest.approx(10_000_000, rel=0.001)


def test_the_limit_that_comes_first_is_in_bold_and_one_writer_is_enough_or_is_not() -> None:
    lines = [x for x in projection.render(known()).splitlines() if x.startswith("| one writer")]
    assert lines[0].count("not for that") == 2
    assert "**at once**" in lines[0]


def test_a_size_that_is_not_measured_says_by_which_command_and_missing_figures_too() -> None:
    assert "| 10,000,000 | not measured yet: `python -m benchmarks.indicator_growth 10`" in projection.render(known())
    for missing in ("throughput", "storage", "batches", "publishing", "indicators"):
        with pytest.raises(NotMeasuredError, match="python -m benchmarks"):
            projection.render(known(**{missing: None}))


def test_the_text_stands_between_its_markers(tmp_path: Path) -> None:
    page = f"# Page\n\n{projection.BEGIN}\nold\n{projection.END}\n\nAfter.\n"
    assert projection.written(page, "new\n") == f"# Page\n\n{projection.BEGIN}\n\nnew\n\n{projection.END}\n\nAfter.\n"
