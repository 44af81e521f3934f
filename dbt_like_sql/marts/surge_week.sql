/*
description: >
  Whether a pair has more conflict this week than the weeks before let expect. x events of conflict are compared with the
  base_weeks before, guard_weeks left out between. z is Anscombe's: 2√(x+3/8) minus the mean of the same over the baseline, about
  standard normal for Poisson counts. p_surge is P(X >= x) under the Gamma-Poisson predictive (negative binomial) with prior
  Gamma(1/2, 1/4): exact for small counts. Only weeks of which something was read are baseline. With a weekly mean up to low_base_mean a
  week of up to low_base_week is no surge (ACLED's rule for low baselines). reading_ratio tells a surge of events from one of
  reading.
materialization: view
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  week: {description: Monday, tests: [not_null]}
  week_number: {description: Weeks since Monday 1 January 1900, tests: [not_null]}
  n_conflict: {description: Events of conflict this week, tests: [{range: {min: 0}}]}
  base_n: {description: Events of conflict in the baseline, tests: [{range: {min: 0}}]}
  base_weeks_read: {description: Weeks of the baseline of which something was read, tests: [{range: {min: 0}}]}
  base_mean: {description: base_n / base_weeks_read, tests: [{range: {min: 0}}]}
  z: Anscombe z; null without a baseline
  p_surge: {description: Probability of so many or more events if nothing had changed; null with too short a baseline, tests: [{range: {min: 0, max: 1}}]}
  reading_ratio: {description: 'Articles read this week over their mean in the baseline; of an imported data set its events', tests: [{range: {min: 0}}]}
  flag:
    description: >
      not read; insufficient history (fewer than base_min_weeks); quiet (no conflict); normal; elevated (z from surge_elevated_z) or surge
      (z from surge_z)
    tests: [not_null, {accepted_values: [not read, insufficient history, quiet, normal, elevated, surge]}]
  enough: {description: Whether the week was read and so was enough of its baseline, tests: [not_null]}
  event_id: {description: An event of conflict of the week; null without, tests: [{relationships: {to: staging.events_clean, field: event_id}}]}
tests:
  - unique: [dataset, a, b, week]
*/
WITH parameters AS (
    SELECT
        max(value) FILTER (name = 'base_weeks')::INTEGER AS base_weeks,
        max(value) FILTER (name = 'guard_weeks')::INTEGER AS guard_weeks
    FROM core.parameters
),

weeks AS (
    SELECT w.dataset, w.week, w.n_read, avg(w.n_read) FILTER (w.was_read) OVER base AS base_n_read
    FROM staging.weeks w
    CROSS JOIN parameters p
    WINDOW base AS (
        PARTITION BY w.dataset ORDER BY w.week_number
        ROWS BETWEEN (p.base_weeks + p.guard_weeks) PRECEDING AND (p.guard_weeks + 1) PRECEDING
    )
)

SELECT
    s.dataset,
    s.a,
    s.b,
    s.week,
    s.week_number,
    s.n_conflict,
    s.base_n,
    s.base_weeks_read,
    s.base_mean,
    s.z,
    s.p_surge,
    w.n_read / nullif(w.base_n_read, 0) AS reading_ratio,
    s.flag,
    s.enough,
    s.event_id
FROM staging.surge_scores s
JOIN weeks w USING (dataset, week)
