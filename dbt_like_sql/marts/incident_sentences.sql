/*
description: >
  All sentences behind an incident: those of its mentions and of the words that tell whom it hurt. marts.evidence leads to the first one
  only. A linked incident's sentences are those of all its reports (marts.incident_links).
materialization: view
columns:
  incident_id: {description: The report, tests: [not_null, {relationships: {to: core.current_incidents, field: incident_id}}]}
  article_id: {description: The article, tests: [not_null]}
  source: Who published it
  published: When
  url: Where
  sentence: {description: Position of the sentence in the article, tests: [not_null]}
  start_char: {description: Offset of the sentence in the article's text, tests: [not_null]}
  end_char: {description: Offset behind the sentence, tests: [not_null]}
  text: {description: The sentence, tests: [not_null]}
  coder_version: {description: Coder that found it, tests: [not_null]}
tests:
  - unique: [incident_id, sentence]
*/
WITH told AS (
    -- Earlier coders kept the first sentence only.
    SELECT incident_id, article_id, coder_version, unnest(coalesce(sentences, [sentence])) AS sentence FROM core.current_incidents
)

SELECT
    t.incident_id,
    t.article_id,
    a.source,
    a.published,
    a.url,
    t.sentence,
    s.start_char,
    s.end_char,
    -- substr counts code points from 1, offsets count them from 0.
    substr(a.text, s.start_char + 1, s.end_char - s.start_char) AS text,
    t.coder_version
FROM told t
JOIN raw.articles a USING (article_id)
JOIN core.current_sentences s USING (article_id, coder_version, sentence)
