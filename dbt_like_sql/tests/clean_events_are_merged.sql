/*
description: No two clean events of our own coding share source, target, type, date and place.
severity: error
*/
SELECT source, target, event_type, quad_class, event_date, end_date, lower(trim(location)) AS place, count(*) AS n
FROM staging.events_clean
WHERE dataset = 'faultline'
GROUP BY ALL
HAVING count(*) > 1
