"""Sections that briefings of a pair and of a week share: figures and incidents of a period, coverage, and how it was made."""

from datetime import date
from typing import Any

import pandas as pd

from pipeline import __version__
from pipeline.indicator_settings import Indicators
from pipeline.read import Snapshot
from pipeline.report.briefing import (
    Quote,
    Row,
    Section,
    Table,
    band,
    count,
    day,
    is_missing,
    month,
    number,
    quote,
    records,
)

SHOWN_INCIDENTS = 12
SHOWN_FIGURES = 8
_ALWAYS_SHOWN = (
    "min_confidence",
    "kappa_events",
    "half_life_long_days",
    "min_effective_n",
    "month_min_events",
    "series_min_events",
    "surge_z",
)
_WHO_SAYS = {
    "self_claim": "their own claim",
    "official": "officials",
    "independent": "observers",
    "media": "media",
    "unattributed": "nobody named",
}


def incidents_section(incidents: pd.DataFrame, title: str) -> Section | None:
    """Incidents as a table, each with the sentence of its first report; None without any."""
    if incidents.empty:
        return None
    shown = list(records(incidents.head(SHOWN_INCIDENTS)))
    rows = [
        Row(
            [
                day(r.start_date) if not is_missing(r.start_date) else "undated",
                ", ".join(str(p) for p in (r.place, r.country) if not is_missing(p)) or "–",
                f"{r.incident_type}{'' if r.status == 'actual' else f', {r.status}'}",
                "–" if is_missing(r.perpetrator_name) else str(r.perpetrator_name),
                _toll(r, "killed"),
                _toll(r, "injured"),
                f"{r.n_sources}",
            ],
            is_grey=r.status != "actual",
        )
        for r in shown
    ]
    columns = ("When", "Where", "What", "By whom", "Killed", "Injured", "Sources")
    more = len(incidents) - len(shown)
    caption = "Each incident once, however often it was reported; the latest exact toll, and in brackets the range of all reports"
    caption += f"; the newest {len(shown)} of {len(incidents)}" if more else ""
    quotes = [
        quote(r, f"{r.incident_type}, {r.place or 'place unknown'}" if not is_missing(r.place) else r.incident_type, rows[i].cells[0], "counted" if r.status == "actual" else f"not counted: {r.status}", {"incident": r.incident_id})
        for i, r in enumerate(shown[:4])
    ]  # fmt: skip
    return Section(title, tables=[Table(caption, columns, rows, frozenset({4, 5, 6}))], quotes=quotes)


def _toll(row: Any, measure: str) -> str:
    low, best, high = (getattr(row, f"{measure}_{end}") for end in ("low", "best", "high"))
    if is_missing(best) and is_missing(low):
        return "–"
    best_text = number(best) if not is_missing(best) else f"at least {number(low)}"
    if is_missing(low) or (not is_missing(high) and low == high):
        return best_text
    return f"{best_text} ({band(low, high) or f'from {number(low)}'})"


def figures_section(counts: pd.DataFrame, title: str) -> Section | None:
    """Reported figures with bounds and on whose word; None without any."""
    if counts.empty:
        return None
    shown = list(records(counts.head(SHOWN_FIGURES)))
    return Section(
        title,
        paragraphs=[
            "On whose word a figure stands is part of it. Figures of different tellers or spans are not to be added."
        ],
        quotes=[figure_quote(r) for r in shown],
    )


def figure_quote(row: Any) -> Quote:
    """A reported figure with its bounds and on whose word it stands."""
    amount = number(row.best) if not is_missing(row.best) else _bounds(row.low, row.high)
    who = "by nobody named" if is_missing(row.perpetrator_name) else f"by {row.perpetrator_name}"
    upon = "" if is_missing(row.target_name) else f" {_line(row.target_name)},"
    says = _WHO_SAYS.get(row.attribution_type, str(row.attribution_type))
    says += "" if is_missing(row.attributed_to_name) else f" ({row.attributed_to_name})"
    when = "undated" if is_missing(row.start_date) else f"{day(row.start_date)} to {day(row.end_date)}" if row.start_date != row.end_date else day(row.start_date)  # fmt: skip
    status = (
        "counted"
        if row.is_counted
        else f"not counted: {'undated' if is_missing(row.start_date) else row.status.replace('_', ' ')}"
    )
    return quote(row, f"{row.measure}: {amount},{upon} {who}; says: {says}", when, status, {"figure": row.count_id})


def _line(text: object) -> str:
    return " ".join(str(text).split())


def _bounds(low: Any, high: Any) -> str:
    if is_missing(low):
        return "unknown" if is_missing(high) else f"at most {number(high)}"
    return f"at least {number(low)}" if is_missing(high) else f"{number(low)} to {number(high)}"


_COVERAGE = """
WITH chosen AS (
    SELECT * FROM staging.articles WHERE ($s IS NULL OR published >= $s) AND ($u IS NULL OR published <= $u)
),

found AS (
    SELECT count(*) AS n_events, avg((r.is_actual AND r.is_dated AND r.is_dyadic)::INTEGER) AS share_usable
    FROM staging.events_rolled_up r
    WHERE r.counts_as_source AND ($s IS NULL OR r.published >= $s) AND ($u IS NULL OR r.published <= $u)
)

SELECT count(*) AS n_articles, count(*) FILTER (NOT counts_as_source) AS n_reposts, count(DISTINCT source) AS n_sources,
    count(*) FILTER (published IS NULL) AS n_undated, min(published) AS first_day, max(published) AS last_day,
    list(DISTINCT published_month) FILTER (published_month IS NOT NULL) AS months, any_value(f.n_events) AS n_events, any_value(f.share_usable) AS share_usable
FROM chosen CROSS JOIN found f
"""


def coverage_points(snapshot: Snapshot[pd.DataFrame], since: date | None, until: date | None) -> list[str]:
    """What was read in a period, in which of its months nothing was, and how much of it could be used."""
    read = next(records(snapshot.sql(_COVERAGE, {"s": since, "u": until})))
    if not read.n_articles:
        return ["Nothing that was published in this period was read: silence here means nothing."]
    reposts = f", of which {count(int(read.n_reposts), 'repeats another', 'repeat others')}" if read.n_reposts else ""
    sources = count(int(read.n_sources), "source")
    points = [
        f"What was read: {count(int(read.n_articles), 'article')} from {sources}{reposts}. What they did not report is not here."
    ]
    if read.n_events:
        points.append(
            f"Of {count(int(read.n_events), 'event')} found in them, {read.share_usable:.0%} are asserted, dated and between two known "
            "actors; only those can enter an indicator."
        )
    if not is_missing(read.first_day):
        first, last = pd.Timestamp(since or read.first_day), pd.Timestamp(until or read.last_day)
        known = {pd.Timestamp(m) for m in ([] if is_missing(read.months) else read.months)}
        silent = [month(m) for m in pd.date_range(first.replace(day=1), last, freq="MS") if m not in known]
        if silent:
            named = ", ".join(silent[:6]) + (f" and {len(silent) - 6} more" if len(silent) > 6 else "")
            points.append(f"Months of which no article was read: {named}. They are not quiet, they are unknown.")
    if read.n_undated:
        are = "is" if read.n_undated == 1 else "are"
        points.append(f"{count(int(read.n_undated), 'article')} without a date of publication {are} in no month.")
    return points


BEYOND = "Bands hold for the events that were found. They do not contain what the coder missed or miscoded, nor what the press did not report."


def made_table(snapshot: Snapshot[Any], dataset: str, command: str) -> Table:
    """How a briefing was made: data set, snapshot, coder, parameters, and the command that makes it again."""
    about = snapshot.about()
    defaults = Indicators()
    parameters = [
        f"{name} = {value:g}"
        + ("" if value == float(getattr(defaults, name, value)) else f" (default {getattr(defaults, name):g})")
        for name, value in about.parameters.items()
        if name in _ALWAYS_SHOWN or value != float(getattr(defaults, name, value))
    ]
    coders = [f"{coder} ({count(n, 'article')})" for coder, n in list(about.coders.items())[:3]]
    rows = [
        ("Snapshot", f"published {about.published_at:%Y-%m-%d %H:%M} UTC; {count(about.articles, 'article')}, published {day(about.first_published)} to {day(about.last_published)}"),
        ("Data set", dataset),
        ("coder_version", "; ".join(coders) or "–"),
        ("Parameters", "; ".join(parameters) or "–"),
        ("Faultline", __version__),
        ("Made by", command),
    ]  # fmt: skip
    return Table("How this was made", ("", ""), [Row(r) for r in rows])
