/*
description: The events that marts.actor_month counts are those of staging.events_clean, where their evidence is.
severity: error
*/
WITH acts AS (
    SELECT actor, month, count(*) FILTER (acts) AS n_source, count(*) FILTER (NOT acts) AS n_target
    FROM (
        SELECT source AS actor, month, true AS acts FROM staging.events_clean WHERE dataset = 'faultline'
        UNION ALL
        SELECT target, month, false FROM staging.events_clean WHERE dataset = 'faultline'
    )
    GROUP BY actor, month
)

SELECT m.actor, m.month, m.n_events_source, a.n_source, m.n_events_target, a.n_target
FROM marts.actor_month m
LEFT JOIN acts a USING (actor, month)
WHERE m.n_events_source <> coalesce(a.n_source, 0) OR m.n_events_target <> coalesce(a.n_target, 0)
