/*
description: The text of every coded row is the article's text between its offsets.
severity: error
*/
WITH spans AS (
    SELECT 'entities' AS relation, entity_id AS id, article_id, start_char, end_char, text FROM core.current_entities
    UNION ALL
    SELECT 'actor_mentions', mention_id, article_id, start_char, end_char, text FROM core.current_actor_mentions
    UNION ALL
    SELECT 'location_mentions', mention_id, article_id, start_char, end_char, text FROM core.current_location_mentions
    UNION ALL
    SELECT 'date_mentions', mention_id, article_id, start_char, end_char, text FROM core.current_date_mentions
    UNION ALL
    SELECT 'attack_counts', count_id, article_id, start_char, end_char, text FROM core.current_attack_counts
    UNION ALL
    SELECT 'events', event_id, article_id, start_char, end_char, text FROM core.current_events
    UNION ALL
    SELECT 'incidents', incident_id, article_id, start_char, end_char, text FROM core.current_incidents
    UNION ALL
    SELECT 'relation_statements', relation_id, article_id, start_char, end_char, text FROM core.current_relation_statements
)

SELECT s.*
FROM spans s
LEFT JOIN raw.articles a USING (article_id)
WHERE substr(a.text, s.start_char + 1, s.end_char - s.start_char) IS DISTINCT FROM s.text
