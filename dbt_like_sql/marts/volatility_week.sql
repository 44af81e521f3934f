/*
description: >
  How unsteady a pair is: the standard deviation of its weekly sums of Goldstein scores over volatility_weeks. It grows with the number of
  events; volatility_per_event divides by the root of their weekly mean, and can be compared between pairs.
materialization: table
partition: pair
onward: week
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

series AS (
    SELECT s.*, (SELECT max(w.week) FROM staging.read_weeks w WHERE w.dataset = s.dataset) AS last_week
    FROM staging.series s
    WHERE NOT s.directed
),

-- A week enters the window and leaves it volatility_weeks later. Sums of decimals are exact, so what has left leaves nothing behind.
changes AS (
    SELECT
        d.dataset,
        d.a,
        d.b,
        CASE WHEN e.enters THEN d.week ELSE d.week + 7 * p.volatility_weeks END AS week,
        CASE WHEN e.enters THEN d.n ELSE -d.n END AS n,
        CASE WHEN e.enters THEN d.goldstein ELSE -d.goldstein END AS g,
        CASE WHEN e.enters THEN d.goldstein ELSE -d.goldstein END::DECIMAL(19, 6) * d.goldstein::DECIMAL(19, 6) AS g2,
        CASE WHEN e.enters THEN d.event_id END AS event_id
    FROM staging.dyad_weeks d
    JOIN series s ON s.dataset = d.dataset AND s.a = d.a AND s.b = d.b AND d.week BETWEEN s.first_week AND s.last_week
    CROSS JOIN parameters p
    CROSS JOIN (SELECT unnest([true, false]) AS enters) e
    WHERE NOT d.directed
),

changed AS (
    SELECT dataset, a, b, week, sum(n) AS n, sum(g) AS g, sum(g2) AS g2, max(event_id) AS event_id
    FROM changes
    GROUP BY dataset, a, b, week
),

running AS (
    SELECT
        dataset,
        a,
        b,
        week,
        lead(week) OVER so_far AS next_week,
        sum(n) OVER so_far AS n,
        sum(g) OVER so_far AS g,
        sum(g2) OVER so_far AS g2,
        last_value(event_id IGNORE NULLS) OVER so_far AS event_id
    FROM changed
    WINDOW so_far AS (PARTITION BY dataset, a, b ORDER BY week ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
),

-- The sums hold until the next change.
held AS (
    SELECT
        r.* EXCLUDE (week, next_week),
        s.week AS shown_from,
        s.first_week,
        r.week + 7 * unnest(range((least(coalesce(r.next_week, s.last_week + 7), s.last_week + 7) - r.week) // 7))::INTEGER AS week
    FROM running r
    JOIN series s USING (dataset, a, b)
),

spread AS (
    SELECT
        h.dataset,
        h.a,
        h.b,
        h.week,
        h.n::BIGINT AS n,
        least((h.week - h.first_week) // 7 + 1, p.volatility_weeks) AS weeks,
        h.g::DOUBLE AS g,
        h.g2::DOUBLE AS g2,
        CASE WHEN h.n > 0 THEN h.event_id END AS event_id,
        p.*
    FROM held h
    CROSS JOIN parameters p
    WHERE h.week >= h.shown_from
),

windows AS (
    SELECT *, sqrt(greatest(g2 - g * g / weeks, 0) / nullif(weeks - 1, 0)) AS volatility FROM spread
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
