/*
description: >
  One row per real-world event as far as reports tell it: asserted, dated by the text itself to a day, week or month,
  between two known and different actors, at least as confident as core.parameters asks (min_confidence). Reports of the same
  source, target, type and date are one event; an ASSAULT also needs the same place, so that two bombings of one day stay two.
  Reposts are left out. Two real events of one kind on one day merge, and one event reported with two dates stays two.
materialization: table
columns:
  event_id: {description: The most confident report; stands for the event, tests: [not_null, unique, {relationships: {to: core.current_events, field: event_id}}]}
  article_id: {description: The article of that report, tests: [not_null]}
  event_ids: {description: All reports of the event, tests: [not_null]}
  article_ids: {description: All articles that report it, tests: [not_null]}
  source: {description: Who acts, tests: [not_null]}
  target: {description: Upon whom, tests: [not_null]}
  event_type: {description: PLOVER type, tests: [not_null]}
  quad_class: {description: PLOVER quad class, tests: [not_null, {accepted_values: [1, 2, 3, 4]}]}
  event_date: {description: First day meant; of a week or month its first day, tests: [not_null]}
  end_date: {description: Last day meant, tests: [not_null]}
  date_precision: {description: How exactly the text dates it, tests: [{accepted_values: [day, week, month]}]}
  month: {description: First day of the month of event_date, tests: [not_null]}
  location: Place of an ASSAULT, as written; null for other types
  goldstein: {description: Mean Goldstein score of the reports, tests: [not_null, {range: {min: -10, max: 10}}]}
  plover_score: {description: Mean PLOVER score of the reports, tests: [not_null, {range: {min: -10, max: 10}}]}
  confidence:
    description: >
      Noisy-or over articles, 1 - Π(1 - c), where c is the article's most confident report: reports within one article are
      not independent of each other
    tests: [not_null, {range: {min: 0, max: 1}}]
  n_reports: {description: Coded reports, tests: [{range: {min: 1}}]}
  n_articles: {description: Articles that report it, tests: [{range: {min: 1}}]}
  n_sources: Sources that report it; an article without a stated source counts for none
tests:
  - unique: [source, target, event_type, quad_class, event_date, end_date, location]
*/
WITH limits AS (
    SELECT max(value) FILTER (name = 'min_confidence') AS min_confidence FROM core.parameters
),

reports AS (
    SELECT
        e.*,
        a.source AS publisher,
        CASE WHEN e.event_type = 'ASSAULT' THEN lower(trim(e.location)) END AS place
    FROM staging.events_rolled_up e
    JOIN staging.articles a USING (article_id)
    CROSS JOIN limits
    WHERE e.is_actual AND e.is_dated AND e.is_dyadic AND e.counts_as_source AND e.confidence >= limits.min_confidence
),

per_article AS (
    SELECT
        source,
        target,
        event_type,
        quad_class,
        start_date,
        end_date,
        place,
        article_id,
        any_value(date_precision) AS date_precision,
        any_value(publisher) AS publisher,
        any_value(published) AS published,
        min(location) FILTER (event_type = 'ASSAULT') AS location,
        arg_min(event_id, (-confidence, event_id)) AS event_id,
        list(event_id ORDER BY event_id) AS event_ids,
        max(confidence) AS confidence,
        sum(goldstein) AS goldstein,
        sum(plover_score) AS plover_score,
        count(*) AS n_reports
    FROM reports
    GROUP BY source, target, event_type, quad_class, start_date, end_date, place, article_id
)

SELECT
    arg_min(event_id, (-confidence, coalesce(published, DATE '9999-12-31'), event_id)) AS event_id,
    arg_min(article_id, (-confidence, coalesce(published, DATE '9999-12-31'), event_id)) AS article_id,
    flatten(list(event_ids ORDER BY article_id)) AS event_ids,
    list(article_id ORDER BY article_id) AS article_ids,
    source,
    target,
    event_type,
    quad_class,
    start_date AS event_date,
    end_date,
    any_value(date_precision) AS date_precision,
    date_trunc('month', start_date)::DATE AS month,
    min(location) AS location,
    sum(goldstein) / sum(n_reports) AS goldstein,
    sum(plover_score) / sum(n_reports) AS plover_score,
    1 - product(1 - confidence) AS confidence,
    sum(n_reports)::BIGINT AS n_reports,
    count(*) AS n_articles,
    count(DISTINCT publisher) AS n_sources
FROM per_article
GROUP BY source, target, event_type, quad_class, start_date, end_date, place
