"""``core.alerts``: facts of the marts that somebody wants to hear of, each once.

What belongs here: which facts those are, and remembering which were sent. What does not: sending (``pipeline.notify``).

A fact's key is made of what it is about (pair and week, pair and month and word, actor), not of its figures: it is raised once,
however often its marts are built and however its figures move.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from pipeline.warehouse.imported_tables import alerts
from pipeline.warehouse.intake import utc_now
from pipeline.warehouse.merge import insert_new
from pipeline.warehouse.rows import row_id


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert: what kind, whom and when it is about, in words, with the sentence behind it and where that stands."""

    alert_id: str
    kind: str
    a: str
    b: str | None
    period_start: date
    message: str
    event_id: str | None
    article_id: str | None
    sentence: str | None
    source: str | None
    url: str | None
    raised_at: datetime


# Facts of the last days before the newest publication. Each row: kind, a, b, period_start, word, message, event_id.
_FACTS = """
WITH today AS (SELECT max(published) AS day, min(published) AS first FROM staging.articles),
since AS (SELECT day, first, day - $window_days::INTEGER AS start FROM today),
names AS (SELECT actor_id, name FROM core.actors),
surges AS (
    SELECT 'surge' AS kind, s.a, s.b, s.week AS period_start, '' AS word,
        format('{} – {}: {} events of conflict in the week of {}, {:.1f} a week before (z {:.1f})',
            coalesce(x.name, s.a), coalesce(y.name, s.b), s.n_conflict, s.week, s.base_mean, s.z) AS message, s.event_id
    FROM marts.surge_week s CROSS JOIN since
    LEFT JOIN names x ON x.actor_id = s.a LEFT JOIN names y ON y.actor_id = s.b
    WHERE s.dataset = 'faultline' AND s.flag = 'surge' AND s.week >= since.start
),
-- The word of a month against the last word before it that rests on enough.
arrows AS (
    SELECT *, lag(arrow) OVER (PARTITION BY a, b ORDER BY month) AS before
    FROM marts.arrow_month WHERE dataset = 'faultline' AND arrow <> 'insufficient data'
),
turns AS (
    SELECT 'arrow' AS kind, t.a, t.b, t.month AS period_start, t.arrow AS word,
        format('{} – {}: {} in {}, {} before (net cooperation {:.1f} against {:.1f}, {} events)',
            coalesce(x.name, t.a), coalesce(y.name, t.b), t.arrow, strftime(t.month, '%B %Y'), coalesce(t.before, 'no word'),
            t.net_cooperation, t.base_net_cooperation, t.n) AS message, t.event_id
    FROM arrows t CROSS JOIN since
    LEFT JOIN names x ON x.actor_id = t.a LEFT JOIN names y ON y.actor_id = t.b
    WHERE t.arrow IN ('deteriorated', 'improved') AND t.arrow IS DISTINCT FROM t.before
        AND last_day(t.month) >= since.start
),
seen AS (
    SELECT m.actor_id, min(a.published) AS first_day, count(DISTINCT m.article_id) AS n
    FROM core.current_actor_mentions m JOIN staging.articles a USING (article_id)
    WHERE a.counts_as_source AND m.actor_id NOT LIKE 'collective:%'
    GROUP BY m.actor_id
),
-- A corpus that begins within the window has seen everybody for the first time.
newcomers AS (
    SELECT 'first seen' AS kind, s.actor_id AS a, NULL AS b, s.first_day AS period_start, '' AS word,
        format('{} ({}): named for the first time on {}, in {} articles since', k.name, k.kind, s.first_day, s.n) AS message,
        e.event_id
    FROM seen s CROSS JOIN since JOIN core.actors k USING (actor_id)
    JOIN (
        SELECT actor_id, arg_min(event_id, (start_date, event_id)) AS event_id FROM (
            SELECT unnest([source_actor_id, target_actor_id]) AS actor_id, event_id, start_date FROM core.current_events
        ) GROUP BY actor_id
    ) e USING (actor_id)
    WHERE s.first_day >= since.start AND since.first < since.start AND s.n >= $min_articles
)
SELECT f.*, v.article_id, v.sentence_text, v.source, v.url
FROM (FROM surges UNION ALL FROM turns UNION ALL FROM newcomers) f
LEFT JOIN marts.evidence v ON v.kind = 'event' AND v.id = f.event_id
ORDER BY ALL
"""
_FIELDS = list(Alert.__dataclass_fields__)


def raise_alerts(con: duckdb.DuckDBPyConnection, window_days: int, first_seen_min_articles: int) -> int:
    """Add the facts that were not raised before to core.alerts; returns how many there were.

    Args:
        con: in a transaction, on a warehouse whose marts are built.
        window_days: how old a fact may be, counted from the newest publication.
        first_seen_min_articles: articles that must name an actor never seen before.
    """
    now = utc_now()
    found = con.execute(_FACTS, {"window_days": window_days, "min_articles": first_seen_min_articles}).fetchall()
    rows = [
        {
            "alert_id": row_id(kind, a, b, "" if kind == "first seen" else start, word),
            **dict(
                zip(
                    ("kind", "a", "b", "period_start", "message", "event_id"),
                    (kind, a, b, start, message, event),
                    strict=True,
                )
            ),
            **dict(zip(("article_id", "sentence", "source", "url"), evidence, strict=True)),
            "raised_at": now,
        }
        for kind, a, b, start, word, message, event, *evidence in found
    ]
    return insert_new(con, alerts, rows)


def unsent(con: duckdb.DuckDBPyConnection) -> list[Alert]:
    """Alerts that were not sent yet, the oldest first."""
    rows = con.execute(
        f"SELECT {', '.join(_FIELDS)} FROM core.alerts WHERE sent_at IS NULL ORDER BY raised_at, alert_id"  # noqa: S608
    ).fetchall()
    return [Alert(*row) for row in rows]


def mark_sent(con: duckdb.DuckDBPyConnection, alert_ids: Sequence[str]) -> None:
    """Remember that these alerts were sent, or that there is nowhere to send them. Call it in a transaction."""
    con.execute("UPDATE core.alerts SET sent_at = ? WHERE list_contains(?, alert_id)", [utc_now(), list(alert_ids)])
