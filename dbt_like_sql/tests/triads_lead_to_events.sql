/*
description: Each side of a triad names an event between its two actors, of its own data set.
severity: error
*/
WITH sides AS (
    SELECT
        dataset,
        year,
        unnest([[i, j], [i, k], [j, k]]) AS side,
        unnest(event_ids) AS event_id
    FROM marts.triad_year
)

SELECT s.*
FROM sides s
LEFT JOIN staging.events_clean e
    ON e.event_id = s.event_id AND e.dataset = s.dataset AND [least(e.source, e.target), greatest(e.source, e.target)] = list_sort(s.side)
WHERE e.event_id IS NULL
