/*
description: >
  Whether one side of a pair is friendlier than the other: per quarter the mean Goldstein score of what a does to b minus that of what b
  does to a. Its standard error is σ·√(1/n_ab + 1/n_ba) with σ of all events of the data set. Above 0, a is the friendlier one.
materialization: table
partition: [pair, quarter]
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  quarter: {description: First day of the quarter, tests: [not_null]}
  n_ab: {description: Events in which a acts upon b, tests: [{range: {min: 1}}]}
  n_ba: {description: Events in which b acts upon a, tests: [{range: {min: 1}}]}
  mean_ab: {description: Mean Goldstein score of the former, tests: [not_null, {range: {min: -10, max: 10}}]}
  mean_ba: {description: Mean Goldstein score of the latter, tests: [not_null, {range: {min: -10, max: 10}}]}
  asymmetry: {description: mean_ab - mean_ba, tests: [not_null]}
  asymmetry_low: Lower end of its band; null where the data set has a single event
  asymmetry_high: Upper end of its band
  asymmetry_volume: {description: '(n_ab - n_ba)/(n_ab + n_ba): who acts more', tests: [{range: {min: -1, max: 1}}]}
  enough: {description: Whether both sides have asymmetry_min_events; else show the values greyed, tests: [not_null]}
  event_id: {description: The newest event of the two directions, tests: [not_null, {relationships: {to: staging.events_clean, field: event_id}}]}
tests:
  - unique: [dataset, a, b, quarter]
*/
WITH parameters AS (
    SELECT
        max(value) FILTER (name = 'z95') AS z,
        max(value) FILTER (name = 'asymmetry_min_events') AS min_events
    FROM core.parameters
),

quarters AS (
    SELECT
        dataset,
        a,
        b,
        date_trunc('quarter', month)::DATE AS quarter,
        sum(n)::BIGINT AS n,
        sum(goldstein)::DOUBLE / sum(n) AS mean,
        max(last_event_date) AS last_event_date,
        arg_max(event_id, (last_event_date, event_id)) AS event_id
    FROM staging.dyad_month_sums
    WHERE directed
    GROUP BY ALL
),

compared AS (
    SELECT
        x.dataset,
        x.a,
        x.b,
        x.quarter,
        x.n AS n_ab,
        y.n AS n_ba,
        x.mean AS mean_ab,
        y.mean AS mean_ba,
        p.min_events,
        p.z * t.goldstein_sd * sqrt(1 / x.n::DOUBLE + 1 / y.n::DOUBLE) AS half_width,
        CASE WHEN y.last_event_date > x.last_event_date THEN y.event_id ELSE x.event_id END AS event_id
    FROM quarters x
    JOIN quarters y ON y.dataset = x.dataset AND y.a = x.b AND y.b = x.a AND y.quarter = x.quarter
    JOIN staging.priors t ON t.dataset = x.dataset
    CROSS JOIN parameters p
    WHERE x.a < x.b
)

SELECT
    dataset,
    a,
    b,
    quarter,
    n_ab,
    n_ba,
    mean_ab,
    mean_ba,
    mean_ab - mean_ba AS asymmetry,
    mean_ab - mean_ba - half_width AS asymmetry_low,
    mean_ab - mean_ba + half_width AS asymmetry_high,
    (n_ab - n_ba) / (n_ab + n_ba)::DOUBLE AS asymmetry_volume,
    least(n_ab, n_ba) >= min_events AS enough,
    event_id
FROM compared
