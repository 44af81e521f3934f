/*
description: >
  How unsteady a pair is: the standard deviation of its weekly sums of Goldstein scores over volatility_weeks. It grows with the number of
  events; volatility_per_event divides by the root of their weekly mean, and can be compared between pairs.
materialization: table
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  week: {description: 'Monday, the last week of the window', tests: [not_null]}
  n: {description: Events in the window, tests: [{range: {min: 0}}]}
  weeks: {description: Weeks in the window, tests: [{range: {min: 2}}]}
  volatility: {description: Standard deviation of the weekly sums, tests: [not_null, {range: {min: 0}}]}
  volatility_low: {description: 'Lower end of its band, volatility·(1 - z95/√(2(weeks - 1))): a normal approximation', tests: [not_null, {range: {min: 0}}]}
  volatility_high: {description: Upper end of that band, tests: [not_null, {range: {min: 0}}]}
  volatility_per_event: {description: The same over the root of the mean number of events a week; null without events, tests: [{range: {min: 0}}]}
  enough: {description: Whether the window is whole and has month_min_events; else show the values greyed, tests: [not_null]}
  event_id: {description: The newest event in the window; null without, tests: [{relationships: {to: staging.events_clean, field: event_id}}]}
tests:
  - unique: [dataset, a, b, week]
*/
WITH parameters AS (
    SELECT
        max(value) FILTER (name = 'volatility_weeks')::INTEGER AS volatility_weeks,
        max(value) FILTER (name = 'month_min_events') AS min_events,
        max(value) FILTER (name = 'z95') AS z
    FROM core.parameters
),

windows AS (
    SELECT
        w.dataset,
        w.a,
        w.b,
        w.week,
        p.volatility_weeks,
        p.min_events,
        p.z,
        (sum(w.n) OVER past)::BIGINT AS n,
        count(*) OVER past AS weeks,
        stddev_samp(w.goldstein) OVER past AS volatility,
        last_value(w.event_id IGNORE NULLS) OVER past AS event_id
    FROM staging.dyad_weeks w
    CROSS JOIN parameters p
    WHERE NOT w.directed
    WINDOW past AS (
        PARTITION BY w.dataset, w.a, w.b ORDER BY w.week_number RANGE BETWEEN (p.volatility_weeks - 1) PRECEDING AND CURRENT ROW
    )
)

SELECT
    dataset,
    a,
    b,
    week,
    n,
    weeks,
    volatility,
    volatility * greatest(1 - z / sqrt(2 * (weeks - 1)), 0) AS volatility_low,
    volatility * (1 + z / sqrt(2 * (weeks - 1))) AS volatility_high,
    volatility / nullif(sqrt(n / weeks::DOUBLE), 0) AS volatility_per_event,
    weeks = volatility_weeks AND n >= min_events AS enough,
    event_id
FROM windows
WHERE weeks > 1
