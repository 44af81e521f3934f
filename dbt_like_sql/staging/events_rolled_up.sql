/*
description: >
  Every event of the current coder with the actors that its participants stand for. Nothing is left out: later models
  choose, and quality is measured here. Dates are the text's own; an undated event stays undated.
materialization: table
partition: article
columns:
  event_id: {description: Key of core.current_events, tests: [not_null, unique]}
  article_id: {description: The article, tests: [not_null]}
  counts_as_source: {description: Whether the article is an original, tests: [not_null]}
  publisher: Who published it
  published: Publication date of the article; never the event's date
  published_month: Month of publication
  source_actor_id: Source as tagged
  target_actor_id: Target as tagged
  source: Actor that the source stands for (staging.actors_rolled_up)
  target: Actor that the target stands for
  event_type: {description: PLOVER type, tests: [not_null]}
  mode: PLOVER mode
  quad_class: {description: '1 verbal and 2 material cooperation, 3 verbal and 4 material conflict', tests: [{accepted_values: [1, 2, 3, 4]}]}
  goldstein: {description: Goldstein scale, tests: [{range: {min: -10, max: 10}}]}
  plover_score: {description: PLOVER score, tests: [{range: {min: -10, max: 10}}]}
  start_date: First day meant
  end_date: Last day meant
  date_precision: {description: Precision of the date, tests: [{accepted_values: [day, week, month, year, decade, none]}]}
  location: Place as written
  confidence: {description: 0 to 1, tests: [{range: {min: 0, max: 1}}]}
  is_actual: {description: Asserted as having happened and not negated, tests: [not_null]}
  is_dated: {description: Dated by the text to a day or week or month, tests: [not_null]}
  is_dyadic: {description: Both actors are known and differ once rolled up, tests: [not_null]}
*/
SELECT
    e.event_id,
    e.article_id,
    a.counts_as_source,
    a.source AS publisher,
    a.published,
    a.published_month,
    e.source_actor_id,
    e.target_actor_id,
    s.rolled_actor_id AS source,
    t.rolled_actor_id AS target,
    e.event_type,
    e.mode,
    e.quad_class,
    e.goldstein,
    e.plover_score,
    e.start_date,
    e.end_date,
    e.date_precision,
    e.location,
    e.confidence,
    e.status = 'actual' AND NOT e.negated AS is_actual,
    e.date_precision IN ('day', 'week', 'month') AND e.start_date IS NOT NULL AND e.end_date IS NOT NULL AS is_dated,
    coalesce(s.rolled_actor_id <> t.rolled_actor_id, false) AS is_dyadic
FROM core.current_events e
JOIN staging.articles a USING (article_id)
LEFT JOIN staging.actors_rolled_up s
    ON s.actor_id = e.source_actor_id AND s.article_id = e.article_id AND s.as_of IS NOT DISTINCT FROM e.start_date
LEFT JOIN staging.actors_rolled_up t
    ON t.actor_id = e.target_actor_id AND t.article_id = e.article_id AND t.as_of IS NOT DISTINCT FROM e.start_date
