/*
description: >
  The rate of conflict of a data set to which those of pairs are drawn: events of conflict per 1000 read, over the months that were read and
  all pairs with series_min_events in them, each from its first event on. Rounded to two digits, so that it does not change every day.
materialization: table
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null, unique]}
  conflict_rate: {description: Of one event at least, tests: [not_null]}
*/
WITH parameters AS (
    SELECT max(value) FILTER (name = 'series_min_events') AS min_events FROM core.parameters
),

months AS (
    SELECT
        dataset,
        start_date AS month,
        sum(n_read) OVER (PARTITION BY dataset ORDER BY start_date DESC ROWS UNBOUNDED PRECEDING) AS n_read_since
    FROM staging.calendar
    WHERE grain = 'month' AND was_read
),

pairs AS (
    SELECT
        s.dataset,
        sum(s.n_verbal_conflict + s.n_material_conflict) AS n_conflict,
        arg_min(m.n_read_since, s.month) AS n_read
    FROM staging.dyad_month_sums s
    JOIN months m USING (dataset, month)
    CROSS JOIN parameters p
    WHERE NOT s.directed
    GROUP BY s.dataset, s.a, s.b, p.min_events
    HAVING sum(s.n) >= p.min_events
),

rates AS (
    SELECT dataset, 1000 * greatest(sum(n_conflict), 1)::DOUBLE / sum(n_read)::DOUBLE AS rate FROM pairs GROUP BY dataset
)

SELECT dataset, round(rate, 1 - floor(log10(rate))::INTEGER) AS conflict_rate FROM rates
