/*
description: >
  Events of a pair and month, added up, before anything is shrunk: a month's row depends on the events of that month alone, so new
  articles change the months that they speak of and no others. Sums are decimals and exact.
materialization: table
partition: [pair, month]
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  directed: {description: Whether a acts upon b, tests: [not_null]}
  a: {description: First actor of the pair, tests: [not_null]}
  b: {description: Second actor of the pair, tests: [not_null]}
  month: {description: First day of the month, tests: [not_null]}
  n: {description: Events, tests: [{range: {min: 1}}]}
  n_verbal_cooperation: {description: Events of quad class 1, tests: [{range: {min: 0}}]}
  n_material_cooperation: {description: Events of quad class 2, tests: [{range: {min: 0}}]}
  n_verbal_conflict: {description: Events of quad class 3, tests: [{range: {min: 0}}]}
  n_material_conflict: {description: Events of quad class 4, tests: [{range: {min: 0}}]}
  goldstein: {description: Sum of Goldstein scores, tests: [not_null]}
  goldstein_size: {description: Sum of their sizes, tests: [not_null]}
  goldstein_squares: {description: Sum of their squares, tests: [not_null]}
  plover_score: {description: Sum of PLOVER scores, tests: [not_null]}
  tension: {description: Sum of the weights in the tension share, tests: [not_null]}
  n_articles: {description: 'Articles that report the events; of imported ones as many as the data set states', tests: [{range: {min: 1}}]}
  n_sources: Sources of those articles
  last_event_date: {description: Date of the newest event, tests: [not_null]}
  event_id: {description: The newest event, tests: [not_null]}
  article_id: Its article; null for imported events
tests:
  - unique: [dataset, directed, a, b, month]
*/
SELECT
    dataset,
    directed,
    a,
    b,
    month,
    count(*) AS n,
    count(*) FILTER (quad_class = 1) AS n_verbal_cooperation,
    count(*) FILTER (quad_class = 2) AS n_material_cooperation,
    count(*) FILTER (quad_class = 3) AS n_verbal_conflict,
    count(*) FILTER (quad_class = 4) AS n_material_conflict,
    sum(goldstein) AS goldstein,
    sum(abs(goldstein)) AS goldstein_size,
    sum(goldstein * goldstein) AS goldstein_squares,
    sum(plover_score) AS plover_score,
    sum(tension) AS tension,
    -- An article that reports two events counts once; of imported events only the number of articles is known.
    CASE WHEN dataset = 'faultline' THEN len(list_distinct(flatten(list(article_ids)))) ELSE sum(n_articles) END::BIGINT AS n_articles,
    greatest(len(list_distinct(flatten(list(publishers)))), max(n_sources))::BIGINT AS n_sources,
    max(event_date) AS last_event_date,
    arg_max(event_id, (event_date, confidence, event_id)) AS event_id,
    arg_max(article_id, (event_date, confidence, event_id)) AS article_id
FROM staging.dyad_events
GROUP BY dataset, directed, a, b, month
