/*
description: >
  Every clean event once for its undirected pair (a < b) and once for its directed pair (a acts upon b), so that both kinds of
  indicator are the same sums. What every indicator needs of an event is derived here, once.
materialization: view
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  directed: {description: Whether a acts upon b; else a and b are in alphabetical order, tests: [not_null]}
  a: {description: First actor of the pair, tests: [not_null]}
  b: {description: Second actor of the pair, tests: [not_null]}
  event_id: {description: Key of staging.events_clean, tests: [not_null]}
  article_id: The article of that report; null for imported events
  article_ids: All articles that report it
  publishers: Their sources
  n_articles: Articles that report it
  n_sources: Sources that report it
  event_type: {description: PLOVER type, tests: [not_null]}
  event_date: {description: First day meant, tests: [not_null]}
  month: {description: Month of event_date, tests: [not_null]}
  week: Monday of the week of event_date; null where the date is less exact than that week
  quad_class: {description: PLOVER quad class, tests: [not_null]}
  is_conflict: {description: Quad class 3 or 4, tests: [not_null]}
  is_act: {description: 'Not a CONSULT or AGREE, which coders write once in each direction', tests: [not_null]}
  goldstein: {description: 'Mean Goldstein score of the reports, exact to six digits', tests: [not_null]}
  plover_score: {description: 'Mean PLOVER score of the reports, exact to six digits', tests: [not_null]}
  tension: {description: 'Weight in the tension share: 1 for material and 0.5 for verbal conflict, 0 for cooperation', tests: [not_null]}
  confidence: Noisy-or over articles
tests:
  - unique: [directed, a, b, event_id]
*/
SELECT
    e.dataset,
    d.directed,
    CASE WHEN d.directed THEN e.source ELSE least(e.source, e.target) END AS a,
    CASE WHEN d.directed THEN e.target ELSE greatest(e.source, e.target) END AS b,
    e.event_id,
    e.article_id,
    e.article_ids,
    e.publishers,
    e.n_articles,
    e.n_sources,
    e.event_type,
    e.event_date,
    e.month,
    CASE WHEN date_trunc('week', e.event_date) = date_trunc('week', e.end_date) THEN date_trunc('week', e.event_date)::DATE END AS week,
    e.quad_class,
    e.quad_class >= 3 AS is_conflict,
    e.event_type NOT IN ('CONSULT', 'AGREE') AS is_act,
    e.goldstein::DECIMAL(9, 6) AS goldstein,
    e.plover_score::DECIMAL(9, 6) AS plover_score,
    CASE e.quad_class WHEN 4 THEN 1::DECIMAL(2, 1) WHEN 3 THEN 0.5::DECIMAL(2, 1) ELSE 0::DECIMAL(2, 1) END AS tension,
    e.confidence
FROM staging.events_clean e
CROSS JOIN (SELECT unnest([false, true]) AS directed) d
