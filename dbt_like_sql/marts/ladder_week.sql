/*
description: >
  The highest rung that one actor climbed against another in a week: ACCUSE and REQUEST 1, REJECT 2, THREATEN 3, SANCTION and
  PROTEST 4, MOBILIZE 5, COERCE 6, ASSAULT 7; 0 for weeks with other events only. One wrong coding is the maximum of its week: from
  rung 5 up an event counts only with ladder_min_sources or ladder_min_confidence. step_up compares with the highest rung of the
  ladder_weeks before. Weeks without events have no row.
materialization: table
partition: pair
onward: week
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  source: {description: Who acts, tests: [not_null]}
  target: {description: Upon whom, tests: [not_null]}
  week: {description: Monday, tests: [not_null]}
  rung: {description: Highest rung of the week, tests: [not_null, {range: {min: 0, max: 7}}]}
  n: {description: Events of the week that count, tests: [{range: {min: 1}}]}
  n_unsure: {description: 'Events from rung 5 up that do not count: one source, little confidence', tests: [{range: {min: 0}}]}
  rung_before: {description: Highest rung of the weeks before; null where there was none, tests: [{range: {min: 0, max: 7}}]}
  step_up: {description: 'rung minus rung_before (0 where null); null in the first week of the pair', tests: [{range: {min: -7, max: 7}}]}
  event_type: {description: Type of the event on that rung, tests: [not_null]}
  event_id: {description: The event on that rung, tests: [not_null, {relationships: {to: staging.events_clean, field: event_id}}]}
tests:
  - unique: [dataset, source, target, week]
*/
WITH parameters AS (
    SELECT
        max(value) FILTER (name = 'ladder_weeks')::INTEGER AS ladder_weeks,
        max(value) FILTER (name = 'ladder_min_sources') AS min_sources,
        max(value) FILTER (name = 'ladder_min_confidence') AS min_confidence
    FROM core.parameters
),

rungs AS (
    SELECT unnest(['ACCUSE', 'REQUEST', 'REJECT', 'THREATEN', 'SANCTION', 'PROTEST', 'MOBILIZE', 'COERCE', 'ASSAULT']) AS event_type,
        unnest([1, 1, 2, 3, 4, 4, 5, 6, 7]) AS rung
),

events AS (
    SELECT
        e.*,
        coalesce(r.rung, 0) AS rung,
        coalesce(r.rung, 0) < 5 OR e.n_sources >= p.min_sources OR e.confidence >= p.min_confidence AS counts,
        (date_trunc('week', e.event_date)::DATE - DATE '1900-01-01') // 7 AS week_number
    FROM staging.events_clean e
    LEFT JOIN rungs r USING (event_type)
    CROSS JOIN parameters p
    WHERE date_trunc('week', e.event_date) = date_trunc('week', e.end_date)
),

weeks AS (
    SELECT
        dataset,
        source,
        target,
        week_number::INTEGER AS week_number,
        max(rung) FILTER (counts) AS rung,
        count(*) FILTER (counts) AS n,
        count(*) FILTER (NOT counts) AS n_unsure,
        arg_max(event_type, (rung, confidence, event_id)) FILTER (counts) AS event_type,
        arg_max(event_id, (rung, confidence, event_id)) FILTER (counts) AS event_id
    FROM events
    GROUP BY dataset, source, target, week_number
    HAVING count(*) FILTER (counts) > 0
),

stepped AS (
    SELECT
        w.*,
        max(w.rung) OVER before AS rung_before,
        row_number() OVER (PARTITION BY w.dataset, w.source, w.target ORDER BY w.week_number) = 1 AS is_first
    FROM weeks w
    CROSS JOIN parameters p
    WINDOW before AS (
        PARTITION BY w.dataset, w.source, w.target ORDER BY w.week_number RANGE BETWEEN p.ladder_weeks PRECEDING AND 1 PRECEDING
    )
)

SELECT
    dataset,
    source,
    target,
    DATE '1900-01-01' + week_number * 7 AS week,
    rung,
    n,
    n_unsure,
    rung_before,
    CASE WHEN NOT is_first THEN rung - coalesce(rung_before, 0) END AS step_up,
    event_type,
    event_id
FROM stepped
