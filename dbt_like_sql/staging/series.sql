/*
description: >
  Pairs that have a weekly series: from the week on in which they have had series_min_events dated to a week, until the calendar of their data
  set ends. It has a value in every week, 0 where staging.dyad_weeks has no row. So no row of a series depends on what happened later.
  Events dated outside the calendar are recollections, or of weeks of which nothing was read, and make no weekly series.
materialization: table
partition: pair
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  directed: {description: Whether a acts upon b, tests: [not_null]}
  a: {description: First actor of the pair, tests: [not_null]}
  b: {description: Second actor of the pair, tests: [not_null]}
  week: {description: Monday of the week in which it has had enough events; the first one shown, tests: [not_null]}
  first_week: {description: Monday of the week of its first event within the calendar, tests: [not_null]}
tests:
  - unique: [dataset, directed, a, b]
*/
WITH parameters AS (
    SELECT max(value) FILTER (name = 'series_min_events') AS min_events FROM core.parameters
),

counted AS (
    SELECT
        d.dataset,
        d.directed,
        d.a,
        d.b,
        d.week,
        min(d.week) OVER so_far AS first_week,
        sum(d.n) OVER so_far AS n
    FROM staging.dyad_weeks d
    JOIN staging.read_weeks w USING (dataset, week)
    WINDOW so_far AS (PARTITION BY d.dataset, d.directed, d.a, d.b ORDER BY d.week ROWS UNBOUNDED PRECEDING)
)

SELECT c.dataset, c.directed, c.a, c.b, min(c.week) AS week, min(c.first_week) AS first_week
FROM counted c
CROSS JOIN parameters p
WHERE c.n >= p.min_events
GROUP BY c.dataset, c.directed, c.a, c.b
