/*
description: No interval ends before it begins.
severity: error
*/
SELECT 'date_mentions' AS relation, mention_id AS id, start_date, end_date FROM core.current_date_mentions WHERE start_date > end_date
UNION ALL
SELECT 'attack_counts', count_id, start_date, end_date FROM core.current_attack_counts WHERE start_date > end_date
UNION ALL
SELECT 'events', event_id, start_date, end_date FROM core.current_events WHERE start_date > end_date
UNION ALL
SELECT 'incidents', incident_id, start_date, end_date FROM core.current_incidents WHERE start_date > end_date
