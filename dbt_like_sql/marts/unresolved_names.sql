/*
description: >
  Names that the texts use for an actor and the knowledge base does not hold, the most frequent first: the list from which to extend
  it (`faultline actors template` writes the table that takes them). Spellings of one name count together. Nouns without a name
  ("gunmen") and offices without one ("its defence minister") are left out.
materialization: table
columns:
  actor_id: {description: The actor as found in the texts, tests: [not_null, unique, {relationships: {to: core.actors, field: actor_id}}]}
  name: {description: Its name as first written, tests: [not_null]}
  kind: {description: What the model takes it for, tests: [not_null]}
  n_mentions: {description: How often it is named, tests: [{range: {min: 1}}]}
  n_articles: {description: In how many articles, tests: [{range: {min: 1}}]}
  spellings: Other spellings that count with it
  affiliation: The organization that most texts tie it to; null where none does
  first_published: Publication date of the first article that names it; null where none has a date
  last_published: Publication date of the last one
  example: A sentence that names it
*/
WITH mentions AS (
    SELECT coalesce(v.same_as, m.actor_id) AS stands_for, m.*, a.published, a.text AS article_text
    FROM core.current_actor_mentions m
    JOIN staging.articles s USING (article_id)
    JOIN raw.articles a USING (article_id)
    LEFT JOIN core.actor_variants v ON v.actor_id = m.actor_id
    WHERE m.actor_id NOT LIKE 'collective:%' AND m.actor_id NOT LIKE 'office:%' AND m.rule <> 'pronoun'
)

SELECT
    m.stands_for AS actor_id,
    k.name,
    k.kind,
    count(*) AS n_mentions,
    count(DISTINCT m.article_id) AS n_articles,
    list_sort(list(DISTINCT m.name) FILTER (m.actor_id <> m.stands_for)) AS spellings,
    mode(m.affiliation ORDER BY m.affiliation) AS affiliation,
    min(m.published) AS first_published,
    max(m.published) AS last_published,
    arg_min(
        substring(m.article_text, t.start_char + 1, t.end_char - t.start_char), (m.published, m.article_id, m.start_char)
    ) AS example
FROM mentions m
JOIN core.actors k ON k.actor_id = m.stands_for AND k.source = 'text'
JOIN core.current_sentences t ON t.article_id = m.article_id AND t.sentence = m.sentence
GROUP BY m.stands_for, k.name, k.kind
ORDER BY n_articles DESC, n_mentions DESC, actor_id
