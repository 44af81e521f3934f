/*
description: Every event of a pair's month is dated within that month, and the quad classes add up to n.
severity: error
*/
WITH counted AS (
    SELECT dataset, least(source, target) AS a, greatest(source, target) AS b, date_trunc('month', event_date)::DATE AS month, count(*) AS n
    FROM staging.events_clean
    GROUP BY ALL
)

SELECT m.dataset, m.a, m.b, m.month, m.n, m.last_event_date, c.n AS counted
FROM marts.dyad_month m
LEFT JOIN counted c USING (dataset, a, b, month)
WHERE
    date_trunc('month', m.last_event_date)::DATE IS DISTINCT FROM m.month
    OR m.n_verbal_cooperation + m.n_material_cooperation + m.n_verbal_conflict + m.n_material_conflict <> m.n
    OR m.n IS DISTINCT FROM c.n
