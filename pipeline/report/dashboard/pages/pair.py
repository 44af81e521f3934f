"""Pair: how two actors stand to each other, from every side, each number with its n and the way to its sentences."""

from datetime import date
from typing import Any

from pipeline.report import charts
from pipeline.report.dashboard.page import (
    Chart,
    NotFoundError,
    Page,
    Visit,
    actor_address,
    article_address,
    month_of,
    pair_address,
    sourced,
    week_of,
    with_links,
)
from pipeline.report.dashboard.pages.overview import reason
from pipeline.report.dashboard.selection import OWN, address
from pipeline.report.dashboard.tables import Column, Table
from pipeline.warehouse.snapshot import Row

_MONTHS_BACK = 24
_THIS = "dataset = $dataset AND a = $a AND b = $b"
_MONTHS = "($start IS NULL OR month >= date_trunc('month', $start::DATE)) AND ($end IS NULL OR month <= $end)"
_WEEKS = "($start IS NULL OR week >= $start::DATE - 6) AND ($end IS NULL OR week <= $end)"
# What each reading is called, its unit, and the ends of its scale where it has any.
READINGS: dict[str, tuple[str, str, float | None, float | None]] = {
    "tension_now": ("Tension now", "decayed share of conflict, 0–100", 0, 100),
    "tension": ("Tension of the month", "share of conflict, 0–100", 0, 100),
    "net_cooperation": ("Net cooperation of the month", "mean Goldstein score, −10…+10", -10, 10),
    "net_cooperation_bootstrap": ("The same, bootstrapped", "mean Goldstein score, −10…+10", -10, 10),
    "mean_short": ("Level, short memory", "decayed mean Goldstein score, −10…+10", -10, 10),
    "mean_long": ("Level, long memory", "decayed mean Goldstein score, −10…+10", -10, 10),
    "arrow": ("Arrow of the month", "z against the months before", -5, 5),
    "momentum": ("Momentum", "30 days against 90, mean score", -10, 10),
    "surge": ("Surge of the week", "Anscombe z", -5, 5),
    "cusum": ("Lasting rise (CUSUM)", "sum of deviations", None, None),
    "changepoint": ("Changepoint", "probability that the rate changed lately", 0, 1),
    "conflict_rate": ("Conflict rate", "conflict events per 1,000 articles", None, None),
    "ladder_ab": ("Highest rung, first to second", "0–7", 0, 7),
    "ladder_ba": ("Highest rung, second to first", "0–7", 0, 7),
    "asymmetry": ("Asymmetry", "difference of both directions, mean score", -20, 20),
    "volatility": ("Volatility", "spread of weekly sums", None, None),
    "press_index": ("Press index", "share of tense articles, base 100", None, None),
    "cue_balance": ("What is said", "−1 cooperative … +1 tense", -1, 1),
}


def pair(visit: Visit) -> Page:
    """The page of the pair ``a`` and ``b``, in either order."""
    a, b = sorted((visit.get("a"), visit.get("b")))
    dataset = visit.selection.dataset
    now = visit.snapshot.row(f"SELECT * FROM marts.dyad_current WHERE {_THIS}", {"dataset": dataset, "a": a, "b": b})
    said = visit.snapshot.row("SELECT count(*) AS n FROM marts.cue_month WHERE a = $a AND b = $b", {"a": a, "b": b})
    if now is None and not (said and said["n"]):
        raise NotFoundError(f"There is no dated event and no statement between “{a}” and “{b}” in this snapshot.")
    names = _names(visit, a, b, now)
    start, end = visit.selection.start, visit.selection.end
    whole = bool(visit.get("all"))
    if start is None and not whole and now is not None:
        start = _months_before(now["as_of"], _MONTHS_BACK)
    parameters = {"dataset": dataset, "a": a, "b": b, "start": start, "end": end}
    context = {
        "a": a, "b": b, "names": names, "now": now, "start": start, "end": end, "whole": whole,
        "a_href": actor_address(a), "b_href": actor_address(b), "arrow": _arrow(visit, parameters),
        "quote_href": article_address(now["article_id"], "event", now["event_id"]) if now else "",
        "all_href": address("/pair", a=a, b=b, dataset=dataset, all=1), "recent_href": address("/pair", a=a, b=b, dataset=dataset),
        "evidence_href": address("/evidence", a=a, b=b, dataset=dataset, start=start, end=end),
        "earlier": _earlier(visit, parameters), "reading": now and visit.snapshot.row(
            f"SELECT * FROM marts.dyad_dashboard WHERE {_THIS} AND indicator = 'tension_now'", parameters),
    }  # fmt: skip
    drawn, tables = _charts(visit, parameters, names)
    return Page("pair.html", " – ".join(names), context, (_readings(parameters), *tables), drawn)


def _charts(visit: Visit, p: dict[str, Any], names: tuple[str, str]) -> tuple[dict[str, Chart], tuple[Table, ...]]:
    """The charts and the tables of the numbers behind them."""
    ask, source, both = visit.snapshot.frame, sourced(visit), " and ".join(names)

    def behind(row: Row, **more: Any) -> str:
        first, last = month_of(row["month"]) if "month" in row else week_of(row["week"])
        return address("/evidence", a=p["a"], b=p["b"], dataset=p["dataset"], start=first, end=last, **more)

    months = f"SELECT * FROM marts.dyad_month WHERE {_THIS} AND {_MONTHS}"
    directed = (
        "SELECT * FROM marts.dyad_month_directed WHERE dataset = $dataset AND least(source, target) = $a AND greatest(source, target) = $b "
        f"AND {_MONTHS}"
    )
    types = (
        "SELECT month, event_type, quad_class, count(*) AS n, avg(confidence) AS confidence FROM staging.events_clean "
        f"WHERE dataset = $dataset AND least(source, target) = $a AND greatest(source, target) = $b AND {_MONTHS} GROUP BY ALL"
    )
    weeks = f"SELECT * FROM marts.surge_week WHERE {_THIS} AND {_WEEKS}"
    rungs = f"""SELECT l.*, coalesce(x.name, l.source) AS source_name, coalesce(y.name, l.target) AS target_name FROM marts.ladder_week l
        LEFT JOIN core.actors x ON x.actor_id = l.source LEFT JOIN core.actors y ON y.actor_id = l.target
        WHERE l.dataset = $dataset AND least(l.source, l.target) = $a AND greatest(l.source, l.target) = $b AND {_WEEKS}"""
    tempo = f"""SELECT * FROM marts.attack_tempo WHERE {_MONTHS}
        AND (perpetrator = $a AND coalesce(target, $b) = $b OR perpetrator = $b AND coalesce(target, $a) = $a)"""
    cues = f"SELECT * FROM marts.cue_month WHERE a = $a AND b = $b AND {_MONTHS}"
    by_month = with_links(ask(f"{months} ORDER BY month", p), behind)
    both_ways = ask(f"{directed} ORDER BY month", p)
    drawn = {"tension": Chart(charts.tension_months(by_month, both, source), "months")}
    for key, (one, other), label in (("ab", (p["a"], p["b"]), names), ("ba", (p["b"], p["a"]), names[::-1])):
        way = both_ways[both_ways["source"] == one]
        linked = with_links(way, lambda r, s=one, t=other: behind(r, source=s, target=t))
        span = by_month["month"] if len(by_month) else None
        drawn[key] = Chart(charts.directed_months(linked, *label, source, span), "directed")
    drawn["types"] = Chart(
        charts.event_types(with_links(ask(types, p), lambda r: behind(r, type=r["event_type"])), both, source), "types"
    )
    if p["dataset"] == OWN:
        figures = with_links(ask(f"{tempo} ORDER BY month", p), tempo_address)
        drawn["tempo"] = Chart(
            charts.attack_tempo(figures, f"Reported attacks of {both}", sourced(visit, "figures")), "tempo"
        )
        said = with_links(ask(f"{cues} ORDER BY month", p), lambda r: behind(r, kind="relation"))
        drawn["cues"] = Chart(charts.cue_months(said, both, sourced(visit, "statements")), "cues")
    climbed = with_links(ask(f"{rungs} ORDER BY week", p), lambda r: behind(r, source=r["source"], target=r["target"]))
    drawn["ladder"] = Chart(charts.ladder_weeks(climbed, both, source), "ladder")
    drawn["weeks"] = Chart(
        charts.conflict_weeks(
            with_links(ask(f"{weeks} ORDER BY week", p), lambda r: behind(r, quad="conflict")), both, source
        ),
        "weeks",
    )
    return drawn, _behind_charts(
        p,
        behind,
        {
            "months": months,
            "directed": directed,
            "types": types,
            "weeks": weeks,
            "ladder": rungs,
            "tempo": tempo,
            "cues": cues,
        },
    )


def _behind_charts(p: dict[str, Any], behind: Any, sql: dict[str, str]) -> tuple[Table, ...]:
    month, events = Column("month", "Month", "month", link=behind), Column("n", "Events (n)", "number")
    score, low, high = (
        Column("net_cooperation", "Net cooperation", "score"),
        Column("tension_low", "from", "decimal"),
        Column("tension_high", "to", "decimal"),
    )
    shape: dict[str, tuple[str, tuple[Column, ...], str, str]] = {
        "months": ("By month", (month, events, Column("tension", "Tension", "decimal"), low, high, score, Column("n_articles", "Articles", "number")), "month DESC", "enough"),
        "directed": (
            "By month and direction",
            (
                Column("month", "Month", "month", link=lambda r: behind(r, source=r["source"], target=r["target"])), Column("source", "Who"),
                Column("target", "Upon whom"), events, score, Column("tension", "Tension", "decimal"), low, high,
            ),
            "month DESC, source", "enough",
        ),
        "types": (
            "By month and type",
            (
                Column("month", "Month", "month", link=lambda r: behind(r, type=r["event_type"])), Column("event_type", "Type"),
                Column("quad_class", "Quad class", "number"), events, Column("confidence", "Mean confidence", "share"),
            ),
            "month DESC, event_type", "",
        ),
        "weeks": (
            "By week",
            (
                Column("week", "Week of", "date", link=lambda r: behind(r, quad="conflict")), Column("n_conflict", "Conflict (n)", "number"),
                Column("base_mean", "Baseline", "decimal"), Column("z", "z", "score"), Column("p_surge", "p", "decimal"), Column("flag", "Flag"),
                Column("reading_ratio", "Reading", "decimal", help="articles read this week over their mean in the baseline"),
            ),
            "week DESC", "enough",
        ),
        "ladder": (
            "Rungs",
            (
                Column("week", "Week of", "date", link=lambda r: behind(r, source=r["source"], target=r["target"])), Column("source_name", "Who"),
                Column("target_name", "Upon whom"), Column("rung", "Rung", "number"), Column("event_type", "Type"), events,
                Column("n_unsure", "Not counted", "number", help="events from rung 5 up with one source and little confidence"),
            ),
            "week DESC, source", "",
        ),
        "tempo": (
            "Reported attacks",
            (
                Column("month", "Month", "month", link=tempo_address), Column("perpetrator", "Who"), Column("target", "Upon whom"),
                Column("attribution_type", "Whose word"), Column("attributed_to", "Said by"), Column("low", "At least", "number"),
                Column("best", "Stated", "number"), Column("high", "At most", "number"), Column("comparison_text", "Compared"),
                Column("comparison_check", "Other months"), Column("months_known", "Months known", "number"),
            ),
            "month DESC, attribution_type", "",
        ),
        "cues": (
            "Statements by month",
            (
                Column("month", "Published", "month", link=lambda r: behind(r, kind="relation")), Column("n_statements", "Statements (n)", "number"),
                Column("tense", "Tense", "number"), Column("cooperative", "Cooperative", "number"), Column("tension_balance", "Balance", "score"),
                Column("ambivalence", "Ambivalence", "decimal"), Column("n_articles", "Articles", "number"),
            ),
            "month DESC", "enough",
        ),
    }  # fmt: skip
    kept = shape if p["dataset"] == OWN else {k: v for k, v in shape.items() if k not in ("tempo", "cues")}
    return tuple(
        Table(k, title, sql[k], columns, p, order, grey=grey, size=12)
        for k, (title, columns, order, grey) in kept.items()
    )


def tempo_address(row: Row) -> str:
    """The figures that stand behind a bar of the attack tempo."""
    first, last = month_of(row["month"])
    return address("/figures", actor=row["perpetrator"], start=first, end=last, whose=row["attribution_type"])


def _readings(p: dict[str, Any]) -> Table:
    named = " ".join(f"WHEN '{key}' THEN '{title}'" for key, (title, _, _, _) in READINGS.items())
    return Table(
        "readings",
        "Current readings",
        f"""SELECT CASE indicator {named} ELSE indicator END AS title, d.*, 'band' AS band, c.confidence
        FROM marts.dyad_dashboard d LEFT JOIN staging.events_clean c ON c.event_id = d.evidence_id
        WHERE {_THIS.replace("dataset", "d.dataset", 1)}""",
        (
            Column("title", "Reading", help="what it is; hover for its unit"),
            Column("value", "Value", "decimal"),
            Column("band", "Band of 95 %", "band"),
            Column(
                "n", "n", "decimal", help="what it rests on: events, effective events, statements, or weeks of baseline"
            ),
            Column("reading", "In words"),
            Column("period_end", "Until", "date"),
            Column("last_evidence_date", "Last evidence", "date", link=_evidence_of),
            Column(
                "confidence",
                "Its confidence",
                "share",
                help="how sure the coding of the last evidence is; no part of the value",
            ),
        ),
        p,
        order=f"list_position({list(READINGS)}, indicator)",
        grey="is_shown",
        size=30,
        note="Grey: too little stands behind the value, or its period ended too long before the newest publication. "
        "Values of different readings are never added.",
    )


def _evidence_of(row: Row) -> str:
    return (
        address("/evidence", dataset=row["dataset"], kind=row["evidence_kind"], id=row["evidence_id"])
        if row["evidence_id"]
        else ""
    )


def _arrow(visit: Visit, p: dict[str, Any]) -> Row | None:
    row = visit.snapshot.row(
        f"""SELECT arrow, z AS arrow_z, n AS arrow_n, net_cooperation AS arrow_now, base_net_cooperation AS arrow_before, base_months,
            month AS arrow_month FROM marts.arrow_month WHERE {_THIS} ORDER BY month DESC""",
        p,
    )
    return row and {**row, "reason": reason(row)}


def _earlier(visit: Visit, p: dict[str, Any]) -> int:
    """How many months with events lie before the period."""
    row = visit.snapshot.row(
        f"SELECT count(*) AS n FROM marts.dyad_month WHERE {_THIS} AND month < date_trunc('month', $start::DATE)", p
    )
    return int(row["n"]) if row and p["start"] else 0


def _names(visit: Visit, a: str, b: str, now: Row | None) -> tuple[str, str]:
    if now is not None:
        return str(now["a_name"]), str(now["b_name"])
    found = {
        r["actor_id"]: r["name"]
        for r in visit.snapshot.rows(
            "SELECT actor_id, name FROM core.actors WHERE actor_id IN ($a, $b)", {"a": a, "b": b}
        )
    }
    return str(found.get(a, a)), str(found.get(b, b))


def _months_before(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


__all__ = ["READINGS", "pair", "pair_address", "tempo_address"]
