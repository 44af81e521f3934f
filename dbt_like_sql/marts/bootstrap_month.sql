/*
description: >
  How far the monthly mean Goldstein score would move with other luck: the Poisson bootstrap. Each of bootstrap_draws draws gives every event
  a weight from Poisson(1) and takes the weighted mean; the band holds the middle 95 of 100 draws. Weights come from a hash of event and
  draw, so building again gives the same band. It assumes nothing of the scores' distribution, unlike net_cooperation_se; where the two
  disagree, trust this one. For months of month_min_events to bootstrap_max_events events: with fewer no band means anything, with more both
  are the same.
materialization: table
partition: [pair, month]
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  month: {description: First day of the month, tests: [not_null]}
  n: {description: Events, tests: [{range: {min: 1}}]}
  mean_low: {description: Lower end of the band, tests: [not_null, {range: {min: -10, max: 10}}]}
  mean_median: {description: Median of the draws, tests: [not_null, {range: {min: -10, max: 10}}]}
  mean_high: {description: Upper end of the band, tests: [not_null, {range: {min: -10, max: 10}}]}
  event_id: {description: The newest event, tests: [not_null, {relationships: {to: staging.events_clean, field: event_id}}]}
tests:
  - unique: [dataset, a, b, month]
*/
WITH parameters AS (
    SELECT
        max(value) FILTER (name = 'bootstrap_draws')::INTEGER AS draws,
        max(value) FILTER (name = 'month_min_events') AS min_events,
        max(value) FILTER (name = 'bootstrap_max_events') AS max_events
    FROM core.parameters
),

months AS (
    SELECT s.dataset, s.a, s.b, s.month, s.n, s.event_id, row_number() OVER () AS id
    FROM staging.dyad_month_sums s
    CROSS JOIN parameters p
    WHERE NOT s.directed AND s.n BETWEEN p.min_events AND p.max_events
),

events AS (
    SELECT m.id, e.event_id, e.goldstein
    FROM staging.dyad_events e
    JOIN months m ON m.dataset = e.dataset AND m.a = e.a AND m.b = e.b AND m.month = e.month
    WHERE NOT e.directed
),

drawn AS (
    SELECT
        e.* EXCLUDE (event_id),
        d.draw,
        (hash(e.event_id, d.draw) % 1000003) / 1000003::DOUBLE AS u
    FROM events e
    CROSS JOIN (SELECT unnest(range(draws)) AS draw FROM parameters) d
),

-- The cumulative distribution of Poisson(1): 1/e, 2/e, 2.5/e, …
weighed AS (
    SELECT
        *,
        CASE
            WHEN u < 0.3678794 THEN 0 WHEN u < 0.7357589 THEN 1 WHEN u < 0.9196986 THEN 2
            WHEN u < 0.9810118 THEN 3 WHEN u < 0.9963402 THEN 4 WHEN u < 0.9994058 THEN 5 ELSE 6
        END AS weight
    FROM drawn
),

means AS (
    SELECT id, draw, sum(weight * goldstein)::DOUBLE / nullif(sum(weight), 0) AS mean
    FROM weighed
    GROUP BY id, draw
),

bands AS (
    SELECT
        id,
        quantile_cont(mean, 0.025) AS mean_low,
        quantile_cont(mean, 0.5) AS mean_median,
        quantile_cont(mean, 0.975) AS mean_high
    FROM means
    GROUP BY id
)

SELECT
    m.dataset,
    m.a,
    m.b,
    m.month,
    m.n,
    b.mean_low,
    b.mean_median,
    b.mean_high,
    m.event_id
FROM months m
JOIN bands b USING (id)
