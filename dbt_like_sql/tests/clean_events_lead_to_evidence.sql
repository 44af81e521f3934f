/*
description: Every report behind a clean event, and so behind every indicator of its pair and month, has its evidence.
severity: error
*/
WITH behind AS (
    SELECT counts_as, count(*) AS n FROM marts.dyad_month_evidence WHERE kind = 'event' GROUP BY counts_as
)

SELECT e.event_id, e.month, e.n_reports, b.n AS behind
FROM staging.events_clean e
LEFT JOIN behind b ON b.counts_as = e.event_id
WHERE b.n IS DISTINCT FROM e.n_reports
