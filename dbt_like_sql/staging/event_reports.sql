/*
description: >
  Reports of events that indicators may use, of every data set. Our own: asserted, dated by the text itself to a day, week or month,
  between two known and different actors, in an original article, at least as confident as core.parameters asks (min_confidence). Imported
  ones: dated to a day, week or month, between two different actors. Nothing is merged yet (staging.events_clean).
materialization: view
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  event_id: {description: Key of core.current_events or core.imported_events, tests: [not_null]}
  article_id: The article; null for imported events
  publisher: Who published it; null where unknown
  published: Publication date of the article; null for imported events
  source: {description: Who acts, tests: [not_null]}
  target: {description: Upon whom, tests: [not_null]}
  event_type: {description: PLOVER type, tests: [not_null]}
  quad_class: {description: '1 verbal and 2 material cooperation, 3 verbal and 4 material conflict', tests: [not_null]}
  event_date: {description: First day meant, tests: [not_null]}
  end_date: {description: Last day meant, tests: [not_null]}
  date_precision: {description: 'day, week or month', tests: [not_null]}
  month: {description: First day of the month of event_date, tests: [not_null]}
  location: Place of an ASSAULT, as written; null for other types, of which place makes no two events
  cameo_root: CAMEO root of an imported event; null for our own and for data sets without CAMEO codes
  unique_id: The event's id where the data set has one row per event (UCDP, ACLED); null where rows are reports that may tell of one event
  goldstein: {description: Goldstein scale, tests: [not_null]}
  plover_score: {description: PLOVER score, tests: [not_null]}
  confidence: {description: 0 to 1, tests: [not_null]}
  n_articles: {description: 'Articles that the report stands for: 1, or what an imported data set states', tests: [{range: {min: 1}}]}
  n_sources: {description: What an imported data set states; 0 for our own, tests: [not_null]}
*/
WITH limits AS (
    SELECT max(value) FILTER (name = 'min_confidence') AS min_confidence FROM core.parameters
)

SELECT
    'faultline' AS dataset,
    e.event_id,
    e.article_id,
    e.publisher,
    e.published,
    e.source,
    e.target,
    e.event_type,
    e.quad_class,
    e.start_date AS event_date,
    e.end_date,
    e.date_precision,
    date_trunc('month', e.start_date)::DATE AS month,
    CASE WHEN e.event_type = 'ASSAULT' THEN e.location END AS location,
    NULL AS cameo_root,
    NULL AS unique_id,
    e.goldstein,
    e.plover_score,
    e.confidence,
    1 AS n_articles,
    0 AS n_sources
FROM staging.events_rolled_up e
CROSS JOIN limits
WHERE e.is_actual AND e.is_dated AND e.is_dyadic AND e.counts_as_source AND e.confidence >= limits.min_confidence
UNION ALL
SELECT
    dataset,
    event_id,
    NULL,
    publisher,
    NULL,
    source_actor_id,
    target_actor_id,
    event_type,
    quad_class,
    start_date,
    end_date,
    date_precision,
    date_trunc('month', start_date)::DATE,
    CASE WHEN event_type = 'ASSAULT' THEN location END,
    left(cameo_code, 2),
    CASE WHEN is_unique THEN event_id END,
    goldstein,
    plover_score,
    1,
    greatest(coalesce(n_articles, 1), 1),
    coalesce(n_sources, 0)
FROM core.imported_events
WHERE date_precision IN ('day', 'week', 'month') AND source_actor_id <> target_actor_id
