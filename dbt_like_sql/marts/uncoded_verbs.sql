/*
description: >
  Verbs that stand between two known actors and that no event was coded for, the most frequent first: the list from which to extend
  the event lexicon. `core.uncoded_events` holds each of them.
materialization: table
tests: [{unique: [lemma, reason]}]
columns:
  lemma: {description: The verb, tests: [not_null, {relationships: {to: core.current_uncoded_events, field: lemma}}]}
  reason: {description: "What was lacking: a pattern, a sense that fits, sides, or confidence", tests: [not_null, {accepted_values: [no pattern, no sense, no sides, unsure]}]}
  n_times: {description: How often, tests: [{range: {min: 1}}]}
  n_articles: {description: In how many original articles, tests: [{range: {min: 1}}]}
  n_pairs: {description: Between how many pairs of actors, tests: [{range: {min: 1}}]}
  example: A sentence in which it stands
*/
SELECT
    u.lemma,
    u.reason,
    count(*) AS n_times,
    count(DISTINCT u.article_id) AS n_articles,
    count(DISTINCT (u.source_actor_id, u.target_actor_id)) AS n_pairs,
    arg_min(
        substring(a.text, t.start_char + 1, t.end_char - t.start_char), (a.published, u.article_id, u.start_char)
    ) AS example
FROM core.current_uncoded_events u
JOIN staging.articles s ON s.article_id = u.article_id AND s.counts_as_source
JOIN raw.articles a ON a.article_id = u.article_id
JOIN core.current_sentences t ON t.article_id = u.article_id AND t.sentence = u.sentence
GROUP BY u.lemma, u.reason
ORDER BY n_times DESC, u.lemma, u.reason
