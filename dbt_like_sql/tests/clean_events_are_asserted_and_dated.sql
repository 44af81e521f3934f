/*
description: >
  No report behind a clean event is hypothetical, future, historical or negated, and none got its date from elsewhere than its
  own text.
severity: error
*/
SELECT e.event_id, e.status, e.negated, e.date_precision, e.start_date, c.event_date
FROM (SELECT unnest(event_ids) AS event_id, event_date FROM staging.events_clean WHERE dataset = 'faultline') c
LEFT JOIN core.current_events e USING (event_id)
WHERE
    e.status IS DISTINCT FROM 'actual'
    OR e.negated
    OR e.date_precision NOT IN ('day', 'week', 'month')
    OR e.start_date IS DISTINCT FROM c.event_date
