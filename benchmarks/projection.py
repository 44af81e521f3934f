"""``python -m benchmarks.projection [--write]``: how far Faultline goes, reckoned from the figures in docs/performance.json.

Prints Markdown, with ``--write`` into docs/scaling.md between two markers; a test holds the page against it. What belongs here: reckoning, and the
assumptions, each with its name. What does not: measuring (the other benchmarks).

Beyond what was measured, a power of the two largest sizes is followed, never one below 1. That is an extrapolation, and the page says from where on.
"""

import json
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.performance import FIGURES, table

PAGE = Path(__file__).parent.parent / "docs" / "scaling.md"
BEGIN, END = "<!-- benchmarks.projection -->", "<!-- /benchmarks.projection -->"

VOLUMES = (1_000_000, 10_000_000, 100_000_000)
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)

# Assumptions, not measurements.
BUSY = 0.7  # share of a day that a core tags
CORE_HOUR, GB_MONTH, OBJECT_GB_MONTH = 0.04, 0.08, 0.023  # US dollars: rented core, block storage, object storage
NIGHT_HOURS, COPY_HOURS = 8, 1  # what a full build and a copy of the file may take
_DAY = 86_400


class NotMeasuredError(Exception):
    """A figure is missing; the message says by which command it is measured."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures that everything is reckoned from; bytes, seconds and MB as their names say."""

    articles_a_second: float
    worker_mb: float
    raw_bytes: float
    core_bytes: float
    events_an_article: float
    store_seconds: float
    copy_seconds_a_gb: float
    marts: dict[int, dict[str, float]]

    @classmethod
    def of(cls, known: dict[str, Any]) -> "Measured":
        """Pick them out of docs/performance.json.

        Raises:
            NotMeasuredError: one is not there.
        """

        def part(name: str, command: str) -> Any:
            if name not in known:
                raise NotMeasuredError(f"Not measured yet: `python -m benchmarks.{command}`.")
            return known[name]["figures"]

        tagger = part("throughput", "throughput")["newswire"]
        storage = part("storage", "storage")
        marts = {int(f["events"]): f for f in part("indicators", "indicator_growth 0.01 0.1 1").values()}
        if len(marts) < 2:
            raise NotMeasuredError("Two sizes are needed: `python -m benchmarks.indicator_growth 0.1 1`.")
        batches, copied = part("batches", "writing"), part("publishing", "writing")[-1]
        stored = next(b for b in batches["batches"] if b["size"] == 500)  # the default of tagging.batch_size
        return cls(
            tagger["tag_articles"],
            tagger["peak_mb"],
            storage["raw"],
            storage["core"],
            storage["events"],
            stored["cpu"] / batches["articles"],
            1000 * copied["copy"] / copied["mb"],
            marts,
        )

    def at(self, figure: str, events: float) -> float:
        """A figure of the indicators at so many events: by the power that the two largest measured sizes tell, at least 1."""
        (small, first), (large, last) = sorted(self.marts.items())[-2:]
        power = math.log(last[figure] / first[figure]) / math.log(large / small)
        return float(last[figure] * (events / large) ** max(1.0, power))

    def events_until(self, figure: str, most: float) -> float:
        """How many events bring a figure to so much."""
        low, high = 1.0, 1e15
        while high / low > 1.0001:
            middle = math.sqrt(low * high)
            low, high = (middle, high) if self.at(figure, middle) < most else (low, middle)
        return low


@dataclass(frozen=True, slots=True)
class Limit:
    """What ends first somewhere; ``days`` of a volume a day, from an empty warehouse, until then, or infinity."""

    what: str
    then: str
    days: Callable[[Measured, float], float]


def _bytes_a_day(m: Measured, articles: float) -> float:
    a_year = 365 * articles * m.events_an_article
    return articles * (m.raw_bytes + m.core_bytes) + m.at("marts_bytes", a_year) / 365


LIMITS = (
    Limit(
        "one writer: storing a day's articles takes more than a day of one core",
        "one warehouse for each region or period, with a driver of its own (on a lake, too, commits take turns)",
        lambda m, articles: 0 if articles * m.store_seconds > _DAY else math.inf,
    ),
    Limit(
        f"the snapshot: copying the file takes more than {COPY_HOURS} h",
        "run less often; then one warehouse for each region or period: no setting leaves the texts out of the snapshot",
        lambda m, articles: COPY_HOURS * 3600 / m.copy_seconds_a_gb * 1e9 / _bytes_a_day(m, articles),
    ),
    Limit(
        f"a full build of the models takes more than {NIGHT_HOURS} h of one core (a new coder, a new parameter)",
        "one warehouse for each region or period",
        lambda m, articles: m.events_until("full", NIGHT_HOURS * 3600) / (articles * m.events_an_article),
    ),
)


def render(known: dict[str, Any]) -> str:
    """The section's tables.

    Raises:
        NotMeasuredError: a figure is missing.
    """
    m = Measured.of(known)
    return "\n".join([_measured(m), _grown(known), _projected(m), _limits(m), _assumed(m)])


def _measured(m: Measured) -> str:
    rows = [
        ["tagger, newswire, one core", f"{m.articles_a_second:.1f} articles/s", "throughput"],
        ["a tagging process", f"{m.worker_mb:,.0f} MB at most", "throughput"],
        ["an article in `raw`", f"{m.raw_bytes:,.0f} bytes", "storage"],
        ["an article in `core`", f"{m.core_bytes:,.0f} bytes, {m.events_an_article:.1f} events", "storage"],
        ["storing an article, batches of 500", f"{1000 * m.store_seconds:.1f} ms of one core", "writing"],
        ["copying the file", f"{m.copy_seconds_a_gb:.1f} s a GB", "writing"],
    ]
    return "Measured:\n\n" + table(["what", "figure", "by `python -m benchmarks.`"], rows)


def _grown(known: dict[str, Any]) -> str:
    marts = {int(f["events"]): f for f in known["indicators"]["figures"].values()}
    rows = []
    for size in SIZES:
        f = next((f for n, f in marts.items() if abs(n - size) < size / 100), None)
        if f is None:
            rows.append(
                [f"{size:,}", f"not measured yet: `python -m benchmarks.indicator_growth {size / 1e6:g}`", *[""] * 5]
            )
            continue
        n = f["events"]
        rows.append([f"{size:,}", f"{f['core_bytes'] / n:,.0f}", f"{f['marts_bytes'] / n:,.0f}", f"{(f['core_bytes'] + f['marts_bytes']) / 1e6:,.0f}",
                     f"{f['full']:,.0f}", f"{f['day']:,.1f}", f"{f['peak_mb']:,.0f}"])  # fmt: skip
    return "Growth of warehouse and marts, synthetic events over ten years without texts:\n\n" + table(
        ["events", "`raw` and `core`, bytes an event", "staging and marts, bytes an event", "in all, MB", "full build, processor s", "a day later, processor s", "peak MB"],
        rows,
    )  # fmt: skip


def _projected(m: Measured) -> str:
    rows = []
    for articles in VOLUMES:
        cores = math.ceil(articles / (m.articles_a_second * _DAY * BUSY))
        a_year = 365 * articles
        raw, core = a_year * m.raw_bytes / 1e9, a_year * m.core_bytes / 1e9
        marts = m.at("marts_bytes", a_year * m.events_an_article) / 1e9
        computing = articles / m.articles_a_second / 3600 * 365 / 12 * CORE_HOUR
        rows.append(
            [f"{articles:,}", f"{cores:,}", f"{cores * m.worker_mb / 1000:,.0f} GB", f"{raw:,.0f}", f"{core:,.0f}", f"{marts:,.0f}",
             f"{articles * m.store_seconds / _DAY:.0%}", f"{computing:,.0f}",
             f"{(raw + core + marts) * GB_MONTH:,.0f}", f"{(raw + core + marts) * OBJECT_GB_MONTH:,.0f}"]
        )  # fmt: skip
    return "Projected, for a year of so many articles a day:\n\n" + table(
        ["articles a day", "cores that tag", "their memory", "raw text, GB a year", "coded rows, GB a year", "staging and marts, GB a year", "one writer is busy",
         "tagging, $ a month", "a year's data in a file, $ a month", "in S3, $ a month"],
        rows,
    )  # fmt: skip


def _limits(m: Measured) -> str:
    parts = ["What breaks, and after how long from an empty warehouse; the first of each volume in bold:\n"]
    days = {limit: [limit.days(m, v) for v in VOLUMES] for limit in LIMITS}
    first = [min(some[i] for some in days.values()) for i in range(len(VOLUMES))]
    rows = [
        [limit.what, *(_said(d, bold=d == first[i]) for i, d in enumerate(some)), limit.then]
        for limit, some in days.items()
    ]
    parts.append(table(["what", *(f"{v // 1_000_000} million a day" for v in VOLUMES), "what to do then"], rows))
    return "\n".join(parts)


def _said(days: float, *, bold: bool) -> str:
    said = "not for that" if math.isinf(days) else "at once" if days < 1 else f"{days:,.0f} days"
    return f"**{said}**" if bold else said


def _assumed(m: Measured) -> str:
    largest = max(m.marts)
    return (
        f"Assumed: a core tags {BUSY:.0%} of the day; ${CORE_HOUR:g} a core-hour, ${GB_MONTH:g} a GB-month of disk and ${OBJECT_GB_MONTH:g} of objects; articles like "
        f"the newswire measured, in a stream that does not repeat itself. Everything beyond {largest:,} events is extrapolated from the two largest sizes measured, "
        "and a year's articles are taken as if spread like the synthetic ones (ten years, 200 actors): more pairs that act make more rows in the marts.\n"
    )


def written(page: str, text: str) -> str:
    """The page with the text between its markers."""
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n\n{text}\n{END}{rest.split(END)[1]}"


def main() -> int:
    """Print, or write the page."""
    try:
        text = render(json.loads(FIGURES.read_text(encoding="utf-8")))
    except NotMeasuredError as error:
        print(error, file=sys.stderr)
        return 1
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), text), encoding="utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
