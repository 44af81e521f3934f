/*
description: >
  How much was read and how much of it indicators can use, per month of publication: to be shown beside every number. Shares are
  of the events of original articles and null in a month without events.
materialization: table
columns:
  month: {description: First day of the month of publication; null for articles without a date, tests: [{relationships: {to: staging.articles, field: published_month}}]}
  n_articles: {description: Articles with reposts, tests: [{range: {min: 1}}]}
  n_reposts: {description: Reposts among them, tests: [{range: {min: 0}}]}
  n_sources: {description: Sources of the original articles, tests: [{range: {min: 0}}]}
  n_tagged: {description: Original articles that the coder has read, tests: [{range: {min: 0}}]}
  share_names_resolved: {description: 'Share of the named actor mentions whose actor the knowledge base holds', tests: [{range: {min: 0, max: 1}}]}
  n_events: {description: Events found in original articles, tests: [{range: {min: 0}}]}
  share_actual: {description: Share asserted as having happened, tests: [{range: {min: 0, max: 1}}]}
  share_dated: {description: 'Share dated by the text to a day, week or month', tests: [{range: {min: 0, max: 1}}]}
  share_dyadic: {description: Share between two known and different actors, tests: [{range: {min: 0, max: 1}}]}
  share_usable: {description: 'Share that is all three, before the limit on confidence', tests: [{range: {min: 0, max: 1}}]}
  mean_confidence: {description: Mean confidence, tests: [{range: {min: 0, max: 1}}]}
tests:
  - unique: [month]
*/
WITH articles AS (
    SELECT
        a.published_month AS month,
        count(*) AS n_articles,
        count(*) FILTER (NOT a.counts_as_source) AS n_reposts,
        count(DISTINCT a.source) FILTER (a.counts_as_source) AS n_sources,
        count(r.article_id) FILTER (a.counts_as_source) AS n_tagged
    FROM staging.articles a
    LEFT JOIN core.current_runs r USING (article_id)
    GROUP BY a.published_month
),

events AS (
    SELECT
        published_month AS month,
        count(*) AS n_events,
        avg(is_actual::INT) AS share_actual,
        avg(is_dated::INT) AS share_dated,
        avg(is_dyadic::INT) AS share_dyadic,
        avg((is_actual AND is_dated AND is_dyadic)::INT) AS share_usable,
        avg(confidence::DECIMAL(9, 6)) AS mean_confidence
    FROM staging.events_rolled_up
    WHERE counts_as_source
    GROUP BY published_month
),

names AS (
    SELECT a.published_month AS month, avg((k.source <> 'text')::INT) AS share_names_resolved
    FROM core.current_actor_mentions m
    JOIN staging.articles a USING (article_id)
    JOIN core.actors k USING (actor_id)
    WHERE a.counts_as_source AND m.actor_id NOT LIKE 'collective:%' AND m.method <> 'coreference'
    GROUP BY a.published_month
)

SELECT
    a.month,
    a.n_articles,
    a.n_reposts,
    a.n_sources,
    a.n_tagged,
    n.share_names_resolved,
    coalesce(e.n_events, 0) AS n_events,
    e.share_actual,
    e.share_dated,
    e.share_dyadic,
    e.share_usable,
    e.mean_confidence
FROM articles a
LEFT JOIN events e ON e.month IS NOT DISTINCT FROM a.month
LEFT JOIN names n ON n.month IS NOT DISTINCT FROM a.month
