/*
description: >
  The monthly measures of marts.dyad_month and marts.dyad_month_directed, for both kinds of pair. With κ = kappa_events and
  z = z95 of core.parameters, n events of a pair and month, ḡ their mean score: net cooperation is (nḡ + κμ)/(n + κ), where μ is
  the pair's own mean over all months, itself drawn to the mean of all events by κ; its standard error is σ/√(n + κ) with
  σ of all events. The tension share is (n4 + n3/2 + κp)/(n + κ) with p that share of all events; its Wilson band is on n + κ,
  and wide rather than narrow, because half weights vary less than zeros and ones. Priors are of the whole corpus, so a month's shrunk
  value moves a little when more is read.
materialization: table
columns:
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
  enough: {description: Whether there are at least 5 events; else show the values greyed, tests: [not_null]}
  last_event_date: {description: Date of the newest event, tests: [not_null]}
  event_id: {description: The newest event, tests: [not_null]}
  article_id: {description: Its article, tests: [not_null]}
tests:
  - unique: [directed, a, b, month]
*/
WITH parameters AS (
    SELECT
        max(value) FILTER (name = 'kappa_events') AS kappa,
        max(value) FILTER (name = 'z95') AS z
    FROM core.parameters
),

pool AS (
    SELECT
        avg(goldstein) AS goldstein,
        avg(plover_score) AS plover_score,
        var_samp(goldstein) AS goldstein_variance,
        avg(tension) AS tension
    FROM staging.dyad_events
    WHERE NOT directed
),

pairs AS (
    SELECT directed, a, b, count(*) AS n, avg(goldstein) AS goldstein, avg(plover_score) AS plover_score
    FROM staging.dyad_events
    GROUP BY directed, a, b
),

months AS (
    SELECT
        directed,
        a,
        b,
        month,
        count(*) AS n,
        count(*) FILTER (quad_class = 1) AS n_verbal_cooperation,
        count(*) FILTER (quad_class = 2) AS n_material_cooperation,
        count(*) FILTER (quad_class = 3) AS n_verbal_conflict,
        count(*) FILTER (quad_class = 4) AS n_material_conflict,
        avg(goldstein) AS goldstein,
        avg(plover_score) AS plover_score,
        sum(goldstein) / nullif(sum(abs(goldstein)), 0) AS balance,
        avg(tension) AS tension,
        max(event_date) AS last_event_date,
        arg_max(event_id, (event_date, confidence, event_id)) AS event_id,
        arg_max(article_id, (event_date, confidence, event_id)) AS article_id
    FROM staging.dyad_events
    GROUP BY directed, a, b, month
),

reporting AS (
    SELECT e.directed, e.a, e.b, e.month, count(DISTINCT r.article_id) AS n_articles, count(DISTINCT r.source) AS n_sources
    FROM (SELECT directed, a, b, month, unnest(article_ids) AS article_id FROM staging.dyad_events) e
    JOIN staging.articles r USING (article_id)
    GROUP BY e.directed, e.a, e.b, e.month
),

shrunk AS (
    SELECT
        m.*,
        m.n + p.kappa AS weight,
        p.z,
        (m.n * m.goldstein + p.kappa * (d.n * d.goldstein + p.kappa * o.goldstein) / (d.n + p.kappa)) / (m.n + p.kappa) AS net_cooperation,
        (m.n * m.plover_score + p.kappa * (d.n * d.plover_score + p.kappa * o.plover_score) / (d.n + p.kappa))
        / (m.n + p.kappa) AS net_cooperation_plover,
        sqrt(o.goldstein_variance / (m.n + p.kappa)) AS net_cooperation_se,
        least((m.n * m.tension + p.kappa * o.tension) / (m.n + p.kappa), 1) AS share
    FROM months m
    JOIN pairs d USING (directed, a, b)
    CROSS JOIN pool o
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
    directed,
    a,
    b,
    month,
    n,
    n_verbal_cooperation,
    n_material_cooperation,
    n_verbal_conflict,
    n_material_conflict,
    goldstein AS net_cooperation_raw,
    -- Rounding must not carry a mean of tens over the end of the scale.
    greatest(least(net_cooperation, 10), -10) AS net_cooperation,
    net_cooperation_se,
    plover_score AS net_cooperation_plover_raw,
    greatest(least(net_cooperation_plover, 10), -10) AS net_cooperation_plover,
    greatest(least(balance, 1), -1) AS balance,
    100 * tension AS tension_raw,
    100 * share AS tension,
    100 * greatest(least(middle - half_width, share), 0) AS tension_low,
    100 * least(greatest(middle + half_width, share), 1) AS tension_high,
    n_articles,
    n_sources,
    n >= 5 AS enough,
    last_event_date,
    event_id,
    article_id
FROM banded
JOIN reporting USING (directed, a, b, month)
