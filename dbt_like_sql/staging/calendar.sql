/*
description: >
  The weeks and months of each data set and how much was read in them: the denominator of rates and shares, and what tells a quiet week
  from one of which nothing was read. For our own events the calendar goes from the first to the last publication, and n_read counts
  original articles; for an imported data set it goes from its first to its last event, and n_read counts its events, of all pairs.
materialization: table
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  grain: {description: week or month, tests: [{accepted_values: [week, month]}]}
  start_date: {description: First day of the period; weeks begin on Monday, tests: [not_null]}
  end_date: {description: Last day of the period, tests: [not_null]}
  number: {description: 'Weeks since Monday 1 January 1900, or months since January 1900', tests: [not_null]}
  n_read: {description: 'Articles read; of an imported data set, events recorded', tests: [{range: {min: 0}}]}
  was_read: {description: Whether n_read is more than 0, tests: [not_null]}
tests:
  - unique: [dataset, grain, start_date]
*/
WITH read_days AS (
    SELECT 'faultline' AS dataset, published AS day, count(*) AS n
    FROM staging.articles
    WHERE counts_as_source AND published IS NOT NULL
    GROUP BY published
    UNION ALL
    SELECT dataset, event_date, sum(n) FROM staging.dyad_days WHERE dataset <> 'faultline' AND NOT directed GROUP BY dataset, event_date
),

grains AS (
    SELECT unnest(['week', 'month']) AS grain
),

counted AS (
    SELECT r.dataset, g.grain, date_trunc(g.grain, r.day)::DATE AS start_date, sum(r.n)::BIGINT AS n_read
    FROM read_days r
    CROSS JOIN grains g
    GROUP BY ALL
),

spans AS (
    SELECT dataset, grain, min(start_date) AS first_start, max(start_date) AS last_start FROM counted GROUP BY dataset, grain
),

periods AS (
    SELECT
        dataset,
        grain,
        unnest(generate_series(
            first_start::TIMESTAMP, last_start::TIMESTAMP, CASE grain WHEN 'week' THEN INTERVAL 7 DAY ELSE INTERVAL 1 MONTH END
        ))::DATE AS start_date
    FROM spans
)

SELECT
    p.dataset,
    p.grain,
    p.start_date,
    CASE p.grain WHEN 'week' THEN p.start_date + 6 ELSE last_day(p.start_date) END AS end_date,
    CASE p.grain
        WHEN 'week' THEN (p.start_date - DATE '1900-01-01') // 7
        ELSE date_diff('month', DATE '1900-01-01', p.start_date)
    END::INTEGER AS number,
    coalesce(c.n_read, 0) AS n_read,
    coalesce(c.n_read, 0) > 0 AS was_read
FROM periods p
LEFT JOIN counted c USING (dataset, grain, start_date)
