/*
description: Every incident of the current coder is a report of exactly one linked incident.
severity: error
*/
SELECT i.incident_id, count(l.incident_id) AS n
FROM core.current_incidents i
LEFT JOIN marts.incident_links l USING (incident_id)
GROUP BY i.incident_id
HAVING count(l.incident_id) <> 1
