/*
description: >
  Whether three actors fit together (structural balance): a friend's friend should be a friend, a friend's enemy an enemy. The sign of a
  side is that of its mean Goldstein score of the year, shrunk to 0 by kappa_events, where the side has triad_min_events and the mean is
  beyond triad_min_score; else 0. The product of the three signs is -1 for a triad under strain, 0 where a side is open.
materialization: table
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  i: {description: First actor in alphabetical order, tests: [not_null]}
  j: {description: Second actor, tests: [not_null]}
  k: {description: Third actor, tests: [not_null]}
  year: {description: Year, tests: [not_null]}
  sign_ij: {description: Sign of the side i–j, tests: [{accepted_values: [-1, 0, 1]}]}
  sign_ik: {description: Sign of the side i–k, tests: [{accepted_values: [-1, 0, 1]}]}
  sign_jk: {description: Sign of the side j–k, tests: [{accepted_values: [-1, 0, 1]}]}
  balance: {description: '+1 balanced, -1 unbalanced, 0 open', tests: [{accepted_values: [-1, 0, 1]}]}
  strength: {description: Geometric mean of the sizes of the three means, tests: [not_null, {range: {min: 0, max: 10.001}}]}
  n: {description: Events of the weakest side, tests: [{range: {min: 1}}]}
  event_ids: {description: 'The newest event of each side: i–j, i–k, j–k', tests: [not_null]}
tests:
  - unique: [dataset, i, j, k, year]
*/
WITH parameters AS (
    SELECT
        max(value) FILTER (name = 'kappa_events') AS kappa,
        max(value) FILTER (name = 'triad_min_events') AS min_events,
        max(value) FILTER (name = 'triad_min_score') AS min_score
    FROM core.parameters
),

years AS (
    SELECT
        s.dataset,
        s.a,
        s.b,
        year(s.month) AS year,
        sum(s.n)::BIGINT AS n,
        sum(s.goldstein)::DOUBLE / (sum(s.n) + any_value(p.kappa)) AS mean,
        arg_max(s.event_id, (s.last_event_date, s.event_id)) AS event_id,
        any_value(p.min_events) AS min_events,
        any_value(p.min_score) AS min_score
    FROM staging.dyad_month_sums s
    CROSS JOIN parameters p
    WHERE NOT s.directed
    GROUP BY s.dataset, s.a, s.b, year(s.month)
),

signs AS (
    SELECT *, CASE WHEN abs(mean) > min_score THEN sign(mean) ELSE 0 END::INTEGER AS sign
    FROM years
    -- A side with fewer events is open for every triad; such triads are left out, or most triads would be of passing mentions.
    WHERE n >= min_events
)

SELECT
    ij.dataset,
    ij.a AS i,
    ij.b AS j,
    jk.b AS k,
    ij.year,
    ij.sign AS sign_ij,
    ik.sign AS sign_ik,
    jk.sign AS sign_jk,
    ij.sign * ik.sign * jk.sign AS balance,
    pow(abs(ij.mean * ik.mean * jk.mean), 1 / 3::DOUBLE) AS strength,
    least(ij.n, ik.n, jk.n) AS n,
    [ij.event_id, ik.event_id, jk.event_id] AS event_ids
FROM signs ij
JOIN signs jk ON jk.dataset = ij.dataset AND jk.year = ij.year AND jk.a = ij.b
JOIN signs ik ON ik.dataset = ij.dataset AND ik.year = ij.year AND ik.a = ij.a AND ik.b = jk.b
