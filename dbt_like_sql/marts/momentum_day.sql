/*
description: >
  Where a pair is heading: the mean Goldstein score of the last momentum_short_days minus that of the last momentum_long_days, on each
  day with events. Below 0 the pair gets worse. The short window lies within the long one, so the standard error of the difference is
  σ·√(1/n_short - 1/n_long), with σ of all events of the data set. Only events dated to a week or day count.
materialization: table
partition: pair
onward: day
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  day: {description: Day with events, tests: [not_null]}
  n_short: {description: Events in the short window, tests: [{range: {min: 1}}]}
  n_long: {description: Events in the long window, tests: [{range: {min: 1}}]}
  mean_short: {description: Mean Goldstein score of the short window, tests: [not_null, {range: {min: -10, max: 10}}]}
  mean_long: {description: Mean Goldstein score of the long window, tests: [not_null, {range: {min: -10, max: 10}}]}
  momentum: {description: mean_short - mean_long, tests: [not_null]}
  momentum_low: Lower end of its band; null where the data set has a single event
  momentum_high: Upper end of its band
  enough: {description: Whether the short window has momentum_min_events; else show the values greyed, tests: [not_null]}
  event_id: {description: An event of the day, tests: [not_null, {relationships: {to: staging.events_clean, field: event_id}}]}
tests:
  - unique: [dataset, a, b, day]
*/
WITH parameters AS (
    SELECT
        max(value) FILTER (name = 'momentum_short_days')::INTEGER AS short_days,
        max(value) FILTER (name = 'momentum_long_days')::INTEGER AS long_days,
        max(value) FILTER (name = 'momentum_min_events') AS min_events,
        max(value) FILTER (name = 'z95') AS z
    FROM core.parameters
),

days AS (
    SELECT *, event_date - DATE '1900-01-01' AS day_number FROM staging.dyad_days WHERE NOT directed AND week IS NOT NULL
),

windows AS (
    SELECT
        d.dataset,
        d.a,
        d.b,
        d.event_date AS day,
        d.event_id,
        p.min_events,
        p.z,
        (sum(d.n) OVER short)::BIGINT AS n_short,
        (sum(d.n) OVER long)::BIGINT AS n_long,
        (sum(d.goldstein) OVER short)::DOUBLE AS g_short,
        (sum(d.goldstein) OVER long)::DOUBLE AS g_long
    FROM days d
    CROSS JOIN parameters p
    WINDOW
        short AS (PARTITION BY d.dataset, d.a, d.b ORDER BY d.day_number RANGE BETWEEN (p.short_days - 1) PRECEDING AND CURRENT ROW),
        long AS (PARTITION BY d.dataset, d.a, d.b ORDER BY d.day_number RANGE BETWEEN (p.long_days - 1) PRECEDING AND CURRENT ROW)
),

compared AS (
    SELECT
        w.*,
        w.g_short / w.n_short AS mean_short,
        w.g_long / w.n_long AS mean_long,
        w.z * t.goldstein_sd * sqrt(greatest(1 / w.n_short::DOUBLE - 1 / w.n_long::DOUBLE, 0)) AS half_width
    FROM windows w
    JOIN staging.priors t USING (dataset)
)

SELECT
    dataset,
    a,
    b,
    day,
    n_short,
    n_long,
    mean_short,
    mean_long,
    mean_short - mean_long AS momentum,
    mean_short - mean_long - half_width AS momentum_low,
    mean_short - mean_long + half_width AS momentum_high,
    n_short >= min_events AS enough,
    event_id
FROM compared
