/*
description: Every event of a pair's month is dated within that month, and the quad classes add up to n.
severity: error
*/
SELECT m.a, m.b, m.month, m.n, m.last_event_date
FROM marts.dyad_month m
WHERE
    date_trunc('month', m.last_event_date)::DATE IS DISTINCT FROM m.month
    OR m.n_verbal_cooperation + m.n_material_cooperation + m.n_verbal_conflict + m.n_material_conflict <> m.n
    OR m.n <> (
        SELECT count(*)
        FROM staging.events_clean e
        WHERE least(e.source, e.target) = m.a AND greatest(e.source, e.target) = m.b AND date_trunc('month', e.event_date)::DATE = m.month
    )
