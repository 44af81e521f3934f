/*
description: >
  How often an actor appears in a month, with those that stand for it rolled up. Mentions and articles fall into the month of
  publication; events and figures into the month that the text dates them to. Imported data sets are left out.
materialization: table
columns:
  actor: {description: The actor, tests: [not_null]}
  actor_name: {description: Its name, tests: [not_null]}
  month: {description: First day of the month, tests: [not_null]}
  n_events_source: {description: Clean events in which it acts, tests: [not_null]}
  n_events_target: {description: Clean events that are done to it, tests: [not_null]}
  n_conflict_source: {description: Those of quad class 3 and 4 in which it acts, tests: [not_null]}
  n_conflict_target: {description: Those of quad class 3 and 4 that are done to it, tests: [not_null]}
  n_mentions: {description: Mentions in original articles, tests: [not_null]}
  n_articles: {description: Original articles that mention it, tests: [not_null]}
  n_attack_figures: {description: Reported numbers of attacks by it (figures and not attacks), tests: [not_null]}
  n_killed_figures: {description: Reported numbers of killed by it, tests: [not_null]}
  n_injured_figures: {description: Reported numbers of injured by it, tests: [not_null]}
  n_other_figures: {description: Reported numbers of other things that it did, tests: [not_null]}
tests:
  - unique: [actor, month]
*/
WITH tallies AS (
    SELECT source AS actor, month, 'event_source' AS what, quad_class >= 3 AS is_conflict, count(*) AS n
    FROM staging.events_clean
    WHERE dataset = 'faultline'
    GROUP BY ALL
    UNION ALL
    SELECT target, month, 'event_target', quad_class >= 3, count(*)
    FROM staging.events_clean
    WHERE dataset = 'faultline'
    GROUP BY ALL
    UNION ALL
    SELECT perpetrator, month, measure, false, count(*) FROM staging.counts_clean WHERE perpetrator IS NOT NULL GROUP BY ALL
    UNION ALL
    SELECT r.rolled_actor_id, a.published_month, 'mention', false, count(*)
    FROM core.current_actor_mentions m
    JOIN staging.articles a USING (article_id)
    JOIN staging.actors_rolled_up r
        ON r.actor_id = m.actor_id AND r.article_id = m.article_id AND r.as_of IS NOT DISTINCT FROM a.published
    WHERE a.counts_as_source AND a.published_month IS NOT NULL
    GROUP BY ALL
    UNION ALL
    SELECT r.rolled_actor_id, a.published_month, 'article', false, count(DISTINCT m.article_id)
    FROM core.current_actor_mentions m
    JOIN staging.articles a USING (article_id)
    JOIN staging.actors_rolled_up r
        ON r.actor_id = m.actor_id AND r.article_id = m.article_id AND r.as_of IS NOT DISTINCT FROM a.published
    WHERE a.counts_as_source AND a.published_month IS NOT NULL
    GROUP BY ALL
),

months AS (
    SELECT
        actor,
        month,
        coalesce(sum(n) FILTER (what = 'event_source'), 0)::BIGINT AS n_events_source,
        coalesce(sum(n) FILTER (what = 'event_target'), 0)::BIGINT AS n_events_target,
        coalesce(sum(n) FILTER (what = 'event_source' AND is_conflict), 0)::BIGINT AS n_conflict_source,
        coalesce(sum(n) FILTER (what = 'event_target' AND is_conflict), 0)::BIGINT AS n_conflict_target,
        coalesce(sum(n) FILTER (what = 'mention'), 0)::BIGINT AS n_mentions,
        coalesce(sum(n) FILTER (what = 'article'), 0)::BIGINT AS n_articles,
        coalesce(sum(n) FILTER (what = 'attacks'), 0)::BIGINT AS n_attack_figures,
        coalesce(sum(n) FILTER (what = 'killed'), 0)::BIGINT AS n_killed_figures,
        coalesce(sum(n) FILTER (what = 'injured'), 0)::BIGINT AS n_injured_figures,
        coalesce(
            sum(n) FILTER (what NOT IN ('event_source', 'event_target', 'mention', 'article', 'attacks', 'killed', 'injured')), 0
        )::BIGINT AS n_other_figures
    FROM tallies
    GROUP BY actor, month
)

SELECT
    m.actor,
    coalesce(a.name, m.actor) AS actor_name,
    m.* EXCLUDE (actor)
FROM months m
LEFT JOIN core.actors a ON a.actor_id = m.actor
