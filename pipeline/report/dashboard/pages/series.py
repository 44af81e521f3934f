"""The series of a pair as tables: what stands behind each chart of its page, row by row with the way to the evidence.

What belongs here: the SELECTs over the marts of series, and their columns. What does not: charts.
"""

from typing import Any

from pipeline.report.dashboard.page import month_of, week_of
from pipeline.report.dashboard.selection import OWN, address
from pipeline.report.dashboard.tables import Column, Table
from pipeline.warehouse.snapshot import Row

_THIS = "dataset = $dataset AND a = $a AND b = $b"
_EITHER_WAY = "l.dataset = $dataset AND least(l.source, l.target) = $a AND greatest(l.source, l.target) = $b"
_MONTHS = "($start IS NULL OR month >= date_trunc('month', $start::DATE)) AND ($end IS NULL OR month <= $end)"
_WEEKS = "($start IS NULL OR week >= $start::DATE - 6) AND ($end IS NULL OR week <= $end)"
_NAMED = "l.*, coalesce(x.name, l.source) AS source_name, coalesce(y.name, l.target) AS target_name"
_NAMES = "LEFT JOIN core.actors x ON x.actor_id = l.source LEFT JOIN core.actors y ON y.actor_id = l.target"
_EVENTS = Column("n", "Events (n)", "number")
_TENSION = (
    Column("tension", "Tension", "decimal"),
    Column("tension_low", "from", "decimal"),
    Column("tension_high", "to", "decimal"),
)
_SCORE = Column("net_cooperation", "Net cooperation", "score")
_SIDES = (Column("source_name", "Who"), Column("target_name", "Upon whom"))


def series_tables(p: dict[str, Any]) -> dict[str, Table]:
    """The tables of the pair in ``p`` (dataset, a, b, start, end) by key; an imported data set has no statements and no figures."""
    tables = [*_by_month(p), *_by_week(p), *(_told(p) if p["dataset"] == OWN else ())]
    return {t.key: t for t in tables}


def tempo_address(row: Row) -> str:
    """The figures that stand behind a bar of the attack tempo."""
    first, last = month_of(row["month"])
    return address("/figures", actor=row["perpetrator"], start=first, end=last, whose=row["attribution_type"])


def tempo_table(sql: str, p: dict[str, Any]) -> Table:
    """Reported attacks by month and whose word it is, from a SELECT on ``marts.attack_tempo``."""
    columns = (
        Column("month", "Month", "month", tempo_address),
        Column("perpetrator", "Who"),
        Column("target", "Upon whom"),
        Column("attribution_type", "Whose word"),
        Column("attributed_to", "Said by"),
        Column("low", "At least", "number"),
        Column("best", "Stated", "number"),
        Column("high", "At most", "number"),
        Column("comparison_text", "Compared"),
        Column("comparison_check", "Other months"),
        Column("months_known", "Months known", "number"),
    )
    order, empty = "month DESC, attribution_type", "No monthly figure is reported."
    return Table("tempo", "Reported attacks", sql, columns, p, order, size=12, empty=empty)


def _behind(p: dict[str, Any], row: Row, **more: Any) -> str:
    """The evidence of a month or a week of the pair."""
    first, last = month_of(row["month"]) if "month" in row else week_of(row["week"])
    return address("/evidence", a=p["a"], b=p["b"], dataset=p["dataset"], start=first, end=last, **more)


def _by_month(p: dict[str, Any]) -> tuple[Table, ...]:
    months = (
        Column("month", "Month", "month", lambda r: _behind(p, r)),
        _EVENTS,
        *_TENSION,
        _SCORE,
        Column("n_articles", "Articles", "number"),
    )
    one_way = Column("month", "Month", "month", lambda r: _behind(p, r, source=r["source"], target=r["target"]))
    types = (
        Column("month", "Month", "month", lambda r: _behind(p, r, type=r["event_type"])),
        Column("event_type", "Type"),
        Column("quad_class", "Quad class", "number"),
        _EVENTS,
        Column("confidence", "Mean confidence", "share"),
    )
    both = f"SELECT * FROM marts.dyad_month WHERE {_THIS} AND {_MONTHS}"
    directed = f"SELECT {_NAMED} FROM marts.dyad_month_directed l {_NAMES} WHERE {_EITHER_WAY} AND {_MONTHS}"
    counted = f"""SELECT month, event_type, quad_class, count(*) AS n, avg(confidence) AS confidence
        FROM staging.events_clean l WHERE {_EITHER_WAY} AND {_MONTHS} GROUP BY ALL"""
    ways = (one_way, *_SIDES, _EVENTS, _SCORE, *_TENSION)
    return (
        Table("months", "By month", both, months, p, "month DESC", grey="enough", size=12),
        Table("directed", "By month and direction", directed, ways, p, "month DESC, source", grey="enough", size=12),
        Table("types", "By month and type", counted, types, p, "month DESC, event_type", size=12),
    )


def _by_week(p: dict[str, Any]) -> tuple[Table, ...]:
    weeks = (
        Column("week", "Week of", "date", lambda r: _behind(p, r, quad="conflict")),
        Column("n_conflict", "Conflict (n)", "number"),
        Column("base_mean", "Baseline", "decimal"),
        Column("z", "z", "score"),
        Column("p_surge", "p", "decimal", help="probability of so many or more if nothing had changed"),
        Column("flag", "Flag"),
        Column("reading_ratio", "Reading", "decimal", help="articles read this week over their mean in the baseline"),
    )
    rungs = (
        Column("week", "Week of", "date", lambda r: _behind(p, r, source=r["source"], target=r["target"])),
        *_SIDES,
        Column("rung", "Rung", "number"),
        Column("event_type", "Type"),
        _EVENTS,
        Column("n_unsure", "Not counted", "number", help="events from rung 5 up with one source and little confidence"),
    )
    counted = f"SELECT * FROM marts.surge_week WHERE {_THIS} AND {_WEEKS}"
    climbed = f"SELECT {_NAMED} FROM marts.ladder_week l {_NAMES} WHERE {_EITHER_WAY} AND {_WEEKS}"
    return (
        Table("weeks", "By week", counted, weeks, p, "week DESC", grey="enough", size=12),
        Table("ladder", "Rungs", climbed, rungs, p, "week DESC, source", size=12),
    )


def _told(p: dict[str, Any]) -> tuple[Table, ...]:
    """What is claimed and what is said: figures of attacks, and statements on the relationship."""
    tempo = f"""SELECT * FROM marts.attack_tempo WHERE {_MONTHS}
        AND (perpetrator = $a AND coalesce(target, $b) = $b OR perpetrator = $b AND coalesce(target, $a) = $a)"""
    said = f"SELECT * FROM marts.cue_month WHERE a = $a AND b = $b AND {_MONTHS}"
    cues = (
        Column("month", "Published", "month", lambda r: _behind(p, r, kind="relation")),
        Column("n_statements", "Statements (n)", "number"),
        Column("tense", "Tense", "number"),
        Column("cooperative", "Cooperative", "number"),
        Column("tension_balance", "Balance", "score"),
        Column("ambivalence", "Ambivalence", "decimal"),
        Column("n_articles", "Articles", "number"),
    )
    return tempo_table(tempo, p), Table("cues", "Statements", said, cues, p, "month DESC", grey="enough", size=12)
