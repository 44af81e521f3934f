/*
description: >
  Pairs of reports that are worth comparing: asserted reports of different original articles that share a day and a place. Days may lie one
  apart; an undated report stands for the three days up to its publication. A place is shared where a name is spelled alike or two towns
  lie within some 25 km; where one names no town, those of the same country are compared. So the cost grows with the reports of one place
  and day, not with the square of all.
materialization: table
columns:
  earlier_id: {description: The report that was published first, tests: [not_null]}
  later_id: {description: The other one, tests: [not_null]}
tests:
  - unique: [earlier_id, later_id]
*/
WITH comparable AS (
    SELECT *
    FROM staging.incident_reports
    WHERE counts_as_source AND is_asserted AND window_start IS NOT NULL AND window_end >= window_start
),

days AS (
    SELECT incident_id, unnest(range(window_start, window_end + 1, INTERVAL 1 DAY))::DATE AS day, false AS is_margin FROM comparable
    UNION ALL
    SELECT incident_id, unnest([window_start - 1, window_end + 1]), true FROM comparable WHERE is_dated
),

towns AS (
    SELECT * FROM staging.incident_names WHERE kind = 'town'
),

-- What a report may be found by: each name that it has; squares of half a degree of latitude and a whole one of longitude around its
-- towns, four staggered ones each, so that any two towns within 25 km share one; its country, where one side has no town that could be
-- compared.
handles AS (
    SELECT n.incident_id, n.skeleton AS handle, false AS has_town FROM staging.incident_names n WHERE n.kind IN ('town', 'region', 'name')
    UNION
    SELECT n.incident_id, 'country ' || n.key, EXISTS (FROM towns t WHERE t.incident_id = n.incident_id AND NOT t.in_dateline)
    FROM staging.incident_names n
    WHERE n.kind = 'country'
    UNION
    SELECT
        t.incident_id,
        concat('square ', a.shift, ' ', floor(2 * t.lat + a.shift)::INT, ' ', o.shift, ' ', floor(t.lon + o.shift)::INT),
        false
    FROM towns t
    CROSS JOIN (SELECT unnest([0, 0.5::DOUBLE]) AS shift) a
    CROSS JOIN (SELECT unnest([0, 0.5::DOUBLE]) AS shift) o
    WHERE t.lat IS NOT NULL AND NOT t.in_dateline
),

found AS (
    SELECT h.incident_id, h.handle, h.has_town, d.day, d.is_margin, r.report_rank, r.article_id
    FROM handles h
    JOIN days d USING (incident_id)
    JOIN comparable r USING (incident_id)
)

SELECT DISTINCT a.incident_id AS earlier_id, b.incident_id AS later_id
FROM found a
JOIN found b
    ON a.handle = b.handle
    AND a.day = b.day
    AND a.report_rank < b.report_rank
    AND a.article_id <> b.article_id
WHERE NOT (a.is_margin AND b.is_margin) AND NOT (a.has_town AND b.has_town)
