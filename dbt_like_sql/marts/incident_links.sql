/*
description: >
  Which reports are of one incident. Every report joins the earlier one that it fits best (staging.incident_pairs), so that a report that
  fits two incidents joins one and never makes them one. It stays alone where another report that fits as well or better, or what it would
  join has joined, is plainly of another incident: two that contradict each other do not meet at a third that says little. An incident is
  all reports that lead to one first report, as long as their dates stay within two days of it: a chain that drifts from day to day is cut
  there. Reposts follow their original. Every incident of core.current_incidents is here, also those that stay alone.
materialization: table
columns:
  incident_id: {description: The report, tests: [not_null, unique, {relationships: {to: core.current_incidents, field: incident_id}}]}
  linked_incident_id: {description: 'The incident, named by its first report', tests: [not_null]}
  article_id: {description: The article, tests: [not_null]}
  counts_as_source: {description: Whether the article is an original, tests: [not_null]}
  publisher: Who published it
  published: When
  report_rank: {description: Position in the order of publication, tests: [not_null]}
  joined_id: 'The earlier report that it joined, or the original''s where it is of a repost; null where none fits'
  score: 'Points for that (staging.incident_pairs); null for reposts and where none fits'
  reason:
    description: >
      How it came to its incident
    tests: [not_null, {accepted_values: [first report, joined, part, repost, cut from a chain]}]
*/
WITH RECURSIVE matches AS (
    SELECT p.later_id, p.earlier_id, p.score, p.score <= p.date_points + p.place_points AS is_bare, e.article_id, e.report_rank
    FROM staging.incident_pairs p
    JOIN staging.incident_reports e ON e.incident_id = p.earlier_id
    WHERE p.is_match
),

best AS (
    SELECT
        later_id AS incident_id,
        arg_min(earlier_id, (-score, report_rank)) AS joined_id,
        max(score) AS score,
        arg_min(is_bare, (-score, report_rank)) AS is_bare
    FROM matches
    GROUP BY later_id
),

located AS (
    SELECT incident_id, list_sort(list(DISTINCT skeleton)) AS towns
    FROM staging.incident_names
    WHERE kind = 'town' AND NOT in_dateline
    GROUP BY incident_id
    HAVING bool_or(is_located)
),

-- Whom a report would have for company: what joins the same and fits it as well or better, and what that one has joined.
company AS (
    SELECT b.incident_id, o.incident_id AS other_id, b.is_bare, o.score > b.score OR o.incident_id < b.incident_id AS goes_first
    FROM best b
    JOIN best o ON o.joined_id = b.joined_id AND o.score >= b.score AND o.incident_id <> b.incident_id
    UNION ALL
    SELECT b.incident_id, o.joined_id, b.is_bare, true FROM best b JOIN best o ON o.incident_id = b.joined_id
),

contradictions AS (
    SELECT unnest([earlier_id, later_id]) AS incident_id, unnest([later_id, earlier_id]) AS other_id
    FROM staging.incident_pairs
    WHERE NOT is_match AND (place = 'other town' OR locality_points < 0 OR means_points < 0 OR toll_points < -1)
),

-- Those that do not bear their company: they name other towns, or were compared and told apart.
elsewhere AS (
    SELECT c.incident_id
    FROM company c
    JOIN located t ON t.incident_id = c.incident_id
    JOIN located u ON u.incident_id = c.other_id
    WHERE c.goes_first AND NOT list_has_any(t.towns, u.towns)
    UNION
    -- A day and a town alone are too little where the company says otherwise.
    SELECT c.incident_id FROM company c JOIN contradictions x USING (incident_id, other_id) WHERE c.is_bare
),

-- Two incidents of one article that a later report fits both are parts of one: the raid and the guard who was shot in it.
parts AS (
    SELECT m.earlier_id AS incident_id, arg_min(o.earlier_id, o.report_rank) AS joined_id
    FROM matches m
    JOIN matches o ON o.later_id = m.later_id AND o.article_id = m.article_id AND o.report_rank < m.report_rank
    JOIN staging.incident_reports a ON a.incident_id = m.earlier_id
    JOIN staging.incident_reports b ON b.incident_id = o.earlier_id AND a.start_date <= b.end_date + 1 AND b.start_date <= a.end_date + 1
    LEFT JOIN located t ON t.incident_id = a.incident_id
    LEFT JOIN located u ON u.incident_id = b.incident_id
    WHERE coalesce(list_has_any(t.towns, u.towns), true) AND NOT EXISTS (FROM best x WHERE x.incident_id = m.earlier_id)
    GROUP BY m.earlier_id
),

joined AS (
    SELECT b.incident_id, b.joined_id, b.score FROM best b WHERE NOT EXISTS (FROM elsewhere e WHERE e.incident_id = b.incident_id)
    UNION ALL
    SELECT incident_id, joined_id, NULL FROM parts
    UNION ALL
    -- A repost has its original's incidents in the same order.
    SELECT r.incident_id, o.incident_id, NULL
    FROM staging.incident_reports r
    JOIN staging.incident_reports o
        ON o.article_id = r.root_article_id AND o.ordinal = r.ordinal AND o.incident_type = r.incident_type
    WHERE NOT r.counts_as_source AND o.counts_as_source
),

-- From each first report down to what joined it. A report more than two days from the first begins an incident of its own.
descent AS (
    SELECT r.incident_id, r.incident_id AS linked_incident_id, CASE WHEN r.is_dated THEN r.start_date END AS first_date
    FROM staging.incident_reports r
    WHERE NOT EXISTS (FROM joined j WHERE j.incident_id = r.incident_id)
    UNION ALL
    SELECT
        r.incident_id,
        CASE WHEN d.first_date NOT BETWEEN r.start_date - 2 AND r.end_date + 2 AND r.is_dated THEN r.incident_id ELSE d.linked_incident_id END,
        CASE
            WHEN NOT r.is_dated OR d.first_date BETWEEN r.start_date - 2 AND r.end_date + 2 THEN d.first_date
            ELSE r.start_date
        END
    FROM descent d
    JOIN joined j ON j.joined_id = d.incident_id
    JOIN staging.incident_reports r ON r.incident_id = j.incident_id
)

SELECT
    r.incident_id,
    d.linked_incident_id,
    r.article_id,
    r.counts_as_source,
    r.publisher,
    r.published,
    r.report_rank,
    j.joined_id,
    j.score,
    CASE
        WHEN j.joined_id IS NULL THEN 'first report'
        WHEN d.linked_incident_id = r.incident_id THEN 'cut from a chain'
        WHEN NOT r.counts_as_source THEN 'repost'
        WHEN j.score IS NULL THEN 'part'
        ELSE 'joined'
    END AS reason
FROM staging.incident_reports r
JOIN descent d USING (incident_id)
LEFT JOIN joined j USING (incident_id)
