/*
description: >
  Small but lasting rises of conflict: the one-sided cumulative sum of the weekly z of marts.surge_week, C = max(0, C before + z -
  cusum_slack), with an alarm above cusum_alarm. Written without recursion: with S the running sum of z - cusum_slack, C is S minus
  the least of 0 and all S so far. It keeps ringing while the baseline adapts; started says since when. Weeks without enough
  baseline are left out.
materialization: table
onward: week
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

-- Sorting by one number is much faster than by three names.
pairs AS (
    SELECT dataset, a, b, row_number() OVER (ORDER BY dataset, a, b) AS pair FROM staging.series WHERE NOT directed
),

summed AS (
    SELECT
        x.pair,
        s.week,
        s.n_conflict,
        s.event_id,
        p.alarm,
        -- Decimals: the sum is exact, so that going on from an earlier week gives what beginning anew does.
        sum((s.z - p.slack)::DECIMAL(18, 12)) OVER (PARTITION BY x.pair ORDER BY s.week ROWS UNBOUNDED PRECEDING) AS total
    FROM marts.surge_week s
    JOIN pairs x USING (dataset, a, b)
    CROSS JOIN parameters p
    WHERE s.enough
),

reset AS (
    SELECT
        *,
        greatest(total - least(0, min(total) OVER so_far), 0)::DOUBLE AS cusum,
        first_value(week) OVER so_far AS first_week
    FROM summed
    WINDOW so_far AS (PARTITION BY pair ORDER BY week ROWS UNBOUNDED PRECEDING)
),

since AS (
    SELECT
        *,
        max(week) FILTER (cusum = 0) OVER (PARTITION BY pair ORDER BY week ROWS UNBOUNDED PRECEDING) AS last_zero
    FROM reset
)

SELECT
    x.dataset,
    x.a,
    x.b,
    s.week,
    s.n_conflict,
    s.cusum,
    s.cusum > s.alarm AS is_alarm,
    CASE WHEN s.cusum > 0 THEN coalesce(s.last_zero + 7, s.first_week) END AS started,
    s.event_id
FROM since s
JOIN pairs x USING (pair)
