"""``python -m benchmarks.report data/published``: what the reports of a snapshot cost, in a process that has its modules loaded.

Measured are seconds of processor and of the clock for what moved in the newest week and for the pair with most events: as records, HTML, PDF
and Markdown. ``benchmarks.indicator_growth`` has events for a large warehouse.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.read import open_snapshot
from pipeline.report.pair_briefing import pair_briefing
from pipeline.report.render import as_html, as_markdown, as_pdf
from pipeline.report.week_briefing import week_briefing
from pipeline.settings import load_settings


def _timed[T](what: str, action: Callable[[], T]) -> T:
    clock, processor = time.perf_counter(), time.process_time()
    made = action()
    print(
        f"  {what:<12} {time.process_time() - processor:6.1f} s of processor, {time.perf_counter() - clock:6.1f} s",
        flush=True,
    )
    return made


def measure(snapshot: Path) -> None:
    """Print what the reports of a snapshot cost."""
    with open_snapshot(snapshot) as opened:
        busiest = opened.pairs().sort_values("n_events", ascending=False).iloc[0]
        print(
            f"{snapshot}: {len(opened.pairs()):,} pairs; {busiest.a_name} and {busiest.b_name} have {busiest.n_events:,} events"
        )
        for name, make in (
            ("what moved", lambda: week_briefing(opened)),
            ("one pair", lambda: pair_briefing(opened, busiest.a, busiest.b)),
        ):
            print(name)
            briefing = _timed("records", make)
            for form, render in (("HTML", as_html), ("PDF", as_pdf), ("Markdown", as_markdown)):
                _timed(form, lambda render=render, briefing=briefing: render(briefing))  # type: ignore[misc]


def main() -> int:
    """The snapshot that is named, or the one of the settings."""
    measure(Path(sys.argv[1]) if len(sys.argv) > 1 else load_settings().snapshot_path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
