/*
description: >
  Who follows whom: correlation of what a does to b in a week with what b does to a lag_weeks later (negative: earlier), over the weekly sums
  of Goldstein scores. r is of the sums as they are; r_change of their changes from week to week without CONSULT and AGREE, because
  one meeting coded once in each direction correlates with itself and a shared trend with everything. Only r_change beyond
  r_critical at a lag other than 0 says that one side follows the other, and of lags -k to k some will be beyond it by chance. Pairs
  with fewer than lag_min_active weeks with events each way have no rows.
materialization: table
partition: pair
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  lag: {description: 'Weeks by which b comes after a; below 0: before', tests: [not_null]}
  r: {description: Correlation of the weekly sums; null where one of them never changes, tests: [{range: {min: -1.000001, max: 1.000001}}]}
  r_change: {description: Correlation of their changes without symmetric types, tests: [{range: {min: -1.000001, max: 1.000001}}]}
  n_weeks: {description: Weeks compared, tests: [{range: {min: 1}}]}
  active_ab: {description: Weeks in which a acts upon b, tests: [{range: {min: 0}}]}
  active_ba: {description: Weeks in which b acts upon a, tests: [{range: {min: 0}}]}
  r_critical: {description: 'z95/√n_weeks: what independent series stay below in 95 of 100 cases', tests: [not_null]}
  follows: 'Whether r_change is beyond r_critical at a lag other than 0; null where it is not known or there is not enough'
  enough: {description: Whether there are lag_min_weeks; else show the values greyed, tests: [not_null]}
tests:
  - unique: [dataset, a, b, lag]
*/
WITH parameters AS (
    SELECT
        max(value) FILTER (name = 'lag_weeks')::INTEGER AS lag_weeks,
        max(value) FILTER (name = 'lag_min_weeks') AS min_weeks,
        max(value) FILTER (name = 'lag_min_active') AS min_active,
        max(value) FILTER (name = 'z95') AS z
    FROM core.parameters
),

-- From the first event of either direction on, week after week: a week in which one of them did nothing counts as 0.
pairs AS (
    SELECT x.dataset, x.a, x.b, least(x.first_week, y.first_week) AS first_week
    FROM staging.series x
    JOIN staging.series y ON y.directed AND y.dataset = x.dataset AND y.a = x.b AND y.b = x.a
    WHERE x.directed AND x.a < x.b
),

active AS (
    SELECT
        p.dataset,
        p.a,
        p.b,
        p.first_week,
        count(*) FILTER (d.a = p.a) AS active_ab,
        count(*) FILTER (d.a = p.b) AS active_ba
    FROM pairs p
    JOIN staging.dyad_weeks d
        ON d.directed AND d.dataset = p.dataset AND least(d.a, d.b) = p.a AND greatest(d.a, d.b) = p.b AND d.week >= p.first_week
    SEMI JOIN staging.read_weeks w ON w.dataset = d.dataset AND w.week = d.week
    CROSS JOIN parameters m
    GROUP BY p.dataset, p.a, p.b, p.first_week, m.min_active
    HAVING least(count(*) FILTER (d.a = p.a), count(*) FILTER (d.a = p.b)) >= m.min_active
),

aligned AS (
    SELECT
        p.dataset,
        p.a,
        p.b,
        p.active_ab,
        p.active_ba,
        list(coalesce(x.goldstein, 0)::DOUBLE ORDER BY c.week) AS g_ab,
        list(coalesce(y.goldstein, 0)::DOUBLE ORDER BY c.week) AS g_ba,
        list(coalesce(x.goldstein_acts, 0)::DOUBLE ORDER BY c.week) AS acts_ab,
        list(coalesce(y.goldstein_acts, 0)::DOUBLE ORDER BY c.week) AS acts_ba
    FROM active p
    JOIN staging.read_weeks c ON c.dataset = p.dataset AND c.week >= p.first_week
    LEFT JOIN staging.dyad_weeks x ON x.directed AND x.dataset = p.dataset AND x.a = p.a AND x.b = p.b AND x.week = c.week
    LEFT JOIN staging.dyad_weeks y ON y.directed AND y.dataset = p.dataset AND y.a = p.b AND y.b = p.a AND y.week = c.week
    GROUP BY p.dataset, p.a, p.b, p.active_ab, p.active_ba
),

-- The two kinds of series, each as a pair of lists.
series AS (
    SELECT dataset, a, b, active_ab, active_ba, false AS of_changes, g_ab AS x, g_ba AS y FROM aligned
    UNION ALL
    SELECT
        dataset,
        a,
        b,
        active_ab,
        active_ba,
        true,
        [acts_ab[i] - acts_ab[i - 1] FOR i IN range(2, len(acts_ab) + 1)],
        [acts_ba[i] - acts_ba[i - 1] FOR i IN range(2, len(acts_ba) + 1)]
    FROM aligned
),

shifted AS (
    SELECT
        s.* EXCLUDE (x, y),
        k.lag,
        len(s.x) - abs(k.lag) AS n,
        s.x[1 + greatest(-k.lag, 0) : len(s.x) - greatest(k.lag, 0)] AS x,
        s.y[1 + greatest(k.lag, 0) : len(s.y) + least(k.lag, 0)] AS y
    FROM series s
    CROSS JOIN (SELECT unnest(range(-lag_weeks, lag_weeks + 1))::INTEGER AS lag FROM parameters) k
    WHERE len(s.x) - abs(k.lag) > 2
),

moments AS (
    SELECT
        * EXCLUDE (x, y),
        list_inner_product(x, y) - list_sum(x) * list_sum(y) / n AS xy,
        list_inner_product(x, x) - list_sum(x) * list_sum(x) / n AS xx,
        list_inner_product(y, y) - list_sum(y) * list_sum(y) / n AS yy
    FROM shifted
),

correlated AS (
    SELECT
        dataset,
        a,
        b,
        lag,
        active_ab,
        active_ba,
        max(n) FILTER (NOT of_changes) AS n_weeks,
        max(CASE WHEN least(xx, yy) > 1e-9 THEN xy / sqrt(xx * yy) END) FILTER (NOT of_changes) AS r,
        max(CASE WHEN least(xx, yy) > 1e-9 THEN xy / sqrt(xx * yy) END) FILTER (of_changes) AS r_change
    FROM moments
    GROUP BY dataset, a, b, lag, active_ab, active_ba
),

judged AS (
    SELECT
        c.*,
        p.z / sqrt(c.n_weeks) AS r_critical,
        c.n_weeks >= p.min_weeks AS enough
    FROM correlated c
    CROSS JOIN parameters p
    WHERE c.n_weeks IS NOT NULL
)

SELECT
    dataset,
    a,
    b,
    lag,
    r,
    r_change,
    n_weeks,
    active_ab,
    active_ba,
    r_critical,
    CASE WHEN enough THEN lag <> 0 AND abs(r_change) > r_critical END AS follows,
    enough
FROM judged
