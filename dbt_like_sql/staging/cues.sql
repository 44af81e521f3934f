/*
description: >
  Asserted statements about how two actors stand to each other, of original articles, with actors rolled up. A statement
  describes the time of writing and needs no date of its own: its month is the article's month of publication.
  Never added to events.
materialization: table
columns:
  relation_id: {description: Key of core.current_relation_statements, tests: [not_null, unique]}
  article_id: {description: The article, tests: [not_null]}
  publisher: Who published the article
  month: Month of publication; null where the article is undated
  actor_a: {description: Of whom it is said, tests: [not_null]}
  actor_b: {description: Towards whom, tests: [not_null]}
  directed: {description: Whether it is said of a towards b only, tests: [not_null]}
  cue_type: {description: Kind of statement, tests: [not_null]}
  polarity: {description: +1 cooperative or 0 neutral or -1 tense, tests: [{accepted_values: [-1, 0, 1]}]}
  strength: {description: 1 to 3, tests: [{range: {min: 1, max: 3}}]}
*/
SELECT
    r.relation_id,
    r.article_id,
    a.source AS publisher,
    a.published_month AS month,
    s.rolled_actor_id AS actor_a,
    t.rolled_actor_id AS actor_b,
    r.directed,
    r.cue_type,
    r.polarity,
    r.strength
FROM core.current_relation_statements r
JOIN staging.articles a USING (article_id)
JOIN staging.actors_rolled_up s
    ON s.actor_id = r.actor_a AND s.article_id = r.article_id AND s.as_of IS NOT DISTINCT FROM a.published
JOIN staging.actors_rolled_up t
    ON t.actor_id = r.actor_b AND t.article_id = r.article_id AND t.as_of IS NOT DISTINCT FROM a.published
WHERE a.counts_as_source AND r.status IN ('actual', 'ongoing_state') AND s.rolled_actor_id <> t.rolled_actor_id
