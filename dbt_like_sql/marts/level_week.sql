/*
description: >
  How a pair stood at the end of each week: the decayed level. Every event keeps weight 2^(-t/H) after t days, with H =
  half_life_short_days (politics) and half_life_long_days (the relationship). The level is the weighted sum of Goldstein scores, the mean
  that sum over the sum of weights, which is the effective n. Silence lets the level fade and leaves the mean where it was: read neither
  where effective n is small (enough). Only events dated to a week count. Computed as one running sum of g·2^(t/H), which equals
  the sum over all earlier events.
materialization: table
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  week: {description: Monday, tests: [not_null]}
  as_of: {description: 'Sunday, for which the level holds', tests: [not_null]}
  level_short: {description: Decayed sum with the short half-life, tests: [not_null]}
  mean_short: {description: Decayed mean with the short half-life; null before the first event, tests: [{range: {min: -10.001, max: 10.001}}]}
  effective_n_short: {description: Sum of weights with the short half-life, tests: [{range: {min: 0}}]}
  level_long: {description: Decayed sum with the long half-life, tests: [not_null]}
  mean_long: {description: Decayed mean with the long half-life; null before the first event, tests: [{range: {min: -10.001, max: 10.001}}]}
  effective_n_long: {description: Sum of weights with the long half-life, tests: [{range: {min: 0}}]}
  enough_short: {description: Whether effective_n_short reaches min_effective_n; else grey, tests: [not_null]}
  enough_long: {description: Whether effective_n_long reaches min_effective_n; else grey, tests: [not_null]}
  event_id: {description: The newest event; null before the first one, tests: [{relationships: {to: staging.events_clean, field: event_id}}]}
tests:
  - unique: [dataset, a, b, week]
*/
WITH parameters AS (
    SELECT
        max(value) FILTER (name = 'half_life_short_days') AS short,
        max(value) FILTER (name = 'half_life_long_days') AS long,
        max(value) FILTER (name = 'min_effective_n') AS min_effective_n
    FROM core.parameters
),

-- Days are counted from the middle of the data set's calendar: 2^(t/H) then stays a number for a century at the shortest half-life.
middles AS (
    SELECT dataset, min(start_date) + ((max(end_date) - min(start_date)) // 2)::INTEGER AS middle
    FROM staging.calendar
    WHERE grain = 'week'
    GROUP BY dataset
),

grown AS (
    SELECT
        d.dataset,
        d.a,
        d.b,
        d.week,
        sum(d.n * pow(2::DOUBLE, (d.event_date - m.middle) / p.short) ORDER BY d.event_date) AS n_short,
        sum(d.goldstein::DOUBLE * pow(2::DOUBLE, (d.event_date - m.middle) / p.short) ORDER BY d.event_date) AS g_short,
        sum(d.n * pow(2::DOUBLE, (d.event_date - m.middle) / p.long) ORDER BY d.event_date) AS n_long,
        sum(d.goldstein::DOUBLE * pow(2::DOUBLE, (d.event_date - m.middle) / p.long) ORDER BY d.event_date) AS g_long
    FROM staging.dyad_days d
    JOIN middles m USING (dataset)
    CROSS JOIN parameters p
    WHERE NOT d.directed AND d.week IS NOT NULL
    GROUP BY d.dataset, d.a, d.b, d.week
),

running AS (
    SELECT
        w.dataset,
        w.a,
        w.b,
        w.week,
        w.week + 6 AS as_of,
        w.week + 6 - m.middle AS age,
        coalesce(sum(g.n_short) OVER so_far, 0) AS n_short,
        coalesce(sum(g.g_short) OVER so_far, 0) AS g_short,
        coalesce(sum(g.n_long) OVER so_far, 0) AS n_long,
        coalesce(sum(g.g_long) OVER so_far, 0) AS g_long,
        last_value(w.event_id IGNORE NULLS) OVER so_far AS event_id
    FROM staging.dyad_weeks w
    JOIN middles m USING (dataset)
    LEFT JOIN grown g ON g.dataset = w.dataset AND g.a = w.a AND g.b = w.b AND g.week = w.week
    WHERE NOT w.directed
    WINDOW so_far AS (PARTITION BY w.dataset, w.a, w.b ORDER BY w.week ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)

SELECT
    r.dataset,
    r.a,
    r.b,
    r.week,
    r.as_of,
    r.g_short * pow(2::DOUBLE, -r.age / p.short) AS level_short,
    r.g_short / nullif(r.n_short, 0) AS mean_short,
    r.n_short * pow(2::DOUBLE, -r.age / p.short) AS effective_n_short,
    r.g_long * pow(2::DOUBLE, -r.age / p.long) AS level_long,
    r.g_long / nullif(r.n_long, 0) AS mean_long,
    r.n_long * pow(2::DOUBLE, -r.age / p.long) AS effective_n_long,
    r.n_short * pow(2::DOUBLE, -r.age / p.short) >= p.min_effective_n AS enough_short,
    r.n_long * pow(2::DOUBLE, -r.age / p.long) >= p.min_effective_n AS enough_long,
    r.event_id
FROM running r
CROSS JOIN parameters p
