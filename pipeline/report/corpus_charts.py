"""Charts of the whole corpus: where incidents were, who stands how to whom, how much was read. As in ``charts.py``: frames in, figures out.

What belongs here: pictures of everything at once. What does not: those of one pair or one actor.
"""

import math
from typing import Any

import altair as alt
import pandas as pd

from pipeline.report.charts import CONFLICT
from pipeline.report.figure import GREY, Figure, dated, link, months_axis, tips

_PLACED = ("lat", "lon", "killed_best", "incident_type", "place", "country", "perpetrator_name", "n_reports")


def incident_map(frame: pd.DataFrame, countries: dict[str, Any] | str, source: str = "") -> Figure:
    """Linked incidents on a map: lat, lon, killed_best, incident_type, place, start_date. ``countries``: GeoJSON, or its address."""
    note = "Incidents whose place is known, at its town. Size: deaths in the latest exact figure; hollow grey: no figure. Equirectangular projection."
    data = dated(frame, "start_date", *_PLACED).dropna(subset=["lat", "lon"]) if len(frame) else frame
    if data.empty:
        return Figure("Where it happened", note, source, None)
    data["killed"] = data["killed_best"].astype(float)
    data["known"] = data["killed"].notna()
    data["size"] = data["killed"].fillna(0).clip(lower=1)
    data = data.sort_values(
        "size", ascending=False, kind="stable"
    )  # the small ones lie on top, where they can be clicked
    outlines: Any = (
        alt.UrlData(countries, format={"type": "json", "property": "features"})
        if isinstance(countries, str)
        else alt.InlineData(values=countries["features"])
    )
    land = alt.Chart(outlines).mark_geoshape(
        clip=True, fill=GREY, fillOpacity=0.13, stroke=GREY, strokeWidth=0.5, strokeOpacity=0.6
    )
    points = (
        alt.Chart(data)
        .mark_circle(opacity=0.75, strokeWidth=1.5, clip=True)
        .encode(
            longitude="lon:Q",
            latitude="lat:Q",
            size=alt.Size(
                "size:Q",
                legend=None,
                scale=alt.Scale(type="sqrt", range=[45, 900], domain=[1, max(20.0, float(data["size"].max()))]),
            ),
            fill=alt.when("datum.known").then(alt.value(CONFLICT)).otherwise(alt.value("transparent")),
            stroke=alt.when("datum.known").then(alt.value(CONFLICT)).otherwise(alt.value(GREY)),
            tooltip=tips(
                ("place:N", "place"),
                ("country:N", "country"),
                ("start_date:T", "date", "%d %B %Y"),
                ("incident_type:N", "type"),
                ("perpetrator_name:N", "by"),
                ("killed:Q", "killed"),
                ("n_reports:Q", "reports (n)"),
            ),
            **link(data),
        )
    )
    chart = alt.layer(land, points).project(**_around(data["lon"].astype(float), data["lat"].astype(float)))
    return Figure("Where it happened", note, source, chart, 380)


def _around(lon: pd.Series, lat: pd.Series) -> dict[str, Any]:
    """A projection that shows the places with some land around them, however large the picture is."""
    margin = max(4.0, 0.08 * float(lon.max() - lon.min()))
    wide, high = (math.radians(float(x.max() - x.min()) + 2 * margin) for x in (lon, lat))
    return {
        "type": "equirectangular",
        "center": [float(lon.max() + lon.min()) / 2, float(lat.max() + lat.min()) / 2],
        "scale": alt.ExprRef(f"min(width / {wide:.4f}, height / {high:.4f})"),
        "translate": alt.ExprRef("[width / 2, height / 2]"),
    }


def signed_network(nodes: pd.DataFrame, edges: pd.DataFrame, source: str = "") -> Figure:
    """Pairs as a graph. ``nodes``: name, x, y, n, rank by n. ``edges``: pair, x, y, x2, y2, net_cooperation, n, enough."""
    note = "Lines: mean Goldstein score of the period, blue above 0 and vermilion below; thicker with more events, dashed where too few. Places in the picture mean nothing; on narrow screens only ten are named."
    title = "Who stands how to whom"
    if edges.empty:
        return Figure(title, note, source, None)
    flat: dict[str, Any] = {"axis": None, "scale": alt.Scale(domain=[-1.35, 1.35])}
    links = (
        alt.Chart(edges)
        .mark_rule(strokeCap="round")
        .encode(
            x=alt.X("x:Q", **flat),
            y=alt.Y("y:Q", **flat),
            x2="x2:Q",
            y2="y2:Q",
            color=alt.Color(
                "net_cooperation:Q",
                legend=None,
                scale=alt.Scale(domain=[-10, -0.5, 0.5, 10], range=["#d55e00", "#eeb68c", "#8cbfe0", "#0072b2"]),
            ),
            strokeWidth=alt.StrokeWidth("n:Q", legend=None, scale=alt.Scale(type="sqrt", range=[1.5, 9])),
            strokeDash=alt.when("datum.enough").then(alt.value([1, 0])).otherwise(alt.value([4, 4])),
            tooltip=tips(("pair:N", "pair"), ("net_cooperation:Q", "mean Goldstein score", "+.1f"), ("n:Q", "n")),
            **link(edges),
        )
    )
    dots = (
        alt.Chart(nodes)
        .mark_circle(color=GREY, opacity=1)
        .encode(
            x=alt.X("x:Q", **flat),
            y=alt.Y("y:Q", **flat),
            size=alt.Size("n:Q", legend=None, scale=alt.Scale(range=[50, 350])),
            tooltip=tips(("name:N", "name"), ("n:Q", "n")),
            **link(nodes),
        )
    )
    names = (
        alt.Chart(nodes)
        .mark_text(dy=-13, fontSize=11)
        .encode(
            x=alt.X("x:Q", **flat),
            y=alt.Y("y:Q", **flat),
            text="name:N",
            opacity=alt.when("width > 600 || datum.rank <= 10").then(alt.value(1)).otherwise(alt.value(0)),
            **link(nodes),
        )
    )
    return Figure(title, note, source, alt.layer(links, dots, names), 460)


def quality_months(frame: pd.DataFrame, source: str = "") -> Figure:
    """Coverage: ``marts.quality_month`` (month, n_articles, n_reposts, n_events, share_usable)."""
    note = "Articles read by month of publication; the darker part are reposts, which tell nothing new. A month with few articles has few events."
    data = dated(
        frame.dropna(subset=["month"]) if len(frame) else frame,
        "month",
        "n_articles",
        "n_reposts",
        "n_events",
        "share_usable",
    )
    if data.empty:
        return Figure("Articles read", note, source, None)
    data["originals"] = data["n_articles"] - data["n_reposts"]
    kept = ["month", "n_events", "share_usable", *(["href"] if "href" in data else [])]
    long = data.rename(columns={"n_reposts": "reposts"}).melt(
        id_vars=kept, value_vars=["originals", "reposts"], var_name="kind", value_name="n"
    )
    chart = (
        alt.Chart(long)
        .mark_bar()
        .encode(
            x=months_axis(data["month"], bars=True),
            y=alt.Y("n:Q", title="articles", axis=alt.Axis(tickMinStep=1)),
            color=alt.Color("kind:N", scale=alt.Scale(domain=["originals", "reposts"], range=["#56b4e9", "#0072b2"])),
            tooltip=tips(
                ("month:T", "month", "%B %Y"),
                ("kind:N", "kind"),
                ("n:Q", "articles"),
                ("n_events:Q", "events found"),
                ("share_usable:Q", "share usable", ".0%"),
            ),
            **link(long),
        )
    )
    return Figure("Articles read", note, source, chart, 170)


def quality_shares(frame: pd.DataFrame, source: str = "") -> Figure:
    """Whether reading drifts: ``marts.quality_month`` (month, share_names_resolved, share_dated, share_dyadic, share_usable, n_events)."""
    note = "Shares by month of publication. A share that leaves its course says that articles or coder have changed, not the world."
    data = dated(
        frame.dropna(subset=["month"]) if len(frame) else frame,
        "month",
        "n_events",
        "share_names_resolved",
        "share_dated",
        "share_dyadic",
        "share_usable",
    )
    if data.empty:
        return Figure("Drift", note, source, None)
    lines = {
        "share_names_resolved": "names known",
        "share_dated": "events dated",
        "share_dyadic": "events with two actors",
        "share_usable": "events usable",
    }
    kept = ["month", "n_events", *(["href"] if "href" in data else [])]
    long = data.rename(columns=lines).melt(
        id_vars=kept, value_vars=list(lines.values()), var_name="share", value_name="value"
    )
    x, y = (
        months_axis(data["month"]),
        alt.Y("value:Q", title="share", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])),
    )
    colour = alt.Color(
        "share:N",
        legend=alt.Legend(columns=2),
        scale=alt.Scale(domain=list(lines.values()), range=["#009e73", "#56b4e9", "#cc79a7", "#d55e00"]),
    )
    base = alt.Chart(long.dropna(subset=["value"])).encode(x=x, y=y, color=colour)
    marks = base.mark_point(filled=True, size=45).encode(
        tooltip=tips(
            ("month:T", "month", "%B %Y"),
            ("share:N", "share of"),
            ("value:Q", "value", ".0%"),
            ("n_events:Q", "events (n)"),
        ),
        **link(long),
    )
    return Figure("Drift", note, source, alt.layer(base.mark_line(strokeWidth=1.5), marks), 190)
