/*
description: Every report behind a clean event of another data set is one of its imported events, with the same date.
severity: error
*/
SELECT c.event_id, c.dataset, i.dataset AS imported_as
FROM (SELECT unnest(event_ids) AS event_id, dataset, event_date FROM staging.events_clean WHERE dataset <> 'faultline') c
LEFT JOIN core.imported_events i USING (event_id)
WHERE i.dataset IS DISTINCT FROM c.dataset OR i.start_date IS DISTINCT FROM c.event_date
