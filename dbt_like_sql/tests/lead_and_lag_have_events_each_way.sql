/*
description: The weeks in which either side acts are those of staging.dyad_weeks, where the evidence of lead and lag is.
severity: error
*/
WITH acts AS (
    SELECT d.dataset, d.a, d.b, count(*) AS n_weeks
    FROM staging.dyad_weeks d
    JOIN staging.weeks w USING (dataset, week)
    WHERE d.directed
    GROUP BY d.dataset, d.a, d.b
)

SELECT l.dataset, l.a, l.b, l.lag, l.active_ab, x.n_weeks AS weeks_ab, l.active_ba, y.n_weeks AS weeks_ba
FROM marts.lead_lag l
LEFT JOIN acts x ON x.dataset = l.dataset AND x.a = l.a AND x.b = l.b
LEFT JOIN acts y ON y.dataset = l.dataset AND y.a = l.b AND y.b = l.a
WHERE l.active_ab IS DISTINCT FROM x.n_weeks OR l.active_ba IS DISTINCT FROM y.n_weeks
