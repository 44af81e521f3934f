"""The SQL of the read API, and the conditions that narrow it down.

What belongs here: joins of marts with names and evidence. What does not: figures of any kind, which are made in dbt_like_sql/.
Every text below has a gap for a WHERE clause, which ``Where`` fills with conditions on the rows before they are joined.
"""

from collections.abc import Sequence
from typing import Any


class Where:
    """Conditions with the values that belong to them. ``{}`` in a condition stands for the value's place."""

    def __init__(self) -> None:
        self._conditions: list[str] = []
        self.values: dict[str, Any] = {}

    def add(self, condition: str, *values: Any) -> "Where":
        """One more condition, unless one of its values is None."""
        if all(v is not None for v in values):
            names = [f"p{len(self.values) + i}" for i in range(len(values))]
            self.values |= dict(zip(names, values, strict=True))
            self._conditions.append(condition.format(*(f"${n}" for n in names)))
        return self

    def pair(self, source: str, target: str, a: str | None, b: str | None, *, directed: bool = False) -> "Where":
        """Rows in which ``a`` takes part, or which are between ``a`` and ``b``; ``directed``: in which a acts upon b."""
        if directed:
            return self.add(f"{source} = {{}}", a).add(f"{target} = {{}}", b)
        if a is not None and b is not None:
            return self.add(f"least({source}, {target}) = {{}}", min(a, b)).add(
                f"greatest({source}, {target}) = {{}}", max(a, b)
            )
        one = a if a is not None else b
        return self.add(f"({source} = {{0}} OR {target} = {{0}})", one)

    def one_of(self, column: str, values: Sequence[str] | str | None) -> "Where":
        """Rows whose column has one of the values."""
        return self.add(
            f"list_contains({{}}, {column})", [values] if isinstance(values, str) else values and list(values)
        )

    def __str__(self) -> str:
        return " AND ".join(self._conditions) or "true"


MONTHS = """
SELECT m.*, v.arrow, v.z AS arrow_z, b.mean_low AS bootstrap_low, b.mean_high AS bootstrap_high,
    r.rate AS conflict_rate, r.rate_low AS conflict_rate_low, r.rate_high AS conflict_rate_high
FROM (SELECT * FROM marts.dyad_month WHERE {where}) m
LEFT JOIN marts.arrow_month v USING (dataset, a, b, month)
LEFT JOIN marts.bootstrap_month b USING (dataset, a, b, month)
LEFT JOIN marts.conflict_rate_month r USING (dataset, a, b, month)
ORDER BY m.month
"""

MONTHS_DIRECTED = """
SELECT * FROM marts.dyad_month_directed WHERE {where} ORDER BY month, source
"""

# Every week of a pair's series, also those without an event.
_WEEKS = """(
    SELECT s.dataset, s.directed, s.a, s.b, c.week, coalesce(w.n, 0) AS n, coalesce(w.n_conflict, 0) AS n_conflict,
        coalesce(w.goldstein, 0)::DOUBLE AS goldstein, c.n_read, c.was_read, w.event_id
    FROM staging.series s
    JOIN staging.weeks c ON c.dataset = s.dataset AND c.week >= s.week
    LEFT JOIN staging.dyad_weeks w ON w.dataset = s.dataset AND w.directed = s.directed AND w.a = s.a AND w.b = s.b AND w.week = c.week
)"""

WEEKS = f"""
SELECT w.dataset, w.a, w.b, w.week, w.n, w.n_conflict, w.goldstein, w.n_read, w.was_read, w.event_id,
    l.level_short, l.mean_short, l.effective_n_short, l.enough_short, l.level_long, l.mean_long, l.effective_n_long, l.enough_long,
    s.base_mean AS surge_base, s.z AS surge_z, s.p_surge, s.reading_ratio, s.flag AS surge, s.enough AS surge_enough,
    c.cusum, c.is_alarm AS cusum_alarm, c.started AS cusum_since, p.p_recent AS p_changed, p.rate AS conflict_rate,
    v.volatility, v.volatility_low, v.volatility_high, v.enough AS volatility_enough
FROM (SELECT * FROM {_WEEKS} WHERE NOT directed AND {{where}}) w
LEFT JOIN (SELECT * FROM marts.level_week WHERE {{where}}) l USING (week)
LEFT JOIN (SELECT * FROM marts.surge_week WHERE {{where}}) s USING (week)
LEFT JOIN (SELECT * FROM marts.cusum_week WHERE {{where}}) c USING (week)
LEFT JOIN (SELECT * FROM marts.changepoint_week WHERE {{where}}) p USING (week)
LEFT JOIN (SELECT * FROM marts.volatility_week WHERE {{where}}) v USING (week)
ORDER BY w.week
"""  # noqa: S608 - our own names

WEEKS_DIRECTED = f"""
SELECT w.dataset, w.source, w.target, w.week, w.n, w.n_conflict, w.goldstein, w.n_read, w.was_read,
    l.rung, l.rung_before, l.step_up, l.event_type AS rung_event_type, coalesce(l.event_id, w.event_id) AS event_id
FROM (SELECT * FROM (SELECT * RENAME (a AS source, b AS target) FROM {_WEEKS} WHERE directed) WHERE {{where}}) w
LEFT JOIN (SELECT * FROM marts.ladder_week WHERE {{where}}) l USING (dataset, source, target, week)
ORDER BY w.week, w.source
"""  # noqa: S608 - our own names

# Both marts say more than their names do; a month has a row where at least one statement speaks of the pair, or where the press was read.
STATEMENT_MONTHS = """
SELECT a, b, month, c.* EXCLUDE (a, b, month), p.* EXCLUDE (a, b, month, n_sources, enough, relation_id), p.enough AS press_enough
FROM (SELECT * FROM marts.cue_month WHERE {where}) c
FULL JOIN (SELECT * FROM marts.press_share_month WHERE {where}) p USING (a, b, month)
ORDER BY month
"""

READINGS = """
SELECT d.*, v.title, v.source AS publisher, v.published, v.url, v.article_id, v.sentence_start, v.sentence_end, v.sentence_text,
    v.start_char, v.end_char, v.text, v.coder_version
FROM (SELECT * FROM marts.dyad_dashboard WHERE {where}) d
LEFT JOIN marts.evidence v ON v.kind = d.evidence_kind AND v.id = d.evidence_id
ORDER BY d.a, d.b, d.indicator
"""

PAIRS = """
SELECT * FROM marts.dyad_current WHERE {where} ORDER BY tension_rank NULLS LAST, last_event_date DESC, a, b
"""

EVENTS = """
WITH chosen AS (
    SELECT * FROM staging.events_rolled_up WHERE {where}
),

counted AS (
    SELECT unnest(event_ids) AS event_id, event_id AS counts_as
    FROM staging.events_clean
    WHERE dataset = 'faultline' AND (source, target) IN (SELECT (source, target) FROM chosen)
)

SELECT 'faultline' AS dataset, e.event_id, k.counts_as, r.source, r.target,
    coalesce(s.name, r.source, e.source_text) AS source_name, coalesce(t.name, r.target, e.target_text) AS target_name,
    e.event_type, e.mode, e.cameo_code, e.quad_class, e.goldstein, e.plover_score, e.start_date, e.end_date, e.date_precision, e.date_source,
    e.location, e.status, e.negated, e.attributed_to, coalesce(z.name, e.attributed_to) AS attributed_to_name, e.confidence, e.rule,
    CASE
        WHEN k.counts_as IS NOT NULL THEN NULL
        WHEN NOT r.counts_as_source THEN 'repost'
        WHEN e.status IN ('historical', 'ongoing_state') AND NOT e.negated THEN replace(e.status, '_', ' ')
        WHEN NOT r.is_actual THEN 'not asserted'
        WHEN e.start_date IS NULL THEN 'undated'
        WHEN NOT r.is_dated THEN 'vague date'
        WHEN NOT r.is_dyadic THEN 'actor unknown'
        ELSE 'unsure'
    END AS left_out,
    e.source_actor_id, e.target_actor_id, e.source_text, e.target_text,
    a.article_id, a.title, a.source AS publisher, a.published, a.url,
    e.sentence, n.start_char AS sentence_start, n.end_char AS sentence_end,
    substr(a.text, n.start_char + 1, n.end_char - n.start_char) AS sentence_text, e.start_char, e.end_char, e.text, e.coder_version
FROM chosen r
JOIN core.current_events e USING (event_id)
JOIN raw.articles a ON a.article_id = e.article_id
JOIN core.sentences n ON n.article_id = e.article_id AND n.coder_version = e.coder_version AND n.sentence = e.sentence
LEFT JOIN counted k ON k.event_id = e.event_id
LEFT JOIN core.actors s ON s.actor_id = r.source
LEFT JOIN core.actors t ON t.actor_id = r.target
LEFT JOIN core.actors z ON z.actor_id = e.attributed_to
"""

# The same columns, for events that others coded.
IMPORTED_EVENTS = """
WITH chosen AS (
    SELECT *, source_actor_id AS source, target_actor_id AS target, date_precision IN ('day', 'week', 'month') AS is_dated,
        NULL::DATE AS published
    FROM core.imported_events
),

counted AS (
    SELECT unnest(event_ids) AS event_id, event_id AS counts_as FROM staging.events_clean WHERE dataset <> 'faultline'
)

SELECT e.dataset, e.event_id, k.counts_as, e.source, e.target, coalesce(s.name, e.source) AS source_name,
    coalesce(t.name, e.target) AS target_name, e.event_type, NULL AS mode, e.cameo_code, e.quad_class, e.goldstein, e.plover_score,
    e.start_date, e.end_date, e.date_precision, 'data set' AS date_source, e.location, 'actual' AS status, false AS negated,
    NULL AS attributed_to, NULL AS attributed_to_name, 1.0 AS confidence, NULL AS rule,
    CASE WHEN k.counts_as IS NULL THEN CASE WHEN e.is_dated THEN 'actor unknown' ELSE 'vague date' END END AS left_out,
    e.source_actor_id, e.target_actor_id, e.source_code AS source_text, e.target_code AS target_text,
    NULL AS article_id, NULL AS title, e.publisher, e.published, e.url, NULL::INTEGER AS sentence, NULL::INTEGER AS sentence_start,
    NULL::INTEGER AS sentence_end, NULL AS sentence_text, NULL::INTEGER AS start_char, NULL::INTEGER AS end_char,
    e.description AS text, e.origin AS coder_version
FROM (SELECT * FROM chosen WHERE {where}) e
LEFT JOIN counted k USING (event_id)
LEFT JOIN core.actors s ON s.actor_id = e.source
LEFT JOIN core.actors t ON t.actor_id = e.target
"""

EVENTS_ORDER = "ORDER BY start_date DESC NULLS LAST, published DESC NULLS LAST, event_id"

STATEMENTS = """
SELECT r.relation_id, c.actor_a AS source, c.actor_b AS target, coalesce(s.name, c.actor_a) AS source_name,
    coalesce(t.name, c.actor_b) AS target_name, c.directed, c.cue_type, c.polarity, c.strength, r.status, c.month,
    v.* EXCLUDE (kind, dataset, id, source), v.source AS publisher
FROM (SELECT * FROM staging.cues WHERE {where}) c
JOIN core.current_relation_statements r USING (relation_id)
JOIN marts.evidence v ON v.kind = 'relation' AND v.id = c.relation_id
LEFT JOIN core.actors s ON s.actor_id = c.actor_a
LEFT JOIN core.actors t ON t.actor_id = c.actor_b
ORDER BY v.published DESC NULLS LAST, r.relation_id
"""

COUNTS = """
SELECT * FROM (
    SELECT c.count_id, c.measure, c.low, c.best, c.high, s.rolled_actor_id AS perpetrator, t.rolled_actor_id AS target,
        coalesce(x.name, s.rolled_actor_id) AS perpetrator_name, coalesce(y.name, t.rolled_actor_id, c.target_text) AS target_name,
        c.start_date, c.end_date, c.grain, c.date_source, c.status, c.attributed_to,
        coalesce(z.name, c.attributed_to) AS attributed_to_name, c.attribution_type,
        c.comparison_text, c.comparison_relation, c.comparison_start, c.comparison_end, c.location, c.country,
        k.count_id IS NOT NULL AS is_counted, c.actor_id, c.target_actor_id, c.target_text,
        a.article_id, a.title, a.source AS publisher, a.published, a.url, c.sentence, n.start_char AS sentence_start,
        n.end_char AS sentence_end, substr(a.text, n.start_char + 1, n.end_char - n.start_char) AS sentence_text,
        c.start_char, c.end_char, c.text, c.coder_version
    FROM core.current_attack_counts c
    JOIN raw.articles a USING (article_id)
    JOIN core.sentences n ON n.article_id = c.article_id AND n.coder_version = c.coder_version AND n.sentence = c.sentence
    LEFT JOIN staging.counts_clean k USING (count_id)
    LEFT JOIN staging.actors_rolled_up s
        ON s.actor_id = c.actor_id AND s.article_id = c.article_id AND s.as_of IS NOT DISTINCT FROM c.start_date
    LEFT JOIN staging.actors_rolled_up t
        ON t.actor_id = c.target_actor_id AND t.article_id = c.article_id AND t.as_of IS NOT DISTINCT FROM c.start_date
    LEFT JOIN core.actors x ON x.actor_id = s.rolled_actor_id
    LEFT JOIN core.actors y ON y.actor_id = t.rolled_actor_id
    LEFT JOIN core.actors z ON z.actor_id = c.attributed_to
)
WHERE {where}
ORDER BY start_date DESC NULLS LAST, published DESC NULLS LAST, count_id
"""

INCIDENTS = """
SELECT i.*, coalesce(x.name, i.perpetrator) AS perpetrator_name, v.title, v.source AS publisher, v.published, v.url, v.sentence_start,
    v.sentence_end, v.sentence_text, v.start_char, v.end_char, v.text, v.coder_version
FROM (SELECT * FROM marts.linked_incident WHERE {where}) i
LEFT JOIN marts.evidence v ON v.kind = 'incident' AND v.id = i.incident_id
LEFT JOIN core.actors x ON x.actor_id = i.perpetrator
ORDER BY i.start_date DESC NULLS LAST, i.first_published DESC NULLS LAST, i.linked_incident_id
"""

ARTICLES = """
SELECT a.article_id, a.title, a.source AS publisher, a.author, a.published, a.published_precision, a.url, a.language, a.duplicate_of,
    a.duplicate_reason, a.version, a.origin, length(a.text) AS n_characters, coalesce(e.n, 0) AS n_events, r.coder_version{text}
FROM (SELECT * FROM raw.articles a WHERE {where}) a
LEFT JOIN core.current_runs r USING (article_id)
LEFT JOIN (SELECT article_id, count(*) AS n FROM core.current_events GROUP BY ALL) e USING (article_id)
ORDER BY a.published DESC NULLS LAST, a.article_id
"""

ACTORS = """
SELECT m.actor_id, coalesce(x.name, m.actor_id) AS name, coalesce(x.kind, 'unknown') AS kind, x.country, m.n_pairs, m.n_events
FROM (
    SELECT actor_id, count(*) AS n_pairs, sum(n_events)::BIGINT AS n_events
    FROM (SELECT unnest([a, b]) AS actor_id, n_events FROM marts.dyad_current WHERE {where})
    GROUP BY actor_id
) m
LEFT JOIN core.actors x USING (actor_id)
ORDER BY m.n_events DESC, m.actor_id
"""
