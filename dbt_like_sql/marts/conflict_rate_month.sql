/*
description: >
  Events of conflict of a pair per 1,000 articles read (of an imported data set: per 1,000 events recorded), with an interval that holds
  for counts of 0 and 1 too. With x events and exposure E the rate has the distribution Gamma(x + 1, E + 1/m): a prior worth one event at
  the mean rate m of all pairs (staging.prior_rates). The ends of the interval are Wilson and Hilferty's approximation of its quantiles (1931), within 8 % of
  the exact ones where x is at least 1. Every month that was read has a row, from the one on in which the pair has had
  series_min_events: so no row depends on what happened later.
materialization: table
partition: pair
onward: month
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  month: {description: First day of the month, tests: [not_null]}
  n_conflict: {description: Events of conflict dated to the month, tests: [{range: {min: 0}}]}
  n_read: {description: 'Articles read in the month; of an imported data set, events recorded', tests: [{range: {min: 1}}]}
  rate_raw: {description: Events of conflict per 1000 read, tests: [not_null, {range: {min: 0}}]}
  rate: {description: 'The same, drawn to the mean rate: mean of the distribution', tests: [not_null, {range: {min: 0}}]}
  rate_low: {description: Lower end of the interval, tests: [not_null, {range: {min: 0}}]}
  rate_high: {description: Upper end of the interval, tests: [not_null, {range: {min: 0}}]}
  event_id: {description: The newest event of the month; null without, tests: [{relationships: {to: staging.events_clean, field: event_id}}]}
tests:
  - unique: [dataset, a, b, month]
*/
WITH parameters AS (
    SELECT
        max(value) FILTER (name = 'z95') AS z,
        max(value) FILTER (name = 'series_min_events') AS min_events
    FROM core.parameters
),

months AS (
    SELECT * FROM staging.calendar WHERE grain = 'month' AND was_read
),

so_far AS (
    SELECT s.dataset, s.a, s.b, s.month, sum(s.n) OVER (PARTITION BY s.dataset, s.a, s.b ORDER BY s.month ROWS UNBOUNDED PRECEDING) AS n
    FROM staging.dyad_month_sums s
    JOIN months m ON m.dataset = s.dataset AND m.start_date = s.month
    WHERE NOT s.directed
),

pairs AS (
    SELECT s.dataset, s.a, s.b, min(s.month) AS first_month
    FROM so_far s
    CROSS JOIN parameters p
    WHERE s.n >= p.min_events
    GROUP BY s.dataset, s.a, s.b
),

counted AS (
    SELECT
        p.dataset,
        p.a,
        p.b,
        m.start_date AS month,
        coalesce(s.n_verbal_conflict + s.n_material_conflict, 0) AS n_conflict,
        m.n_read,
        m.n_read / 1000::DOUBLE AS exposure,
        s.event_id
    FROM pairs p
    JOIN months m ON m.dataset = p.dataset AND m.start_date >= p.first_month
    LEFT JOIN staging.dyad_month_sums s
        ON NOT s.directed AND s.dataset = p.dataset AND s.a = p.a AND s.b = p.b AND s.month = m.start_date
),

posterior AS (
    SELECT c.*, c.n_conflict + 1::DOUBLE AS shape, c.exposure + 1 / o.conflict_rate AS inverse_scale, p.z
    FROM counted c
    JOIN staging.prior_rates o USING (dataset)
    CROSS JOIN parameters p
)

SELECT
    dataset,
    a,
    b,
    month,
    n_conflict,
    n_read,
    n_conflict / exposure AS rate_raw,
    shape / inverse_scale AS rate,
    shape * pow(greatest(1 - 1 / (9 * shape) - z / (3 * sqrt(shape)), 0), 3) / inverse_scale AS rate_low,
    shape * pow(1 - 1 / (9 * shape) + z / (3 * sqrt(shape)), 3) / inverse_scale AS rate_high,
    event_id
FROM posterior
