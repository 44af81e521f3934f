/*
description: >
  How a pair stood at the end of each week: the decayed level. Every event keeps weight 2^(-t/H) after t days, with H =
  half_life_short_days (politics) and half_life_long_days (the relationship). The level is the weighted sum of Goldstein scores, the mean
  that sum over the sum of weights, which is the effective n. Silence lets the level fade and leaves the mean where it was: read neither
  where effective n is small (enough). Only events dated to a week count. Computed as a running sum of g·2^(t/H) within each year
  and what earlier years have left, which equals the sum over all earlier events.
materialization: table
partition: pair
onward: week
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  week: {description: Monday, tests: [not_null]}
  as_of: {description: 'Sunday, for which the level holds', tests: [not_null]}
  level_short: {description: Decayed sum with the short half-life, tests: [not_null]}
  mean_short: {description: Decayed mean with the short half-life; null where all weights are nothing, tests: [{range: {min: -10.001, max: 10.001}}]}
  effective_n_short: {description: Sum of weights with the short half-life, tests: [{range: {min: 0}}]}
  level_long: {description: Decayed sum with the long half-life, tests: [not_null]}
  mean_long: {description: Decayed mean with the long half-life; null where all weights are nothing, tests: [{range: {min: -10.001, max: 10.001}}]}
  effective_n_long: {description: Sum of weights with the long half-life, tests: [{range: {min: 0}}]}
  enough_short: {description: Whether effective_n_short reaches min_effective_n; else grey, tests: [not_null]}
  enough_long: {description: Whether effective_n_long reaches min_effective_n; else grey, tests: [not_null]}
  event_id: {description: The newest event, tests: [not_null, {relationships: {to: staging.events_clean, field: event_id}}]}
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

series AS (
    SELECT s.*, (SELECT max(w.week) FROM staging.read_weeks w WHERE w.dataset = s.dataset) AS last_week
    FROM staging.series s
    WHERE NOT s.directed
),

-- Within a year weights are counted from its first day and summed as decimals: such a sum is exact, so it comes out the same whichever pairs
-- are computed beside.
grown AS (
    SELECT
        s.dataset,
        s.a,
        s.b,
        d.week,
        date_trunc('year', d.week)::DATE AS year,
        sum((d.n * pow(2::DOUBLE, (d.event_date - date_trunc('year', d.week)::DATE) / p.short))::DECIMAL(38, 12)) AS n_short,
        sum((d.goldstein::DOUBLE * pow(2::DOUBLE, (d.event_date - date_trunc('year', d.week)::DATE) / p.short))::DECIMAL(38, 12)) AS g_short,
        sum((d.n * pow(2::DOUBLE, (d.event_date - date_trunc('year', d.week)::DATE) / p.long))::DECIMAL(38, 12)) AS n_long,
        sum((d.goldstein::DOUBLE * pow(2::DOUBLE, (d.event_date - date_trunc('year', d.week)::DATE) / p.long))::DECIMAL(38, 12)) AS g_long,
        arg_max(d.event_id, (d.event_date, d.event_id)) AS event_id
    FROM staging.dyad_days d
    JOIN series s ON s.dataset = d.dataset AND s.a = d.a AND s.b = d.b AND d.week BETWEEN s.first_week AND s.last_week
    CROSS JOIN parameters p
    WHERE NOT d.directed
    GROUP BY s.dataset, s.a, s.b, d.week
),

years AS (
    SELECT
        dataset,
        a,
        b,
        year,
        sum(n_short)::DOUBLE AS n_short,
        sum(g_short)::DOUBLE AS g_short,
        sum(n_long)::DOUBLE AS n_long,
        sum(g_long)::DOUBLE AS g_long
    FROM grown
    GROUP BY dataset, a, b, year
),

-- What earlier years have left at the first day of a year.
before AS (
    SELECT
        y.dataset,
        y.a,
        y.b,
        y.year,
        sum(e.n_short * pow(2::DOUBLE, (e.year - y.year) / p.short) ORDER BY e.year) AS n_short,
        sum(e.g_short * pow(2::DOUBLE, (e.year - y.year) / p.short) ORDER BY e.year) AS g_short,
        sum(e.n_long * pow(2::DOUBLE, (e.year - y.year) / p.long) ORDER BY e.year) AS n_long,
        sum(e.g_long * pow(2::DOUBLE, (e.year - y.year) / p.long) ORDER BY e.year) AS g_long
    FROM years y
    JOIN years e ON e.dataset = y.dataset AND e.a = y.a AND e.b = y.b AND e.year < y.year
    CROSS JOIN parameters p
    GROUP BY y.dataset, y.a, y.b, y.year
),

within_year AS (
    SELECT
        dataset,
        a,
        b,
        week,
        year,
        (sum(n_short) OVER so_far)::DOUBLE AS n_short,
        (sum(g_short) OVER so_far)::DOUBLE AS g_short,
        (sum(n_long) OVER so_far)::DOUBLE AS n_long,
        (sum(g_long) OVER so_far)::DOUBLE AS g_long,
        lead(week) OVER (PARTITION BY dataset, a, b ORDER BY week) AS next_week,
        event_id
    FROM grown
    WINDOW so_far AS (PARTITION BY dataset, a, b, year ORDER BY week ROWS UNBOUNDED PRECEDING)
),

running AS (
    SELECT
        w.dataset,
        w.a,
        w.b,
        w.week,
        w.year,
        w.next_week,
        coalesce(e.n_short, 0) + w.n_short AS n_short,
        coalesce(e.g_short, 0) + w.g_short AS g_short,
        coalesce(e.n_long, 0) + w.n_long AS n_long,
        coalesce(e.g_long, 0) + w.g_long AS g_long,
        w.event_id
    FROM within_year w
    LEFT JOIN before e USING (dataset, a, b, year)
),

-- The sums hold until the next week with events.
weeks AS (
    SELECT
        r.* EXCLUDE (week, next_week),
        s.week AS shown_from,
        r.week + 7 * unnest(range((coalesce(r.next_week, s.last_week + 7) - r.week) // 7))::INTEGER AS week
    FROM running r
    JOIN series s USING (dataset, a, b)
),

aged AS (
    SELECT *, week + 6 - year AS age FROM weeks WHERE week >= shown_from
)

SELECT
    w.dataset,
    w.a,
    w.b,
    w.week,
    w.week + 6 AS as_of,
    w.g_short * pow(2::DOUBLE, -w.age / p.short) AS level_short,
    w.g_short / nullif(w.n_short, 0) AS mean_short,
    w.n_short * pow(2::DOUBLE, -w.age / p.short) AS effective_n_short,
    w.g_long * pow(2::DOUBLE, -w.age / p.long) AS level_long,
    w.g_long / nullif(w.n_long, 0) AS mean_long,
    w.n_long * pow(2::DOUBLE, -w.age / p.long) AS effective_n_long,
    w.n_short * pow(2::DOUBLE, -w.age / p.short) >= p.min_effective_n AS enough_short,
    w.n_long * pow(2::DOUBLE, -w.age / p.long) >= p.min_effective_n AS enough_long,
    w.event_id
FROM aged w
CROSS JOIN parameters p
