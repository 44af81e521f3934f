/*
description: >
  Whether a pair has more conflict this week than the weeks before let expect. x events of conflict are compared with the
  base_weeks before, guard_weeks left out between. z is Anscombe's: 2√(x+3/8) minus the mean of the same over the baseline, about
  standard normal for Poisson counts. p_surge is P(X >= x) under the Gamma-Poisson predictive (negative binomial) with prior
  Gamma(1/2, 1/4): exact for small counts. Only weeks of which something was read are baseline. With a weekly mean up to low_base_mean a
  week of up to low_base_week is no surge (ACLED's rule for low baselines). How much was read is left to marts.surge_week: it changes with
  every article.
materialization: table
partition: pair
onward: week
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
        max(value) FILTER (name = 'guard_weeks')::INTEGER AS guard_weeks,
        max(value) FILTER (name = 'base_min_weeks') AS min_weeks,
        max(value) FILTER (name = 'surge_elevated_z') AS elevated_z,
        max(value) FILTER (name = 'surge_z') AS surge_z,
        max(value) FILTER (name = 'low_base_mean') AS low_base_mean,
        max(value) FILTER (name = 'low_base_week') AS low_base_week
    FROM core.parameters
),

-- The baseline's weeks are those of the calendar, the same for every pair.
weeks AS (
    SELECT
        w.*,
        ((w.week - DATE '1900-01-01') // 7)::INTEGER AS week_number,
        count(*) FILTER (w.was_read) OVER base AS base_weeks_read
    FROM staging.read_weeks w
    CROSS JOIN parameters p
    WINDOW base AS (
        PARTITION BY w.dataset ORDER BY w.week ROWS BETWEEN (p.base_weeks + p.guard_weeks) PRECEDING AND (p.guard_weeks + 1) PRECEDING
    )
),

conflicts AS (
    SELECT d.dataset, d.a, d.b, w.week, w.week_number, w.was_read, d.n_conflict, d.conflict_event_id
    FROM staging.dyad_weeks d
    JOIN weeks w USING (dataset, week)
    WHERE NOT d.directed AND d.n_conflict > 0
),

-- What every week with conflict adds to the baselines of later weeks, over a week without. Decimals: a sum that no order of rows changes.
bases AS (
    SELECT
        c.dataset,
        c.a,
        c.b,
        c.week_number + p.guard_weeks + k.k AS week_number,
        sum(c.n_conflict)::BIGINT AS base_n,
        sum((2 * sqrt(c.n_conflict + 0.375::DOUBLE) - 2 * sqrt(0.375::DOUBLE))::DECIMAL(18, 12)) AS roots
    FROM conflicts c
    CROSS JOIN parameters p
    CROSS JOIN (SELECT unnest(range(1, base_weeks + 1))::INTEGER AS k FROM parameters) k
    WHERE c.was_read
    GROUP BY c.dataset, c.a, c.b, c.week_number + p.guard_weeks + k.k
),

based AS (
    SELECT
        s.dataset,
        s.a,
        s.b,
        w.week,
        w.week_number,
        w.was_read,
        w.base_weeks_read,
        coalesce(c.n_conflict, 0) AS n_conflict,
        c.conflict_event_id,
        coalesce(b.base_n, 0) AS base_n,
        2 * sqrt(0.375::DOUBLE) + coalesce(b.roots, 0)::DOUBLE / nullif(w.base_weeks_read, 0) AS base_root,
        p.* EXCLUDE (base_weeks, guard_weeks)
    FROM staging.series s
    JOIN weeks w ON w.dataset = s.dataset AND w.week >= s.week
    LEFT JOIN conflicts c ON c.dataset = s.dataset AND c.a = s.a AND c.b = s.b AND c.week_number = w.week_number
    LEFT JOIN bases b ON b.dataset = s.dataset AND b.a = s.a AND b.b = s.b AND b.week_number = w.week_number
    CROSS JOIN parameters p
    WHERE NOT s.directed
),

scored AS (
    SELECT
        *,
        was_read AND base_weeks_read >= min_weeks AS enough,
        base_n / nullif(base_weeks_read, 0)::DOUBLE AS base_mean,
        2 * sqrt(n_conflict + 0.375::DOUBLE) - base_root AS z,
        base_n + 0.5::DOUBLE AS shape,
        (base_weeks_read + 0.25::DOUBLE) / (base_weeks_read + 1.25::DOUBLE) AS stay
    FROM based
)

SELECT
    dataset,
    a,
    b,
    week,
    week_number,
    n_conflict,
    base_n,
    base_weeks_read,
    base_mean,
    z,
    CASE
        WHEN NOT enough THEN NULL
        WHEN n_conflict = 0 THEN 1
        ELSE least(greatest(1 - list_sum([
            exp(lgamma(j + shape) - lgamma(shape) - lgamma(j + 1) + shape * ln(stay) + j * ln(1 - stay)) FOR j IN range(n_conflict)
        ]), 0), 1)
    END AS p_surge,
    CASE
        WHEN NOT was_read THEN 'not read'
        WHEN NOT enough THEN 'insufficient history'
        WHEN n_conflict = 0 THEN 'quiet'
        WHEN base_mean <= low_base_mean AND n_conflict <= low_base_week THEN 'normal'
        WHEN z >= surge_z THEN 'surge'
        WHEN z >= elevated_z THEN 'elevated'
        ELSE 'normal'
    END AS flag,
    enough,
    conflict_event_id AS event_id
FROM scored
