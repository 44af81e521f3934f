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
    linked,
    sourced,
)
from pipeline.report.dashboard.pages.overview import reason
from pipeline.report.dashboard.pages.series import series_tables
from pipeline.report.dashboard.selection import address
from pipeline.report.dashboard.tables import Column, Table
from pipeline.warehouse.snapshot import Row

_MONTHS_BACK = 24
_THIS = "dataset = $dataset AND a = $a AND b = $b"
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
    tables = series_tables(parameters)
    drawn = _charts(visit, tables, names)
    return Page("pair.html", " – ".join(names), context, (_readings(parameters), *tables.values()), drawn)


def _charts(visit: Visit, tables: dict[str, Table], names: tuple[str, str]) -> dict[str, Chart]:
    """The charts, each drawn from the table of its numbers."""
    source, both = sourced(visit), " and ".join(names)
    frames = {key: linked(visit, table) for key, table in tables.items()}
    months, directed = frames["months"], frames["directed"]
    drawn = {
        "tension": Chart(charts.tension_months(months, both, source), "months"),
        "types": Chart(charts.event_types(frames["types"], both, source), "types"),
        "ladder": Chart(charts.ladder_weeks(frames["ladder"], both, source), "ladder"),
        "weeks": Chart(charts.conflict_weeks(frames["weeks"], both, source), "weeks"),
    }
    a, b = (tables["months"].parameters[side] for side in ("a", "b"))
    span = months["month"] if len(months) else None
    for key, actor, label in (("ab", a, names), ("ba", b, names[::-1])):
        way = directed[directed["source"] == actor]
        drawn[key] = Chart(charts.directed_months(way, *label, source, span), "directed")
    if "tempo" in frames:
        title = f"Reported attacks of {both}"
        drawn["tempo"] = Chart(charts.attack_tempo(frames["tempo"], title, sourced(visit, "figures")), "tempo")
        drawn["cues"] = Chart(charts.cue_months(frames["cues"], both, sourced(visit, "statements")), "cues")
    return drawn


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
