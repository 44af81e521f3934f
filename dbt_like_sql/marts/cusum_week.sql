/*
description: >
  Small but lasting rises of conflict: the one-sided cumulative sum of the weekly z of marts.surge_week, C = max(0, C before + z -
  cusum_slack), with an alarm above cusum_alarm. Written without recursion: with S the running sum of z - cusum_slack, C is S minus
  the least of 0 and all S so far. It keeps ringing while the baseline adapts; started says since when. Weeks without enough
  baseline are left out.
materialization: table
partition: [pair, year]
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  week: {description: Monday, tests: [not_null]}
  n_conflict: {description: Events of conflict this week, tests: [{range: {min: 0}}]}
  cusum: {description: 'The cumulative sum, in standard deviations', tests: [not_null, {range: {min: 0}}]}
  is_alarm: {description: Whether it is above cusum_alarm, tests: [not_null]}
  started: Week after which the sum has not been back at 0; null where it is 0
  event_id: {description: An event of conflict of the week; null without, tests: [{relationships: {to: staging.events_clean, field: event_id}}]}
tests:
  - unique: [dataset, a, b, week]
*/
WITH parameters AS (
    SELECT
        max(value) FILTER (name = 'cusum_slack') AS slack,
        max(value) FILTER (name = 'cusum_alarm') AS alarm
    FROM core.parameters
),

-- A year of a pair, by number: sorting by one number is much faster than by three names.
starts AS MATERIALIZED (
    SELECT *, row_number() OVER () AS block FROM staging.cusum_starts
),

-- Decimals: sums are exact, so that going on from the beginning of the year gives what beginning anew does.
summed AS (
    SELECT
        y.block,
        s.week,
        s.n_conflict,
        s.event_id,
        p.alarm,
        sum((s.z - p.slack)::DECIMAL(18, 12)) OVER (PARTITION BY y.block ORDER BY s.week ROWS UNBOUNDED PRECEDING) AS total
    FROM staging.surge_scores s
    JOIN starts y ON y.dataset = s.dataset AND y.a = s.a AND y.b = s.b AND y.year_start = date_trunc('year', s.week)::DATE
    CROSS JOIN parameters p
    WHERE s.enough
),

lows AS (
    SELECT *, min(total) OVER (PARTITION BY block ORDER BY week ROWS UNBOUNDED PRECEDING) AS least FROM summed
),

reset AS (
    SELECT
        s.block,
        y.dataset,
        y.a,
        y.b,
        y.first_week,
        y.last_zero,
        s.week,
        s.n_conflict,
        s.event_id,
        s.alarm,
        y.total + s.total AS total,
        least(y.least, y.total + s.least) AS least
    FROM lows s
    JOIN starts y USING (block)
),

since AS (
    SELECT
        * EXCLUDE (last_zero),
        (total - least)::DOUBLE AS cusum,
        coalesce(max(week) FILTER (total = least) OVER (PARTITION BY block ORDER BY week ROWS UNBOUNDED PRECEDING), last_zero) AS last_zero
    FROM reset
)

SELECT
    dataset,
    a,
    b,
    week,
    n_conflict,
    cusum,
    cusum > alarm AS is_alarm,
    CASE WHEN cusum > 0 THEN coalesce(last_zero + 7, first_week) END AS started,
    event_id
FROM since
