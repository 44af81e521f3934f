/*
description: >
  The current reading of every pair: one row per pair and indicator, each the newest that there is, with its n, its band and its last
  evidence. Values of different indicators are not to be added. Grey where is_shown is false: too little stands behind the value
  (enough), or its period ended more than half_life_long_days before the newest publication (is_stale). The formulas are in
  the marts that the column mart names.
materialization: table
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  a_name: {description: Its name, tests: [not_null]}
  b_name: {description: Its name, tests: [not_null]}
  indicator:
    description: Which reading
    tests:
      - not_null
      - accepted_values:
          [net_cooperation, tension, tension_now, net_cooperation_bootstrap, arrow, mean_short, mean_long, asymmetry, surge, cusum, changepoint,
          conflict_rate, ladder_ab, ladder_ba, momentum, volatility, press_index, cue_balance]
  mart: {description: The mart that it comes from, tests: [not_null]}
  period_start: {description: First day that the value speaks of, tests: [not_null]}
  period_end: {description: Last day that it speaks of, tests: [not_null]}
  value: The value; null where the mart has none
  low: Lower end of the band of 95 %; null for a statistic without one (cusum, changepoint, ladder)
  high: Upper end of the band
  n: {description: 'What it rests on: events, effective events, statements, or weeks of baseline', tests: [not_null]}
  reading: 'In words, where the mart has words: arrow, flag, rung'
  tense_is: {description: Whether tenser pairs have higher or lower values; null where neither, tests: [{accepted_values: [higher, lower]}]}
  enough: {description: Whether enough stands behind it, tests: [not_null]}
  is_stale: {description: Whether its period ended too long ago to be current, tests: [not_null]}
  is_shown: {description: enough and not is_stale; else grey, tests: [not_null]}
  as_of: {description: Newest publication; of an imported data set its newest event, tests: [not_null]}
  evidence_kind: {description: Kind of the last evidence, tests: [not_null, {accepted_values: [event, relation]}]}
  evidence_id: Key of marts.evidence; null where the period has none
  last_evidence_date: Date of that event; null for statements
tests:
  - unique: [dataset, a, b, indicator]
*/
WITH parameters AS (
    SELECT
        max(value) FILTER (name = 'z95') AS z,
        max(value) FILTER (name = 'half_life_long_days') AS stale_days
    FROM core.parameters
),

-- The newest row of each pair in each mart, and its newest evidence where a row may have none. (A grouping and a join: sorting every week of
-- every pair takes ten times as long.)
months AS (
    SELECT m.*
    FROM marts.dyad_month m
    JOIN (SELECT dataset, a, b, max(month) AS newest FROM marts.dyad_month GROUP BY dataset, a, b) x
        ON m.dataset = x.dataset AND m.a = x.a AND m.b = x.b AND m.month = x.newest
),

bootstraps AS (
    SELECT m.*
    FROM marts.bootstrap_month m
    JOIN (SELECT dataset, a, b, max(month) AS newest FROM marts.bootstrap_month GROUP BY dataset, a, b) x
        ON m.dataset = x.dataset AND m.a = x.a AND m.b = x.b AND m.month = x.newest
),

arrows AS (
    SELECT m.*
    FROM marts.arrow_month m
    JOIN (SELECT dataset, a, b, max(month) AS newest FROM marts.arrow_month GROUP BY dataset, a, b) x
        ON m.dataset = x.dataset AND m.a = x.a AND m.b = x.b AND m.month = x.newest
),

levels AS (
    SELECT m.*
    FROM marts.level_week m
    JOIN (SELECT dataset, a, b, max(week) AS newest FROM marts.level_week GROUP BY dataset, a, b) x
        ON m.dataset = x.dataset AND m.a = x.a AND m.b = x.b AND m.week = x.newest
),

surges AS (
    SELECT m.*, x.last_event_id
    FROM staging.surge_scores m
    JOIN (SELECT dataset, a, b, max(week) AS newest, arg_max(event_id, week) AS last_event_id FROM staging.surge_scores GROUP BY dataset, a, b) x
        ON m.dataset = x.dataset AND m.a = x.a AND m.b = x.b AND m.week = x.newest
),

cusums AS (
    SELECT m.*, x.last_event_id
    FROM marts.cusum_week m
    JOIN (SELECT dataset, a, b, max(week) AS newest, arg_max(event_id, week) AS last_event_id FROM marts.cusum_week GROUP BY dataset, a, b) x
        ON m.dataset = x.dataset AND m.a = x.a AND m.b = x.b AND m.week = x.newest
),

changepoints AS (
    SELECT m.*, x.last_event_id
    FROM marts.changepoint_week m
    JOIN (SELECT dataset, a, b, max(week) AS newest, arg_max(event_id, week) AS last_event_id FROM marts.changepoint_week GROUP BY dataset, a, b) x
        ON m.dataset = x.dataset AND m.a = x.a AND m.b = x.b AND m.week = x.newest
),

volatilities AS (
    SELECT m.*
    FROM marts.volatility_week m
    JOIN (SELECT dataset, a, b, max(week) AS newest FROM marts.volatility_week GROUP BY dataset, a, b) x
        ON m.dataset = x.dataset AND m.a = x.a AND m.b = x.b AND m.week = x.newest
),

rates AS (
    SELECT m.*, x.last_event_id
    FROM marts.conflict_rate_month m
    JOIN (SELECT dataset, a, b, max(month) AS newest, arg_max(event_id, month) AS last_event_id FROM marts.conflict_rate_month GROUP BY dataset, a, b) x
        ON m.dataset = x.dataset AND m.a = x.a AND m.b = x.b AND m.month = x.newest
),

momenta AS (
    SELECT m.*
    FROM marts.momentum_day m
    JOIN (SELECT dataset, a, b, max(day) AS newest FROM marts.momentum_day GROUP BY dataset, a, b) x
        ON m.dataset = x.dataset AND m.a = x.a AND m.b = x.b AND m.day = x.newest
),

asymmetries AS (
    SELECT m.*
    FROM marts.asymmetry_quarter m
    JOIN (SELECT dataset, a, b, max(quarter) AS newest FROM marts.asymmetry_quarter GROUP BY dataset, a, b) x
        ON m.dataset = x.dataset AND m.a = x.a AND m.b = x.b AND m.quarter = x.newest
),

rungs AS (
    SELECT m.*
    FROM marts.ladder_week m
    JOIN (SELECT dataset, source, target, max(week) AS newest FROM marts.ladder_week GROUP BY dataset, source, target) x
        ON m.dataset = x.dataset AND m.source = x.source AND m.target = x.target AND m.week = x.newest
),

shares AS (
    SELECT m.*, x.last_relation_id
    FROM marts.press_share_month m
    JOIN (SELECT a, b, max(month) AS newest, arg_max(relation_id, month) AS last_relation_id FROM marts.press_share_month GROUP BY a, b) x
        ON m.a = x.a AND m.b = x.b AND m.month = x.newest
),

-- The share of tense weight, (1 + balance)/2, has a Wilson band on the number of statements that are not neutral.
cues AS (
    SELECT
        c.*,
        c.n_statements - c.n_neutral AS n_sided,
        p.z,
        (1 + c.tension_balance) / 2 AS share
    FROM marts.cue_month c
    CROSS JOIN parameters p
    JOIN (SELECT a, b, max(month) AS newest FROM marts.cue_month GROUP BY a, b) x ON c.a = x.a AND c.b = x.b AND c.month = x.newest
),

cue_bands AS (
    SELECT
        *,
        (share + z * z / (2 * nullif(n_sided, 0))) / (1 + z * z / nullif(n_sided, 0)) AS middle,
        z * sqrt(greatest(share * (1 - share), 0) / nullif(n_sided, 0) + z * z / (4 * nullif(n_sided, 0) * n_sided)) / (1 + z * z / nullif(n_sided, 0))
            AS half_width
    FROM cues
),

-- A tension share is a mean of weights of which none is below 0 or above 1: its Wilson band on the effective n is wide rather than narrow.
now AS (
    SELECT
        d.*,
        p.z,
        d.effective_n + k.kappa AS weight,
        d.tension_now / 100 AS share
    FROM marts.dyad_current d
    CROSS JOIN parameters p
    CROSS JOIN (SELECT max(value) FILTER (name = 'kappa_events') AS kappa FROM core.parameters) k
),

readings AS (
    SELECT dataset, a, b, 'net_cooperation' AS indicator, 'dyad_month' AS mart, month AS period_start, last_day(month) AS period_end,
        net_cooperation AS value, net_cooperation - z * net_cooperation_se AS low, net_cooperation + z * net_cooperation_se AS high,
        n::DOUBLE AS n, NULL AS reading, 'lower' AS tense_is, enough, 'event' AS evidence_kind, event_id AS evidence_id
    FROM months CROSS JOIN parameters
    UNION ALL
    SELECT dataset, a, b, 'tension', 'dyad_month', month, last_day(month), tension, tension_low, tension_high, n, NULL, 'higher', enough,
        'event', event_id
    FROM months
    UNION ALL
    SELECT dataset, a, b, 'tension_now', 'dyad_current', month, as_of, tension_now,
        100 * greatest((share + z * z / (2 * weight) - z * sqrt(share * (1 - share) / weight + z * z / (4 * weight * weight))) / (1 + z * z / weight), 0),
        100 * least((share + z * z / (2 * weight) + z * sqrt(share * (1 - share) / weight + z * z / (4 * weight * weight))) / (1 + z * z / weight), 1),
        effective_n, NULL, 'higher', NOT is_stale, 'event', event_id
    FROM now
    WHERE weight > 0
    UNION ALL
    SELECT dataset, a, b, 'net_cooperation_bootstrap', 'bootstrap_month', month, last_day(month), mean_median, mean_low, mean_high, n, NULL,
        'lower', true, 'event', event_id
    FROM bootstraps
    UNION ALL
    SELECT dataset, a, b, 'arrow', 'arrow_month', month, last_day(month), v.z, v.z - p.z, v.z + p.z, n, arrow, 'lower',
        arrow <> 'insufficient data', 'event', event_id
    FROM arrows v CROSS JOIN parameters p
    UNION ALL
    SELECT dataset, a, b, 'mean_short', 'level_week', week, as_of, mean_short, mean_short - z * goldstein_sd / sqrt(nullif(effective_n_short, 0)),
        mean_short + z * goldstein_sd / sqrt(nullif(effective_n_short, 0)), effective_n_short, NULL, 'lower', enough_short, 'event', event_id
    FROM levels JOIN staging.priors USING (dataset) CROSS JOIN parameters
    UNION ALL
    SELECT dataset, a, b, 'mean_long', 'level_week', week, as_of, mean_long, mean_long - z * goldstein_sd / sqrt(nullif(effective_n_long, 0)),
        mean_long + z * goldstein_sd / sqrt(nullif(effective_n_long, 0)), effective_n_long, NULL, 'lower', enough_long, 'event', event_id
    FROM levels JOIN staging.priors USING (dataset) CROSS JOIN parameters
    UNION ALL
    SELECT dataset, a, b, 'asymmetry', 'asymmetry_quarter', quarter, (quarter + INTERVAL 3 MONTH - INTERVAL 1 DAY)::DATE, asymmetry, asymmetry_low,
        asymmetry_high, least(n_ab, n_ba), NULL, NULL, enough, 'event', event_id
    FROM asymmetries
    UNION ALL
    SELECT s.dataset, s.a, s.b, 'surge', 'surge_week', s.week, s.week + 6, s.z, s.z - p.z, s.z + p.z, s.base_weeks_read, s.flag, 'higher', s.enough,
        'event', s.last_event_id
    FROM surges s CROSS JOIN parameters p
    UNION ALL
    SELECT dataset, a, b, 'cusum', 'cusum_week', week, week + 6, cusum, NULL, NULL, n_conflict,
        CASE WHEN is_alarm THEN 'alarm since ' || started ELSE 'no alarm' END, 'higher', true, 'event', last_event_id
    FROM cusums
    UNION ALL
    SELECT dataset, a, b, 'changepoint', 'changepoint_week', week, week + 6, p_recent, NULL, NULL, run_weeks,
        CASE WHEN p_recent > 0.5 THEN 'changed lately' ELSE 'steady' END, NULL, true, 'event', last_event_id
    FROM changepoints
    UNION ALL
    SELECT dataset, a, b, 'conflict_rate', 'conflict_rate_month', month, last_day(month), rate, rate_low, rate_high, n_conflict, NULL, 'higher', true,
        'event', last_event_id
    FROM rates
    UNION ALL
    SELECT dataset, least(source, target), greatest(source, target), CASE WHEN source < target THEN 'ladder_ab' ELSE 'ladder_ba' END, 'ladder_week',
        week, week + 6, rung, NULL, NULL, n, event_type || coalesce(printf(', %+d', step_up), ''), 'higher', true, 'event', event_id
    FROM rungs
    UNION ALL
    SELECT dataset, a, b, 'momentum', 'momentum_day', (day - (short::INTEGER - 1))::DATE, day, momentum, momentum_low, momentum_high, n_short, NULL,
        'lower', enough, 'event', event_id
    FROM momenta CROSS JOIN (SELECT max(value) FILTER (name = 'momentum_short_days') AS short FROM core.parameters)
    UNION ALL
    SELECT dataset, a, b, 'volatility', 'volatility_week', week - 7 * (weeks::INTEGER - 1), week + 6, volatility, volatility_low, volatility_high, n,
        NULL, NULL, enough, 'event', event_id
    FROM volatilities
    UNION ALL
    SELECT 'faultline', a, b, 'press_index', 'press_share_month', month, last_day(month), press_index, press_index_low, press_index_high, n_read,
        n_tense || ' of ' || n_read || ' articles', 'higher', enough AND press_index IS NOT NULL, 'relation', last_relation_id
    FROM shares
    UNION ALL
    SELECT 'faultline', a, b, 'cue_balance', 'cue_month', month, last_day(month), tension_balance, 2 * greatest(middle - half_width, 0) - 1,
        2 * least(middle + half_width, 1) - 1, n_statements, printf('ambivalence %.2f', ambivalence), 'higher',
        enough AND tension_balance IS NOT NULL, 'relation', relation_id
    FROM cue_bands
),

newest AS (
    SELECT 'faultline' AS dataset, max(published) AS as_of FROM staging.articles
    UNION ALL
    SELECT dataset, max(event_date) FROM staging.dyad_days WHERE dataset <> 'faultline' GROUP BY dataset
)

SELECT
    r.dataset,
    r.a,
    r.b,
    coalesce(x.name, r.a) AS a_name,
    coalesce(y.name, r.b) AS b_name,
    r.indicator,
    r.mart,
    r.period_start,
    r.period_end,
    r.value,
    r.low,
    r.high,
    r.n,
    r.reading,
    r.tense_is,
    r.enough,
    coalesce(n.as_of - r.period_end > p.stale_days, false) AS is_stale,
    r.enough AND NOT coalesce(n.as_of - r.period_end > p.stale_days, false) AS is_shown,
    coalesce(n.as_of, r.period_end) AS as_of,
    r.evidence_kind,
    r.evidence_id,
    c.event_date AS last_evidence_date
FROM readings r
LEFT JOIN newest n USING (dataset)
CROSS JOIN parameters p
LEFT JOIN staging.events_clean c ON c.event_id = r.evidence_id
LEFT JOIN core.actors x ON x.actor_id = r.a
LEFT JOIN core.actors y ON y.actor_id = r.b
