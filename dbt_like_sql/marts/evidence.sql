/*
description: >
  Where each coded row comes from: article, sentence, span. Join event_id, count_id, relation_id or incident_id of any other
  relation with kind and id here. Holds every coder's current rows, also those that no indicator uses. An imported event has no
  sentence: its row says from which file and line it was read, and gives the data set's own words on it, if any.
materialization: view
columns:
  kind: {description: What it is evidence of, tests: [not_null, {accepted_values: [event, count, relation, incident]}]}
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  id: {description: 'event_id, count_id, relation_id or incident_id', tests: [not_null]}
  article_id: The article; null for imported events
  title: Title of the article
  source: Who published it
  published: When
  url: Where
  sentence: Position of the sentence in the article
  sentence_start: Offset of the sentence in the article's text
  sentence_end: Offset behind the sentence
  sentence_text: The sentence
  start_char: Offset of the coded span in the article's text
  end_char: Offset behind the span
  text: 'The span as written; of an imported event what the data set says of it'
  coder_version: {description: 'Coder that found it; of an imported event its file and line', tests: [not_null]}
tests:
  - unique: [kind, id]
*/
WITH coded AS (
    SELECT 'event' AS kind, event_id AS id, article_id, coder_version, sentence, start_char, end_char, text FROM core.current_events
    UNION ALL
    SELECT 'count', count_id, article_id, coder_version, sentence, start_char, end_char, text FROM core.current_attack_counts
    UNION ALL
    SELECT 'relation', relation_id, article_id, coder_version, sentence, start_char, end_char, text FROM core.current_relation_statements
    UNION ALL
    SELECT 'incident', incident_id, article_id, coder_version, sentence, start_char, end_char, text FROM core.current_incidents
)

SELECT
    c.kind,
    'faultline' AS dataset,
    c.id,
    c.article_id,
    a.title,
    a.source,
    a.published,
    a.url,
    c.sentence,
    s.start_char AS sentence_start,
    s.end_char AS sentence_end,
    -- substr counts code points from 1, offsets count them from 0.
    substr(a.text, s.start_char + 1, s.end_char - s.start_char) AS sentence_text,
    c.start_char,
    c.end_char,
    c.text,
    c.coder_version
FROM coded c
JOIN raw.articles a USING (article_id)
JOIN core.current_sentences s USING (article_id, coder_version, sentence)
UNION ALL
SELECT
    'event',
    dataset,
    event_id,
    NULL,
    NULL,
    publisher,
    NULL,
    url,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL,
    description,
    origin
FROM core.imported_events
