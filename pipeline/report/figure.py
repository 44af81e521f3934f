"""A figure: a chart with the words that belong beside it, and what all charts share: theme, time axes, links, tooltips.

What belongs here: what is the same for every chart. What does not: the charts (``charts.py``), SQL and pages.
"""

import textwrap
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

GREY = "#8a8f98"


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with what must stand beside it: title, how to read it with its units, where its numbers come from.

    ``chart`` has neither title nor size, so that a page can set them in its own type; None where there is nothing to draw.
    """

    title: str
    note: str
    source: str
    chart: Any
    height: int = 200

    def spec(self, width: int | str = "container") -> dict[str, Any]:
        """The Vega-Lite specification, drawn as wide as its container or so many pixels."""
        # Not validated here: the tests do that, and it takes longer than the query.
        return dict(self.chart.properties(width=width, height=self.height).to_dict(validate=False))

    def svg(self, width: int = 640, dark: bool = False) -> str:
        """A picture that stands alone: title, note and source are drawn into it."""
        import vl_convert

        spec = self.spec(width)
        spec["title"] = {
            "text": self.title,
            "subtitle": [*_wrapped(self.note, width), *_wrapped(self.source, width)],
            "anchor": "start",
        }
        spec["config"] = {**spec.get("config", {}), **theme(dark)}
        return str(vl_convert.vegalite_to_svg(spec, vl_version=vegalite_version()))


def vegalite_version() -> str:
    """The Vega-Lite version that Altair writes for, as vl-convert names it: "6.4"."""
    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])


def theme(dark: bool = False) -> dict[str, Any]:
    """Vega's configuration for light or dark paper."""
    ink, soft, grid = ("#e6e8eb", "#a9b0ba", "#343a43") if dark else ("#1c2127", "#57606a", "#e3e6ea")
    axis = {"labelColor": soft, "titleColor": soft, "gridColor": grid, "domainColor": grid, "tickColor": grid}
    return {
        "background": "transparent",
        "font": "system-ui, sans-serif",
        "view": {"stroke": None},
        "axis": {**axis, "titleFontWeight": "normal", "labelFontSize": 11, "titleFontSize": 11, "titleAnchor": "end"},
        "legend": {
            "labelColor": soft,
            "titleColor": soft,
            "orient": "top",
            "title": None,
            "labelFontSize": 11,
            "symbolType": "square",
        },
        "title": {"color": ink, "subtitleColor": soft, "fontSize": 14, "subtitleFontSize": 11},
        "text": {"color": ink},
    }


def dated(frame: pd.DataFrame, time: str, *columns: str) -> pd.DataFrame:
    """The columns that a chart needs, and ``href`` where there is one; the first as real timestamps, so that Altair takes it for time."""
    if frame.empty:
        return frame
    data = frame[[time, *columns, *(["href"] if "href" in frame else [])]].copy()
    data[time] = pd.to_datetime(data[time])
    return data


def link(frame: pd.DataFrame) -> dict[str, Any]:
    """The encoding that makes marks links, if the frame has a column ``href``."""
    return {"href": alt.Href("href:N")} if "href" in frame else {}


def time_axis() -> alt.Axis:
    """Months along the bottom, as many as fit."""
    return alt.Axis(format="%b %Y", labelOverlap=True, labelFlush=True, tickCount=6, grid=False)


def padded(times: pd.Series) -> alt.Scale:
    """At least half a year, and a little beyond both ends: one point alone stands in the middle and not across the whole chart."""
    first, last = times.min(), times.max()
    missing = max(pd.Timedelta(days=183) - (last - first), pd.Timedelta(days=14)) / 2
    return alt.Scale(domain=[_date(first - missing), _date(last + missing)])


def months_axis(months: pd.Series, bars: bool = False) -> alt.X:
    """The column ``month`` over at least half a year; ``bars`` are as wide as their month."""
    times = pd.to_datetime(months)
    first, last = times.min(), times.max()
    short = max(0, 6 - ((last.year - first.year) * 12 + last.month - first.month + 1))
    start = first - pd.DateOffset(months=short // 2 + (0 if bars else 1))
    end = last + pd.DateOffset(months=short - short // 2 + 1)
    column = "yearmonth(month):T" if bars else "month:T"
    return alt.X(column, title=None, scale=alt.Scale(domain=[_date(start), _date(end)]), axis=time_axis())


def _date(time: pd.Timestamp) -> alt.DateTime:
    return alt.DateTime(year=time.year, month=time.month, date=time.day)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(30, width // 6))


def tips(*fields: tuple[str, str] | tuple[str, str, str]) -> list[alt.Tooltip]:
    """Lines of a tooltip: field with its type, what it is called, and a format."""
    return [alt.Tooltip(f[0], title=f[1], format=f[2]) if len(f) > 2 else alt.Tooltip(f[0], title=f[1]) for f in fields]
