"""The briefing of a week, or of another period: which pairs moved, and the sentences behind it.

What belongs here: what is said and in which order. What does not: how a page looks. "This week" ends with the newest publication,
never with the clock.
"""

from datetime import date, timedelta
from typing import Any

import pandas as pd

from pipeline.errors import InputError
from pipeline.read import Snapshot
from pipeline.read.periods import Day, period
from pipeline.report import charts
from pipeline.report.briefing import (
    Briefing,
    KeyFigure,
    Row,
    Section,
    Table,
    band,
    count,
    day,
    event_quote,
    is_missing,
    number,
    records,
    span_of,
    within,
)
from pipeline.report.common_sections import BEYOND, coverage_points, figures_section, incidents_section, made_table

_SHOWN_PAIRS = 15
_TOLD_PAIRS = 4
_QUOTES_PER_PAIR = 4
_DRAWN_DAYS = 1096

# Reasons to call a pair moved come from the marts, each with its own word of whether it may be shown; pairs are put in order, not scored.
_MOVERS = """
WITH happened AS (
    SELECT least(source, target) AS a, greatest(source, target) AS b, count(*) AS n, count(*) FILTER (quad_class >= 3) AS n_conflict,
        max(event_date) AS last_event
    FROM staging.events_clean
    WHERE dataset = $d AND end_date >= $s AND event_date <= $u
    GROUP BY ALL
),

surges AS (
    SELECT a, b, arg_max(flag, z) AS flag, max(z) AS surge_z, arg_max(n_conflict, z) AS surge_n, arg_max(base_mean, z) AS surge_base
    FROM marts.surge_week
    WHERE dataset = $d AND enough AND flag IN ('surge', 'elevated') AND week + 6 >= $s AND week <= $u
    GROUP BY ALL
),

arrows AS (
    SELECT a, b, arg_max(arrow, month) AS arrow, arg_max(z, month) AS arrow_z
    FROM marts.arrow_month
    WHERE dataset = $d AND month <= $u AND last_day(month) >= $s
    GROUP BY ALL
),

rungs AS (
    SELECT least(source, target) AS a, greatest(source, target) AS b, max(step_up) AS step_up, arg_max(event_type, step_up) AS rung_type
    FROM marts.ladder_week
    WHERE dataset = $d AND week + 6 >= $s AND week <= $u
    GROUP BY ALL
)

SELECT c.a, c.b, c.a_name, c.b_name, h.n, h.n_conflict, h.last_event, c.tension_now, t.low, t.high, c.effective_n, c.is_stale,
    s.flag, s.surge_z, s.surge_n, s.surge_base, v.arrow, v.arrow_z, r.step_up, r.rung_type
FROM happened h
JOIN marts.dyad_current c ON c.dataset = $d AND c.a = h.a AND c.b = h.b
LEFT JOIN marts.dyad_dashboard t ON t.dataset = $d AND t.a = h.a AND t.b = h.b AND t.indicator = 'tension_now'
LEFT JOIN surges s ON s.a = h.a AND s.b = h.b
LEFT JOIN arrows v ON v.a = h.a AND v.b = h.b
LEFT JOIN rungs r ON r.a = h.a AND r.b = h.b
LEFT JOIN core.actors x ON x.actor_id = h.a
LEFT JOIN core.actors y ON y.actor_id = h.b
ORDER BY s.flag = 'surge' DESC NULLS LAST, s.flag IS NOT NULL DESC, v.arrow IN ('deteriorated', 'improved') DESC NULLS LAST,
    coalesce(r.step_up, 0) > 0 DESC, 'text' IN (x.source, y.source), h.n DESC, h.n_conflict DESC, h.a, h.b
"""

_LEFT_OUT = """
SELECT count(*) FILTER (NOT r.is_actual) AS unasserted, count(*) FILTER (r.is_actual AND NOT r.is_dated) AS undated,
    count(*) FILTER (r.is_actual AND r.is_dated AND NOT r.is_dyadic) AS unknown
FROM staging.events_rolled_up r
JOIN core.current_events e USING (event_id)
WHERE r.counts_as_source AND r.published BETWEEN $s AND $u AND (e.negated OR e.status NOT IN ('historical', 'ongoing_state'))
"""


def week_briefing(
    snapshot: Snapshot[pd.DataFrame], since: Day = None, until: Day = None, dataset: str = "faultline"
) -> Briefing:
    """The briefing of what moved: by default in the seven days that end with the newest publication.

    Raises:
        UnknownNameError: there is no such data set.
        InputError: an end of the period cannot be read, or the period begins after the newest publication.
    """
    start, end = period(since, until)
    snapshot.pairs(dataset=dataset)  # an unknown data set is named here
    newest = _newest(snapshot, dataset)
    if start and not end and newest and newest < start:
        msg = f"Nothing was published since {start}: the newest is of {newest}. Choose an earlier day, or read newer articles first."
        raise InputError(msg)
    end = end or newest
    start = start or (end - timedelta(days=6) if end else None)
    about = snapshot.about()
    values = {"d": dataset, "s": start, "u": end}
    movers = snapshot.sql(_MOVERS, values) if start and end else pd.DataFrame({"n": []})
    sections = [
        _table(movers) if len(movers) else None,
        *(_pair(snapshot, row, start, end, dataset) for row in records(movers.head(_TOLD_PAIRS))),
        *(_toll(snapshot, start, end) if dataset == "faultline" else ()),
        _not_known(snapshot, start, end, dataset),
    ]
    command = "faultline report" + (f" --since {start} --until {end}" if start and end else "")
    command += "" if dataset == "faultline" else f" --dataset {dataset}"
    return Briefing(
        title="What moved",
        subtitle=f"Briefing · {span_of(start, end) if start else 'nothing was read yet'} · as of {day(newest)}",
        lead=_lead(snapshot, movers, start, end, dataset),
        key_figures=_key_figures(snapshot, movers, start, end) if len(movers) else [],
        sections=[s for s in sections if s],
        made=made_table(snapshot, dataset, command),
        made_at=pd.Timestamp(about.published_at),
    )


def _newest(snapshot: Snapshot[pd.DataFrame], dataset: str) -> date | None:
    rows = (
        snapshot.sql("SELECT max(published) AS d FROM staging.articles")
        if dataset == "faultline"
        else snapshot.sql("SELECT max(event_date) AS d FROM staging.dyad_days WHERE dataset = ?", [dataset])
    )
    return None if is_missing(rows.d[0]) else rows.d[0].date()


def _lead(
    snapshot: Snapshot[pd.DataFrame], movers: pd.DataFrame, start: date | None, end: date | None, dataset: str
) -> list[str]:
    if start is None:
        return ["The snapshot holds no dated article: there is nothing to report."]
    if movers.empty:
        last = snapshot.sql(
            "SELECT max(event_date) AS d FROM staging.events_clean WHERE dataset = ? AND event_date <= ?",
            [dataset, end],
        ).d[0]
        before = f" The newest event before is of {day(last)}." if not is_missing(last) else ""
        return [
            f"No event {within(start, end)} between two known actors was found.{before}",
            "This does not say that nothing happened. A longer period may: faultline report --since 2021-01 --until 2021-12, with dates of your own.",
        ]
    moved = [r for r in records(movers) if _reason(r)]
    events = int(movers.n.sum())
    were = "was" if events == 1 else "were"
    text = f"{count(events, 'dated event')} {within(start, end)} {were} found, between {count(len(movers), 'pair')} of actors."
    if not moved:
        return [
            text,
            "No pair moved beyond what its own past lets expect, or too little is known of it to say so: the table lists who was active.",
        ]
    named = "; ".join(f"{r.a_name} and {r.b_name}: {_reason(r)}" for r in moved[:3])
    return [text, f"{count(len(moved), 'pair')} moved. {named}."]


def _reason(row: Any) -> str:
    """Why a pair counts as moved, in words; empty where it does not."""
    reasons = []
    if not is_missing(row.flag):
        reasons.append(
            f"{row.flag} of conflict, {number(row.surge_n)} against {number(row.surge_base, '.1f')} a week before (z {number(row.surge_z, '.1f')})"
        )
    if row.arrow in ("deteriorated", "improved"):
        reasons.append(f"{row.arrow} against the months before (z {number(row.arrow_z, '+.1f')})")
    if not is_missing(row.step_up) and row.step_up > 0:
        reasons.append(f"up {count(int(row.step_up), 'rung')} of the ladder, to {row.rung_type.lower()}")
    return ", ".join(reasons)


def _key_figures(
    snapshot: Snapshot[pd.DataFrame], movers: pd.DataFrame, start: date | None, end: date | None
) -> list[KeyFigure]:
    conflict = int(movers.n_conflict.sum())
    moved = sum(bool(_reason(r)) for r in records(movers))
    surges = int((movers.flag == "surge").sum())
    return [
        KeyFigure("Dated events", f"{int(movers.n.sum()):,}", f"{conflict:,} of them conflict"),
        KeyFigure("Pairs active", f"{len(movers):,}", f"newest event {day(movers.last_event.max())}"),
        KeyFigure("Pairs that moved", f"{moved:,}", "surge, arrow or a rung up"),
        KeyFigure("Surges", f"{surges:,}", "weeks beyond their baseline"),
    ]


def _table(movers: pd.DataFrame) -> Section:
    shown = list(records(movers.head(_SHOWN_PAIRS)))
    rows = [
        Row(
            [
                f"{r.a_name} – {r.b_name}",
                f"{r.n}",
                f"{r.n_conflict}",
                _reason(r) or "–",
                number(r.tension_now),
                band(r.low, r.high),
                number(r.effective_n, ".1f"),
            ],
            is_grey=bool(r.is_stale),
        )
        for r in shown
    ]
    columns = ("Pair", "Events", "Conflict", "What moved", "Tension now", "Band (95 %)", "Effective n")
    caption = "Pairs with events in these days, those that moved first" + (
        f"; {len(shown)} of {len(movers)}" if len(movers) > len(shown) else ""
    )
    text = "A dash: nothing that its own past would not let expect, or too few events to say so. Grey: too little stands behind the tension (effective n)."
    return Section("Pairs", paragraphs=[text], tables=[Table(caption, columns, rows, frozenset({1, 2, 4, 5, 6}))])


def _pair(snapshot: Snapshot[pd.DataFrame], row: Any, start: date | None, end: date | None, dataset: str) -> Section:
    """A pair that moved: its months, and the newest sentences of the period."""
    name = f"{row.a_name} and {row.b_name}"
    months = snapshot.dyad_series(
        row.a, row.b, since=end - timedelta(days=_DRAWN_DAYS) if end else None, until=end, dataset=dataset
    )
    figure = charts.tension_months(months, name, f"Source: {dataset}, {count(int(months.n.sum()), 'event')}.")
    events = snapshot.events(row.a, row.b, since=start, until=end, dataset=dataset).drop_duplicates("counts_as")
    quotes = [event_quote(r) for r in records(events.head(_QUOTES_PER_PAIR))]
    enough = len(months) > 1
    return Section(
        name,
        paragraphs=[f"{count(int(row.n), 'event')} in these days; {_reason(row) or 'no move that stands out'}. Tension now {number(row.tension_now)} of 100, effective n {number(row.effective_n, '.1f')}."],
        figures=[figure] if enough and figure.chart is not None else [],
        quotes=quotes,
    )  # fmt: skip


def _toll(snapshot: Snapshot[pd.DataFrame], start: date | None, end: date | None) -> list[Section | None]:
    dated = snapshot.incidents(since=start, until=end).dropna(subset=["start_date"])
    counts = snapshot.counts(since=start, until=end)
    return [
        incidents_section(dated, "Incidents of these days"),
        figures_section(counts[counts.is_counted], "Reported figures"),
    ]


def _not_known(snapshot: Snapshot[pd.DataFrame], start: date | None, end: date | None, dataset: str) -> Section:
    points: list[str] = []
    if dataset == "faultline" and start:
        left = snapshot.sql(_LEFT_OUT, {"s": start, "u": end}).iloc[0]
        points.append(
            f"Articles of these days also tell of {count(int(left.undated), 'act')} without a date in the text, {int(left.unasserted):,} that are "
            f"feared, planned, denied or unconfirmed, and {int(left.unknown):,} by or upon somebody unknown. None is counted."
        )
        points += coverage_points(snapshot, start, end)
    return Section("What is not known", points=[*points, BEYOND])
