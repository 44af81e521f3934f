"""Charts: plain functions from pandas frames to ``Figure`` records, used by the dashboard and by the report.

What belongs here: encodings, units, colours, how small n looks. What does not: SQL and pages. Frames have the columns of the marts that the
docstrings name; a column ``href``, where there is one, makes each mark a link. Columns of dates may be dates or timestamps. A frame without
rows gives a figure without a chart.

Colours are those of Okabe and Ito (2008, *Color Universal Design*), which colour-blind people tell apart; cooperation is blue and green,
conflict orange and vermilion, and what rests on too little is grey and hollow. Text, grid and paper are left to ``theme``, so that one chart
works on light and on dark paper.
"""

import math
from typing import Any

import altair as alt
import pandas as pd

from pipeline.report.figure import GREY, Figure, dated, link, months_axis, padded, time_axis, tips

QUAD_COLOURS = {
    "verbal cooperation": "#56b4e9",
    "material cooperation": "#0072b2",
    "verbal conflict": "#e69f00",
    "material conflict": "#d55e00",
}
QUAD_NAMES = {1: "verbal cooperation", 2: "material cooperation", 3: "verbal conflict", 4: "material conflict"}
ATTRIBUTION_COLOURS = {
    "self_claim": "#cc79a7",
    "official": "#0072b2",
    "independent": "#009e73",
    "media": "#e69f00",
    "unattributed": GREY,
}
_TEMPO = (
    "attribution_type", "attributed_to", "low", "best", "high", "months_known", "comparison_text", "comparison_relation", "comparison_check",
)  # fmt: skip
_PLACED = ("lat", "lon", "killed_best", "incident_type", "place", "country", "perpetrator_name", "n_reports")
RUNGS = ("other", "accuse, request", "reject", "threaten", "sanction, protest", "mobilize", "coerce", "assault")
LINE, CONFLICT, COOPERATION = "#0072b2", "#d55e00", "#0072b2"
FLAG_COLOURS = {"surge": "#d55e00", "elevated": "#e69f00", "normal": "#0072b2", "other": GREY}


def tension_months(frame: pd.DataFrame, pair: str, source: str = "") -> Figure:
    """The tension share of a pair by month: ``marts.dyad_month`` (month, tension, tension_low, tension_high, n, enough)."""
    note = "Share of conflict in what happened, 0 to 100; verbal conflict weighs half. Bar: Wilson band of 95 %. Grey and hollow: too few events."
    return _series(frame, f"Tension between {pair}", note, source, "tension", (0, 100), 50, "tension (0–100)")


def directed_months(
    frame: pd.DataFrame, actor: str, target: str, source: str = "", months: pd.Series | None = None
) -> Figure:
    """Net cooperation of one direction: ``marts.dyad_month_directed`` (month, net_cooperation, net_cooperation_se, n, enough).

    ``months`` widens the time axis to these, so that both directions of a pair share it.
    """
    data = dated(frame, "month", "net_cooperation", "net_cooperation_se", "n", "enough")
    if len(data):
        spread = 1.96 * data["net_cooperation_se"].astype(float).fillna(0)
        data["net_cooperation_low"] = (data["net_cooperation"] - spread).clip(-10, 10)
        data["net_cooperation_high"] = (data["net_cooperation"] + spread).clip(-10, 10)
    note = "Mean Goldstein score of the month's acts, −10 to +10, drawn to the pair's mean. Bar: 95 % band. Grey and hollow: too few events."
    title = f"{actor} → {target}"
    return _series(data, title, note, source, "net_cooperation", (-10, 10), 0, "net cooperation", months)


def _series(
    frame: pd.DataFrame,
    title: str,
    note: str,
    source: str,
    value: str,
    domain: tuple[int, int],
    middle: int,
    unit: str,
    months: pd.Series | None = None,
) -> Figure:
    """A monthly value with band, points that are hollow where n is small, and a rule in the middle."""
    data = dated(frame, "month", value, f"{value}_low", f"{value}_high", "n", "enough")
    if data.empty:
        return Figure(title, note, source, None)
    x = months_axis(data["month"] if months is None else months)
    y = alt.Y(f"{value}:Q", title=unit, scale=alt.Scale(domain=list(domain)), axis=alt.Axis(tickCount=5))
    lines = tips(
        ("month:T", "month", "%B %Y"),
        (f"{value}:Q", unit, ".1f"),
        (f"{value}_low:Q", "band from", ".1f"),
        (f"{value}_high:Q", "to", ".1f"),
        ("n:Q", "n"),
    )
    colour = alt.when("datum.enough").then(alt.value(LINE)).otherwise(alt.value(GREY))
    base = alt.Chart(data)
    layers = [
        alt.Chart(pd.DataFrame({"y": [middle]})).mark_rule(strokeDash=[4, 4], color=GREY, opacity=0.7).encode(y="y:Q"),
        base.mark_line(color=GREY, opacity=0.5, strokeWidth=1).encode(x=x, y=y),
        base.mark_rule(strokeWidth=5, opacity=0.35, strokeCap="round").encode(
            x=x, y=alt.Y(f"{value}_low:Q", title=unit), y2=f"{value}_high:Q", color=colour, tooltip=lines, **link(data)
        ),
        base.mark_point(size=70, strokeWidth=2).encode(
            x=x,
            y=y,
            color=colour,
            fill=alt.when("datum.enough").then(alt.value(LINE)).otherwise(alt.value("transparent")),
            tooltip=lines,
            **link(data),
        ),
    ]
    return Figure(title, note, source, alt.layer(*layers), 170)


def event_types(frame: pd.DataFrame, pair: str, source: str = "") -> Figure:
    """What happened, stacked: month, event_type, quad_class, n. Conflict is stacked upwards, cooperation downwards."""
    note = "Events of each month by PLOVER type: conflict above the line, cooperation below. Colours are the quad classes; each block is a type."
    title = f"What happened between {pair}"
    data = dated(frame, "month", "event_type", "quad_class", "n")
    if data.empty:
        return Figure(title, note, source, None)
    data["quad"] = data["quad_class"].map(QUAD_NAMES)
    data["signed"] = data["n"].where(data["quad_class"] >= 3, -data["n"])
    # Nearest the line stand the verbal kinds, farthest the material ones.
    data["layer"] = data["quad_class"].map({1: 0, 2: 1, 3: 0, 4: 1})
    most = float(data.groupby(["month", data["signed"] > 0])["n"].sum().max())
    chart = (
        alt.Chart(data)
        .mark_bar(stroke="#ffffff", strokeOpacity=0.6, strokeWidth=0.7)
        .encode(
            x=months_axis(data["month"], bars=True),
            y=alt.Y(
                "signed:Q",
                title="events",
                axis=alt.Axis(labelExpr="abs(datum.value)", tickMinStep=1),
                stack="zero",
                scale=alt.Scale(domain=[-max(most, 2), max(most, 2)]),
            ),
            color=alt.Color(
                "quad:N",
                scale=alt.Scale(domain=list(QUAD_COLOURS), range=list(QUAD_COLOURS.values())),
                legend=alt.Legend(columns=2),
            ),
            order=alt.Order("layer:Q"),
            detail="event_type:N",
            tooltip=tips(
                ("month:T", "month", "%B %Y"), ("event_type:N", "type"), ("quad:N", "class"), ("n:Q", "events")
            ),
            **link(data),
        )
    )
    return Figure(title, note, source, chart, 200)


def attack_tempo(frame: pd.DataFrame, title: str, source: str = "") -> Figure:
    """Reported attacks a month by who reports them: ``marts.attack_tempo``. Figures of different tellers are side by side, never added."""
    note = (
        "Reported attacks a month, by whose word it is; a line from the lowest to the highest reading of the words. "
        "▲ the text calls it a maximum: ✓ other months agree, ✗ they contradict, ? too few are known."
    )
    data = dated(frame, "month", *_TEMPO)
    if data.empty:
        return Figure(title, note, source, None)
    data["shown"] = data["best"].astype(float).fillna(data["low"].astype(float)).fillna(0)
    data["bottom"] = data["low"].astype(float).fillna(data["shown"])
    data["top"] = data["high"].astype(float).fillna(data["shown"])
    sign = data["comparison_check"].map({"agree": "▲✓", "contradict": "▲✗", "unknown": "▲?"}).fillna("▲?")
    data["badge"] = sign.where(data["comparison_relation"] == "max", "")
    x = months_axis(data["month"], bars=True)
    present = {kind: ATTRIBUTION_COLOURS[kind] for kind in ATTRIBUTION_COLOURS if kind in set(data["attribution_type"])}
    side = alt.XOffset("attribution_type:N", sort=list(present))
    colour = alt.Color(
        "attribution_type:N",
        legend=alt.Legend(columns=3),
        scale=alt.Scale(domain=list(present), range=list(present.values())),
    )
    lines = tips(
        ("month:T", "month", "%B %Y"),
        ("attribution_type:N", "whose word"),
        ("attributed_to:N", "said by"),
        ("best:Q", "stated"),
        ("low:Q", "at least"),
        ("high:Q", "at most"),
        ("comparison_text:N", "compared"),
        ("months_known:Q", "months of the year known"),
    )
    base = alt.Chart(data).encode(x=x, xOffset=side, tooltip=lines, **link(data))
    y = alt.Y("shown:Q", title="attacks", axis=alt.Axis(tickMinStep=1))
    layers = [
        base.mark_bar().encode(y=y, color=colour),
        base.mark_rule(strokeWidth=1.5, color=GREY).encode(y=alt.Y("bottom:Q", title="attacks"), y2="top:Q"),
        base.mark_text(dy=-8, fontWeight="bold").encode(y=alt.Y("top:Q", title="attacks"), text="badge:N"),
    ]
    return Figure(title, note, source, alt.layer(*layers), 200)


def cue_months(frame: pd.DataFrame, pair: str, source: str = "") -> Figure:
    """What is said of a pair: ``marts.cue_month`` (month, tense, cooperative, n_statements, n_articles, ambivalence, enough)."""
    note = "Strength of statements on the relationship by month of publication: tense ones above the line, cooperative ones below. Words, not events. Faint: too few articles."
    title = f"What is said of {pair}"
    data = dated(frame, "month", "tense", "cooperative", "n_statements", "n_articles", "ambivalence", "enough")
    if data.empty:
        return Figure(title, note, source, None)
    kept = ["month", "n_statements", "n_articles", "ambivalence", "enough", *(["href"] if "href" in data else [])]
    long = data.melt(id_vars=kept, value_vars=["tense", "cooperative"], var_name="said", value_name="strength")
    long["strength"] = long["strength"].astype(float)
    long["signed"] = long["strength"].where(long["said"] == "tense", -long["strength"])
    most = max(3.0, float(long["strength"].max()))
    chart = (
        alt.Chart(long[long["strength"] > 0])
        .mark_bar()
        .encode(
            x=months_axis(data["month"], bars=True),
            y=alt.Y(
                "signed:Q",
                title="strength",
                axis=alt.Axis(labelExpr="abs(datum.value)", tickMinStep=1),
                scale=alt.Scale(domain=[-most, most]),
            ),
            color=alt.Color("said:N", scale=alt.Scale(domain=["tense", "cooperative"], range=[CONFLICT, COOPERATION])),
            opacity=alt.when("datum.enough").then(alt.value(1)).otherwise(alt.value(0.45)),
            tooltip=tips(
                ("month:T", "published", "%B %Y"),
                ("said:N", "said"),
                ("strength:Q", "strength"),
                ("n_statements:Q", "n_statements"),
                ("n_articles:Q", "articles"),
                ("ambivalence:Q", "ambivalence", ".2f"),
            ),
            **link(long),
        )
    )
    return Figure(title, note, source, chart, 160)


def ladder_weeks(frame: pd.DataFrame, pair: str, source: str = "") -> Figure:
    """The escalation ladder: ``marts.ladder_week`` (week, source, target, rung, n, event_type) with names in source_name and target_name."""
    note = "Highest rung of each week and side. From “mobilize” upwards only events with two sources or high confidence count. A rung is no size: 3 and 300 dead stand on one."
    title = f"Escalation ladder of {pair}"
    data = dated(frame, "week", "source_name", "target_name", "rung", "n", "event_type")
    if data.empty:
        return Figure(title, note, source, None)
    data["direction"] = data["source_name"] + " → " + data["target_name"]
    labels = " : ".join(f"datum.value == {i} ? '{i} {name}'" for i, name in enumerate(RUNGS)) + " : ''"
    chart = (
        alt.Chart(data)
        .mark_point(size=110, strokeWidth=2, filled=True, opacity=0.85)
        .encode(
            x=alt.X("week:T", title=None, scale=padded(data["week"]), axis=time_axis()),
            y=alt.Y(
                "rung:Q",
                title=None,
                scale=alt.Scale(domain=[-0.4, 7.4], nice=False),
                axis=alt.Axis(values=list(range(8)), labelExpr=labels),
            ),
            color=alt.Color("direction:N", scale=alt.Scale(range=["#0072b2", "#d55e00"]), legend=alt.Legend(columns=1)),
            shape=alt.Shape(
                "direction:N", scale=alt.Scale(range=["triangle-right", "triangle-left"]), legend=alt.Legend(columns=1)
            ),
            tooltip=tips(
                ("week:T", "week of", "%d %B %Y"),
                ("direction:N", "direction"),
                ("event_type:N", "highest"),
                ("rung:Q", "rung"),
                ("n:Q", "n"),
            ),
            **link(data),
        )
    )
    return Figure(title, note, source, chart, 210)


def conflict_weeks(frame: pd.DataFrame, pair: str, source: str = "") -> Figure:
    """Conflict events a week against their baseline: ``marts.surge_week`` (week, n_conflict, base_mean, z, flag)."""
    note = "Events of conflict a week; the line is the mean of the weeks before. Vermilion: surge; orange: elevated; grey: too little history, or nothing was read."
    title = f"Conflict by week between {pair}"
    data = dated(frame, "week", "n_conflict", "base_mean", "z", "flag")
    if data.empty or not data["n_conflict"].sum():
        return Figure(title, note, source, None)
    data["state"] = data["flag"].where(data["flag"].isin(["surge", "elevated", "normal"]), "other")
    x = alt.X("week:T", title=None, scale=padded(data["week"]), axis=time_axis())
    size = max(1.5, min(9.0, 500 / len(data)))
    layers = [
        alt.Chart(data[data["n_conflict"] > 0])
        .mark_bar(size=size)
        .encode(
            x=x,
            y=alt.Y("n_conflict:Q", title="conflict events a week", axis=alt.Axis(tickMinStep=1, format="d")),
            color=alt.Color(
                "state:N", scale=alt.Scale(domain=list(FLAG_COLOURS), range=list(FLAG_COLOURS.values())), legend=None
            ),
            tooltip=tips(
                ("week:T", "week of", "%d %B %Y"),
                ("n_conflict:Q", "n_conflict"),
                ("base_mean:Q", "baseline", ".2f"),
                ("z:Q", "z", ".1f"),
                ("flag:N", "flag"),
            ),
            **link(data),
        ),
        alt.Chart(data)
        .mark_line(color=GREY, strokeWidth=1.2)
        .encode(x=x, y=alt.Y("base_mean:Q", title="conflict events a week", axis=alt.Axis(tickMinStep=1, format="d"))),
    ]
    return Figure(title, note, source, alt.layer(*layers), 160)


def actor_months(frame: pd.DataFrame, actor: str, source: str = "") -> Figure:
    """How an actor appears: ``marts.actor_month`` (month, n_events_source, n_events_target, n_articles)."""
    note = "Dated events in which it acts, above the line, and that are done to it, below."
    title = f"Events of {actor}"
    data = dated(frame, "month", "n_events_source", "n_events_target", "n_articles")
    if data.empty or not (data["n_events_source"].sum() + data["n_events_target"].sum()):
        return Figure(title, note, source, None)
    kept = ["month", "n_articles", *(["href"] if "href" in data else [])]
    sides = {"n_events_source": "acts", "n_events_target": "is acted upon"}
    long = data.rename(columns=sides).melt(
        id_vars=kept, value_vars=list(sides.values()), var_name="side", value_name="n"
    )
    long["signed"] = long["n"].where(long["side"] == "acts", -long["n"])
    most = max(2.0, float(long["n"].max()))
    chart = (
        alt.Chart(long[long["n"] > 0])
        .mark_bar()
        .encode(
            x=months_axis(data["month"], bars=True),
            y=alt.Y(
                "signed:Q",
                title="events",
                axis=alt.Axis(labelExpr="abs(datum.value)", tickMinStep=1),
                scale=alt.Scale(domain=[-most, most]),
            ),
            color=alt.Color("side:N", scale=alt.Scale(domain=list(sides.values()), range=["#0072b2", "#cc79a7"])),
            tooltip=tips(("month:T", "month", "%B %Y"), ("side:N", "side"), ("n:Q", "n"), ("n_articles:Q", "articles")),
            **link(long),
        )
    )
    return Figure(title, note, source, chart, 160)


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
