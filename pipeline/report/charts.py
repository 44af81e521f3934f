"""Charts: plain functions from pandas frames to ``Figure`` records, used by the dashboard and by the report.

What belongs here: encodings, units, colours, how small n looks. What does not: SQL and pages. Frames have the columns of the marts that the
docstrings name; a column ``href``, where there is one, makes each mark a link. Columns of dates may be dates or timestamps. A frame without
rows gives a figure without a chart.

Colours are those of Okabe and Ito (2008, *Color Universal Design*), which colour-blind people tell apart; cooperation is blue and green,
conflict orange and vermilion, and what rests on too little is grey and hollow. Text, grid and paper are left to ``theme``, so that one chart
works on light and on dark paper.
"""

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
