/*
description: >
  Where the cumulative sum of marts.cusum_week stands as a year begins: of the years before (staging.cusum_years) the sum, the least sum on the
  way, and the last week in which the cumulative sum was 0.
materialization: view
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  year_start: {description: 1 January, tests: [not_null]}
  first_week: {description: First week of all with enough baseline, tests: [not_null]}
  total: {description: Sum over the years before, tests: [not_null]}
  least: {description: 'Least sum on the way, or 0', tests: [not_null, {range: {max: 0}}]}
  last_zero: Last week before the year in which the cumulative sum was 0; null where there was none
tests:
  - unique: [dataset, a, b, year_start]
*/
WITH years AS (
    SELECT
        dataset,
        a,
        b,
        year_start,
        first_week,
        least,
        least_week,
        coalesce(sum(total) OVER (PARTITION BY dataset, a, b ORDER BY year_start ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS total
    FROM staging.cusum_years
),

lows AS (
    SELECT
        *,
        least(0, min(total + least) OVER (PARTITION BY dataset, a, b ORDER BY year_start ROWS UNBOUNDED PRECEDING)) AS least_so_far
    FROM years
)

SELECT
    dataset,
    a,
    b,
    year_start,
    min(first_week) OVER so_far AS first_week,
    total,
    coalesce(min(least_so_far) OVER earlier, 0) AS least,
    max(least_week) FILTER (total + least = least_so_far) OVER earlier AS last_zero
FROM lows
WINDOW
    so_far AS (PARTITION BY dataset, a, b ORDER BY year_start ROWS UNBOUNDED PRECEDING),
    earlier AS (PARTITION BY dataset, a, b ORDER BY year_start ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
