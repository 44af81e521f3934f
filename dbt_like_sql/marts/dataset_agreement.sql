/*
description: >
  How far two data sets agree on a pair, over the months that both have: correlation of the monthly numbers of events, of mean
  Goldstein scores and of tension shares, and how often the means have the same sign. Independent codings of the news correlate
  moderately at best (0.3 to 0.6); much more means a common source.
materialization: table
columns:
  dataset_x: {description: First data set in alphabetical order, tests: [not_null]}
  dataset_y: {description: Second data set, tests: [not_null]}
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  n_months: {description: Months that both have, tests: [{range: {min: 1}}]}
  first_month: {description: The first of them, tests: [not_null]}
  last_month: {description: The last of them, tests: [not_null]}
  n_x: {description: Events of the first in those months, tests: [{range: {min: 1}}]}
  n_y: {description: Events of the second, tests: [{range: {min: 1}}]}
  r_n: {description: Correlation of the numbers of events; null with fewer than 3 months, tests: [{range: {min: -1.001, max: 1.001}}]}
  r_net_cooperation: {description: Correlation of the mean scores, tests: [{range: {min: -1.001, max: 1.001}}]}
  r_tension: {description: Correlation of the tension shares, tests: [{range: {min: -1.001, max: 1.001}}]}
  share_same_sign: {description: Share of months in which the means have the same sign, tests: [not_null, {range: {min: 0, max: 1}}]}
  enough: {description: Whether there are at least 12 months; else show the values greyed, tests: [not_null]}
tests:
  - unique: [dataset_x, dataset_y, a, b]
*/
WITH compared AS (
    SELECT
        dataset_x,
        dataset_y,
        a,
        b,
        count(*) AS n_months,
        min(month) AS first_month,
        max(month) AS last_month,
        sum(n_x)::BIGINT AS n_x,
        sum(n_y)::BIGINT AS n_y,
        corr(n_x, n_y ORDER BY month) AS r_n,
        corr(net_cooperation_x, net_cooperation_y ORDER BY month) AS r_net_cooperation,
        corr(tension_x, tension_y ORDER BY month) AS r_tension,
        avg(same_sign::INTEGER) AS share_same_sign
    FROM marts.dataset_agreement_month
    GROUP BY dataset_x, dataset_y, a, b
)

SELECT
    * REPLACE (
        CASE WHEN n_months >= 3 AND isfinite(r_n) THEN r_n END AS r_n,
        CASE WHEN n_months >= 3 AND isfinite(r_net_cooperation) THEN r_net_cooperation END AS r_net_cooperation,
        CASE WHEN n_months >= 3 AND isfinite(r_tension) THEN r_tension END AS r_tension
    ),
    n_months >= 12 AS enough
FROM compared
