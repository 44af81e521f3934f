/*
description: >
  One row per real-world event as far as reports tell it. Reports of the same data set, source, target, type and date are one event;
  an ASSAULT also needs the same place, so that two bombings of one day stay two, and imported events with CAMEO codes the same root, as is
  usual with such data. Within an article, reports of one event count once
  (the most confident); across articles each adds evidence. Two real events of one kind on one day merge, and one event reported
  with two dates stays two. Rows of imported data sets that hold one row per event are never merged. Scores are rounded to six digits, so that sums of them do not depend on the order of rows.
materialization: table
partition: [pair, month]
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  event_id: {description: The most confident report; stands for the event, tests: [not_null, unique]}
  article_id: The article of that report; null for imported events
  event_ids: {description: All reports of the event, tests: [not_null]}
  article_ids: {description: All articles that report it; empty for imported events, tests: [not_null]}
  publishers: {description: 'Sources of those reports, where known', tests: [not_null]}
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
  n_articles: {description: 'Articles that report it; for imported events as many as the data set states, at least 1', tests: [{range: {min: 1}}]}
  n_sources: Sources that report it; an article without a stated source counts for none
*/
WITH reports AS (
    SELECT *, coalesce(article_id, event_id) AS told_by, coalesce(unique_id, lower(trim(location))) AS place FROM staging.event_reports
),

per_article AS (
    SELECT
        dataset,
        source,
        target,
        event_type,
        quad_class,
        event_date,
        end_date,
        month,
        place,
        cameo_root,
        told_by,
        any_value(article_id) AS article_id,
        any_value(date_precision) AS date_precision,
        any_value(publisher) AS publisher,
        any_value(published) AS published,
        min(location) AS location,
        arg_min(event_id, (-confidence, event_id)) AS event_id,
        list(event_id ORDER BY event_id) AS event_ids,
        max(confidence) AS confidence,
        sum(goldstein::DECIMAL(9, 6)) AS goldstein,
        sum(plover_score::DECIMAL(9, 6)) AS plover_score,
        count(*) AS n_reports,
        max(n_articles) AS n_articles,
        max(n_sources) AS n_sources
    FROM reports
    GROUP BY dataset, source, target, event_type, quad_class, event_date, end_date, month, place, cameo_root, told_by
)

SELECT
    dataset,
    arg_min(event_id, (-confidence, coalesce(published, DATE '9999-12-31'), event_id)) AS event_id,
    arg_min(article_id, (-confidence, coalesce(published, DATE '9999-12-31'), event_id)) AS article_id,
    flatten(list(event_ids ORDER BY told_by)) AS event_ids,
    coalesce(list(article_id ORDER BY article_id) FILTER (article_id IS NOT NULL), []) AS article_ids,
    coalesce(list(DISTINCT publisher ORDER BY publisher) FILTER (publisher IS NOT NULL), []) AS publishers,
    source,
    target,
    event_type,
    quad_class,
    event_date,
    end_date,
    any_value(date_precision) AS date_precision,
    month,
    min(location) AS location,
    round(sum(goldstein)::DOUBLE / sum(n_reports), 6) AS goldstein,
    round(sum(plover_score)::DOUBLE / sum(n_reports), 6) AS plover_score,
    1 - product(1 - confidence ORDER BY told_by) AS confidence,
    sum(n_reports)::BIGINT AS n_reports,
    sum(n_articles)::BIGINT AS n_articles,
    greatest(count(DISTINCT publisher), max(n_sources)) AS n_sources
FROM per_article
GROUP BY dataset, source, target, event_type, quad_class, event_date, end_date, month, place, cameo_root
