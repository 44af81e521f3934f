"""How values are written on pages: numbers, dates, addresses, small drawings. All of it is plain text or numbers; templates escape it.

What belongs here: filters and functions of the templates. What does not: HTML.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from pipeline.report.dashboard.page import ARROWS
from pipeline.report.dashboard.pages.pair import READINGS
from pipeline.report.dashboard.tables import Column
from pipeline.warehouse.snapshot import Row

NONE = "–"


def cell(row: Row, column: Column) -> str:
    """A cell's value in words, by the kind of its column."""
    value = row[column.name]
    if value is None or value != value:
        return NONE
    written = _WRITTEN.get(column.kind)
    if written is not None:
        text = written(value)
        return text.lstrip("+-") if text.strip("+-0.%") == "" else text  # no minus nought
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (
        str(value).replace("_", " ")
        if column.kind == "text" and column.name.endswith(("kind", "type", "kinds")) and str(value).islower()
        else str(value)
    )


def _decimal(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".") if abs(value) < 1 else f"{value:,.1f}".removesuffix(".0")


def day(value: date | None) -> str:
    """14 Aug 2021."""
    return f"{value.day} {value:%b %Y}" if value else NONE


def month(value: date | None) -> str:
    """Aug 2021."""
    return f"{value:%b %Y}" if value else NONE


_WRITTEN: dict[str, Callable[[Any], str]] = {
    "number": "{:,.0f}".format,
    "decimal": _decimal,
    "score": "{:+.1f}".format,
    "share": "{:.0%}".format,
    "date": day,
    "month": month,
}


def moment(value: datetime) -> str:
    """14 Aug 2021, 17:05."""
    return f"{value.day} {value:%b %Y, %H:%M}"


def web(url: str | None) -> str:
    """An address that may be linked: http or https, nothing that a browser would run."""
    return url if url and url.lower().startswith(("http://", "https://")) else ""


def percent(value: float, low: float, high: float) -> float:
    """Where a value stands on a scale, 0 to 100."""
    return round(max(0.0, min(1.0, (value - low) / (high - low))) * 100, 2)


def spark(rows: list[Row]) -> dict[str, Any]:
    """A line of monthly tensions in a box of 100 × 24: its points and the last of them."""
    if not rows:
        return {"line": "", "dots": []}
    first = rows[0]["month"].year * 12 + rows[0]["month"].month
    span = max(1, rows[-1]["month"].year * 12 + rows[-1]["month"].month - first)
    dots = [
        {
            "x": round(4 + 92 * (r["month"].year * 12 + r["month"].month - first) / span, 1) if len(rows) > 1 else 50.0,
            "y": round(22 - 20 * r["tension"] / 100, 1),
            "enough": r["enough"],
        }
        for r in rows
    ]
    return {"line": " ".join(f"{d['x']},{d['y']}" for d in dots), "dots": dots}


def scale(indicator: str) -> tuple[float, float] | None:
    """The ends of a reading's scale."""
    _, _, low, high = READINGS.get(indicator, ("", "", None, None))
    return None if low is None or high is None else (low, high)


def unit(indicator: str) -> str:
    """The unit of a reading."""
    return READINGS.get(indicator, ("", "", None, None))[1]


def plain(word: Any) -> str:
    """armed_group as "armed group"."""
    return str(word).replace("_", " ")


FILTERS: dict[str, Any] = {"day": day, "month": month, "moment": moment, "web": web, "plain": plain}
GLOBALS: dict[str, Any] = {
    "cell": cell,
    "percent": percent,
    "spark": spark,
    "scale": scale,
    "unit": unit,
    "arrows": ARROWS,
}
