/*
description: >
  The dated reports of one incident begin within two days of its first dated one, an incident has one report of each id, and its best toll
  lies between the lowest and the highest.
severity: error
*/
SELECT linked_incident_id, first_date, last_date, killed_low, killed_best, killed_high
FROM marts.linked_incident
WHERE
    -- Two days to either side, and a report may span a week.
    last_date - first_date > 4 + 7
    OR killed_low > killed_best
    OR killed_best > killed_high
    OR injured_low > injured_best
    OR injured_best > injured_high
    OR n_reports < n_articles
    OR n_articles < n_sources
