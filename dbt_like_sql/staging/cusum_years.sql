/*
description: >
  What a year adds to the cumulative sum of marts.cusum_week: the sum of its weeks' z - cusum_slack, and the least sum on the way. So a week's
  cumulative sum needs the weeks of its own year, and of earlier ones a row each. A week is of the year of its Monday.
materialization: table
partition: [pair, year]
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  year_start: {description: 1 January, tests: [not_null]}
  first_week: {description: First week of the year with enough baseline, tests: [not_null]}
  total: {description: Sum over the year, tests: [not_null]}
  least: {description: Least sum from the first week to any, tests: [not_null]}
  least_week: {description: The last week in which the sum was that, tests: [not_null]}
tests:
  - unique: [dataset, a, b, year_start]
*/
WITH parameters AS (
    SELECT max(value) FILTER (name = 'cusum_slack') AS slack FROM core.parameters
),

weeks AS (
    SELECT dataset, a, b, date_trunc('year', week)::DATE AS year_start, week, z FROM staging.surge_scores WHERE enough
),

-- By number: sorting by one number is much faster than by three names.
blocks AS MATERIALIZED (
    SELECT *, row_number() OVER () AS block FROM (SELECT DISTINCT dataset, a, b, year_start FROM weeks)
),

summed AS (
    SELECT
        k.block,
        w.week,
        -- Decimals: sums are exact, whatever is added up first.
        (w.z - p.slack)::DECIMAL(18, 12) AS step,
        sum((w.z - p.slack)::DECIMAL(18, 12)) OVER (PARTITION BY k.block ORDER BY w.week ROWS UNBOUNDED PRECEDING) AS total
    FROM weeks w
    JOIN blocks k USING (dataset, a, b, year_start)
    CROSS JOIN parameters p
),

years AS (
    SELECT
        block,
        min(week) AS first_week,
        sum(step) AS total,
        min(total) AS least,
        arg_min(week, (total, DATE '1900-01-01' - week)) AS least_week
    FROM summed
    GROUP BY block
)

SELECT k.dataset, k.a, k.b, k.year_start, y.first_week, y.total, y.least, y.least_week
FROM years y
JOIN blocks k USING (block)
