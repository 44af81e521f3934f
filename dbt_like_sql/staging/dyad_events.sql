/*
description: >
  Every clean event once for its undirected pair (a < b) and once for its directed pair (a acts upon b), so that both kinds of
  indicator are the same sums.
materialization: view
columns:
  directed: {description: Whether a acts upon b; else a and b are in alphabetical order, tests: [not_null]}
  a: {description: First actor of the pair, tests: [not_null]}
  b: {description: Second actor of the pair, tests: [not_null]}
  event_id: {description: Key of staging.events_clean, tests: [not_null]}
  article_id: {description: The article of that report, tests: [not_null]}
  article_ids: All articles that report it
  event_date: {description: First day meant, tests: [not_null]}
  month: {description: Month of event_date, tests: [not_null]}
  quad_class: {description: PLOVER quad class, tests: [not_null]}
  goldstein: {description: Mean Goldstein score of the reports, tests: [not_null]}
  plover_score: {description: Mean PLOVER score of the reports, tests: [not_null]}
  tension: {description: 'Weight in the tension share: 1 for material and 0.5 for verbal conflict, 0 for cooperation', tests: [not_null]}
  confidence: Noisy-or over articles
tests:
  - unique: [directed, a, b, event_id]
*/
SELECT
    d.directed,
    CASE WHEN d.directed THEN e.source ELSE least(e.source, e.target) END AS a,
    CASE WHEN d.directed THEN e.target ELSE greatest(e.source, e.target) END AS b,
    e.event_id,
    e.article_id,
    e.article_ids,
    e.event_date,
    e.month,
    e.quad_class,
    e.goldstein,
    e.plover_score,
    CASE e.quad_class WHEN 4 THEN 1::DOUBLE WHEN 3 THEN 0.5::DOUBLE ELSE 0::DOUBLE END AS tension,
    e.confidence
FROM staging.events_clean e
CROSS JOIN (SELECT unnest([false, true]) AS directed) d
