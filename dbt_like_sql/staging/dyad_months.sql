/*
description: >
  The monthly measures of marts.dyad_month and marts.dyad_month_directed, for both kinds of pair. With κ = kappa_events and
  z = z95 of core.parameters, n events of a pair and month, ḡ their mean score: net cooperation is (nḡ + κμ)/(n + κ), where μ is
  the pair's own mean over this and all earlier months, itself drawn to the mean of all events by κ; its standard error is σ/√(n + κ) with
  σ of all events. The tension share is (n4 + n3/2 + κp)/(n + κ) with p that share of all events; its Wilson band is on n + κ,
  and wide rather than narrow, because half weights vary less than zeros and ones. What is of all events is rounded
  (staging.priors), so a month's value does not move whenever more is read. Every data set has priors of its own.
materialization: table
partition: pair
onward: month
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  directed: {description: Whether a acts upon b, tests: [not_null]}
  a: {description: First actor of the pair, tests: [not_null]}
  b: {description: Second actor of the pair, tests: [not_null]}
  month: {description: First day of the month, tests: [not_null]}
  n: {description: Events, tests: [{range: {min: 1}}]}
  n_verbal_cooperation: Events of quad class 1
  n_material_cooperation: Events of quad class 2
  n_verbal_conflict: Events of quad class 3
  n_material_conflict: Events of quad class 4
  net_cooperation_raw: Mean Goldstein score
  net_cooperation: {description: Mean Goldstein score drawn to the pair's prior, tests: [not_null, {range: {min: -10, max: 10}}]}
  net_cooperation_se: Its standard error; null where the corpus has a single event
  net_cooperation_plover_raw: Mean PLOVER score
  net_cooperation_plover: {description: The same as net_cooperation on the PLOVER scale, tests: [not_null, {range: {min: -10, max: 10}}]}
  balance: {description: 'Sum of scores over sum of their sizes: -1 all conflict, +1 all cooperation; null where all are 0', tests: [{range: {min: -1, max: 1}}]}
  tension_raw: {description: 'Share of conflict, verbal conflict weighing half, times 100', tests: [not_null, {range: {min: 0, max: 100}}]}
  tension: {description: The same drawn to that of all events, tests: [not_null, {range: {min: 0, max: 100}}]}
  tension_low: {description: Lower end of the Wilson band, tests: [not_null, {range: {min: 0, max: 100}}]}
  tension_high: {description: Upper end of the Wilson band, tests: [not_null, {range: {min: 0, max: 100}}]}
  n_articles: {description: Articles that report the events, tests: [{range: {min: 1}}]}
  n_sources: Sources of those articles
  enough: {description: Whether there are month_min_events; else show the values greyed, tests: [not_null]}
  last_event_date: {description: Date of the newest event, tests: [not_null]}
  event_id: {description: The newest event, tests: [not_null]}
  article_id: Its article; null for imported events
tests:
  - unique: [dataset, directed, a, b, month]
*/
WITH parameters AS (
    SELECT
        max(value) FILTER (name = 'kappa_events') AS kappa,
        max(value) FILTER (name = 'z95') AS z,
        max(value) FILTER (name = 'month_min_events') AS min_events
    FROM core.parameters
),

-- The pair's own mean, of this and all earlier months.
so_far AS (
    SELECT
        *,
        (sum(n) OVER so_far)::BIGINT AS pair_n,
        (sum(goldstein) OVER so_far)::DOUBLE AS pair_goldstein,
        (sum(plover_score) OVER so_far)::DOUBLE AS pair_plover_score
    FROM staging.dyad_month_sums
    WINDOW so_far AS (PARTITION BY dataset, directed, a, b ORDER BY month ROWS UNBOUNDED PRECEDING)
),

-- A sum of n scores is n times their mean: the shrunk mean needs no division before the last one.
shrunk AS (
    SELECT
        m.* EXCLUDE (goldstein, goldstein_size, goldstein_squares, plover_score, tension),
        m.n + p.kappa AS weight,
        p.z,
        p.min_events,
        m.goldstein::DOUBLE / m.n AS net_cooperation_raw,
        m.plover_score::DOUBLE / m.n AS net_cooperation_plover_raw,
        m.goldstein::DOUBLE / nullif(m.goldstein_size::DOUBLE, 0) AS balance,
        m.tension::DOUBLE / m.n AS share_raw,
        (m.goldstein::DOUBLE + p.kappa * (m.pair_goldstein + p.kappa * o.goldstein) / (m.pair_n + p.kappa)) / (m.n + p.kappa) AS net_cooperation,
        (m.plover_score::DOUBLE + p.kappa * (m.pair_plover_score + p.kappa * o.plover_score) / (m.pair_n + p.kappa)) / (m.n + p.kappa)
            AS net_cooperation_plover,
        o.goldstein_sd / sqrt(m.n + p.kappa) AS net_cooperation_se,
        least((m.tension::DOUBLE + p.kappa * o.tension) / (m.n + p.kappa), 1) AS share
    FROM so_far m
    JOIN staging.priors o USING (dataset)
    CROSS JOIN parameters p
),

banded AS (
    SELECT
        *,
        (share + z * z / (2 * weight)) / (1 + z * z / weight) AS middle,
        z * sqrt(greatest(share * (1 - share), 0) / weight + z * z / (4 * weight * weight)) / (1 + z * z / weight) AS half_width
    FROM shrunk
)

SELECT
    dataset,
    directed,
    a,
    b,
    month,
    n,
    n_verbal_cooperation,
    n_material_cooperation,
    n_verbal_conflict,
    n_material_conflict,
    net_cooperation_raw,
    -- Rounding must not carry a mean of tens over the end of the scale.
    greatest(least(net_cooperation, 10), -10) AS net_cooperation,
    net_cooperation_se,
    net_cooperation_plover_raw,
    greatest(least(net_cooperation_plover, 10), -10) AS net_cooperation_plover,
    greatest(least(balance, 1), -1) AS balance,
    100 * share_raw AS tension_raw,
    100 * share AS tension,
    100 * greatest(least(middle - half_width, share), 0) AS tension_low,
    100 * least(greatest(middle + half_width, share), 1) AS tension_high,
    n_articles,
    n_sources,
    n >= min_events AS enough,
    last_event_date,
    event_id,
    article_id
FROM banded
