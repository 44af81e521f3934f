/*
description: >
  One row per incident, however many articles report it (marts.incident_links). Asserted reports of originals say what happened; what is
  only feared or planned keeps a row of its own with its status. The toll is that of the latest report with an exact figure, or a higher
  "at least" after it; low and high are over all reports. The date is the one that most sources give, the place the one that most articles
  name.
materialization: table
columns:
  linked_incident_id: {description: Key, tests: [not_null, unique]}
  start_date: First day meant; null where no report is dated
  end_date: Last day meant
  month: Month of both; null where there is none or they lie in two
  first_date: The earliest date that a report gives
  last_date: The latest date that a report gives
  place: 'Town or region that most articles name; null where none names one outside its dateline'
  country: 'That of the place, else the one that most reports name; ISO 3166-1 alpha-3'
  lat: Degrees WGS84; null where unknown
  lon: Degrees WGS84; null where unknown
  incident_type:
    description: >
      The type that most reports give, one that says more than attack or killing before these
    tests: [not_null]
  perpetrator: 'Actor that most sources name; null where none is named, or none that is not said to be hit as well'
  perpetrators: All actors that any report names as such
  harmed: All actors that any report says were hit
  killed_low: {description: The lowest figure of any report, tests: [{range: {min: 0}}]}
  killed_best: The latest exact figure or a higher lower bound after it; null where no report gives one
  killed_high: The highest figure of any report
  killed_incident_id: The report that killed_best is from
  injured_low: {description: The lowest figure of any report, tests: [{range: {min: 0}}]}
  injured_best: As killed_best
  injured_high: The highest figure of any report
  injured_incident_id: The report that injured_best is from
  n_reports: {description: 'Reports, reposts included', tests: [{range: {min: 1}}]}
  n_articles: {description: Original articles, tests: [{range: {min: 0}}]}
  n_sources: {description: Publishers of those; 0 where only reposts have it, tests: [{range: {min: 0}}]}
  first_published: When it was reported first
  last_published: When it was reported last
  status: {description: 'actual where any report says so, else historical, unconfirmed, …', tests: [not_null]}
  incident_id: {description: Its first report, tests: [not_null, {relationships: {to: core.current_incidents, field: incident_id}}]}
  article_id: {description: The article of that, tests: [not_null]}
*/
WITH reports AS (
    SELECT l.linked_incident_id, r.* FROM marts.incident_links l JOIN staging.incident_reports r USING (incident_id)
),

dates AS (
    SELECT linked_incident_id, start_date, end_date
    FROM reports
    WHERE is_dated
    GROUP BY linked_incident_id, start_date, end_date
    QUALIFY row_number() OVER (
        PARTITION BY linked_incident_id
        ORDER BY count(DISTINCT coalesce(publisher, article_id)) DESC, end_date - start_date, min(report_rank)
    ) = 1
),

types AS (
    SELECT linked_incident_id, incident_type
    FROM reports
    GROUP BY linked_incident_id, incident_type
    QUALIFY row_number() OVER (
        PARTITION BY linked_incident_id
        ORDER BY incident_type IN ('attack', 'killing', 'wounding', 'damage'), count(*) DESC, min(report_rank)
    ) = 1
),

places AS (
    SELECT r.linked_incident_id, max(n.name) AS place, min(n.country) AS country, min(n.lat) AS lat, min(n.lon) AS lon
    FROM reports r
    JOIN staging.incident_names n USING (incident_id)
    WHERE n.kind IN ('town', 'region') AND NOT n.in_dateline
    GROUP BY r.linked_incident_id, n.kind, n.key
    QUALIFY row_number() OVER (
        PARTITION BY r.linked_incident_id
        ORDER BY count(DISTINCT r.article_id) DESC, n.kind = 'region', bool_or(n.is_capital), min(r.report_rank), n.key
    ) = 1
),

countries AS (
    SELECT r.linked_incident_id, n.key AS country
    FROM reports r
    JOIN staging.incident_names n USING (incident_id)
    WHERE n.kind = 'country'
    GROUP BY r.linked_incident_id, n.key
    QUALIFY row_number() OVER (
        PARTITION BY r.linked_incident_id ORDER BY bool_and(n.in_dateline), count(*) DESC, min(r.report_rank), n.key
    ) = 1
),

actors AS (
    SELECT
        r.linked_incident_id,
        a.value AS actor,
        count(DISTINCT coalesce(r.publisher, r.article_id)) FILTER (a.role = 'perpetrator') AS n_perpetrator,
        bool_or(a.role = 'harmed') AS is_harmed,
        -- "Rebels in Colombia" says less than a name, and a name that no table knows may be none.
        coalesce(bool_or(k.source IN ('derived', 'text')), false) AS is_vague
    FROM reports r
    JOIN staging.incident_actors a USING (incident_id)
    LEFT JOIN core.actors k ON k.actor_id = a.value
    WHERE a.kind = 'actor'
    GROUP BY r.linked_incident_id, a.value
),

parties AS (
    SELECT
        linked_incident_id,
        arg_min(actor, (is_vague, -n_perpetrator, actor)) FILTER (n_perpetrator > 0 AND NOT is_harmed) AS perpetrator,
        list(actor ORDER BY actor) FILTER (n_perpetrator > 0) AS perpetrators,
        list(actor ORDER BY actor) FILTER (is_harmed) AS harmed
    FROM actors
    GROUP BY linked_incident_id
),

figures AS (
    SELECT linked_incident_id, incident_id, report_rank, 'killed' AS measure, killed_low AS low, killed_best AS best, killed_high AS high
    FROM reports
    WHERE counts_as_source
    UNION ALL
    SELECT linked_incident_id, incident_id, report_rank, 'injured', injured_low, injured_best, injured_high
    FROM reports
    WHERE counts_as_source
),

latest_exact AS (
    SELECT linked_incident_id, measure, max(report_rank) AS report_rank, arg_max(best, report_rank) AS best
    FROM figures
    WHERE best IS NOT NULL AND high IS NOT NULL
    GROUP BY linked_incident_id, measure
),

-- An "at least" takes the place of an exact figure only where it is later and higher.
eligible AS (
    SELECT f.*, coalesce(f.best, f.low) AS figure
    FROM figures f
    LEFT JOIN latest_exact x USING (linked_incident_id, measure)
    WHERE
        x.report_rank IS NULL
        OR f.report_rank = x.report_rank
        OR (f.report_rank > x.report_rank AND f.high IS NULL AND coalesce(f.best, f.low) > x.best)
),

tolls AS (
    SELECT linked_incident_id, measure, arg_max(figure, report_rank) AS best, arg_max(incident_id, report_rank) AS incident_id
    FROM eligible
    WHERE figure IS NOT NULL
    GROUP BY linked_incident_id, measure
),

spreads AS (
    SELECT
        linked_incident_id,
        measure,
        min(coalesce(low, best)) AS low,
        max(coalesce(high, best, low)) AS high
    FROM figures
    GROUP BY linked_incident_id, measure
),

summary AS (
    SELECT
        linked_incident_id,
        min(start_date) FILTER (is_dated) AS first_date,
        max(end_date) FILTER (is_dated) AS last_date,
        count(*) AS n_reports,
        count(DISTINCT article_id) FILTER (counts_as_source) AS n_articles,
        count(DISTINCT coalesce(publisher, article_id)) FILTER (counts_as_source) AS n_sources,
        min(published) AS first_published,
        max(published) AS last_published,
        arg_min(status, (CASE status WHEN 'actual' THEN 0 WHEN 'historical' THEN 1 WHEN 'unconfirmed' THEN 2 ELSE 3 END, status)) AS status,
        arg_min(article_id, report_rank) AS article_id
    FROM reports
    GROUP BY linked_incident_id
)

SELECT
    s.linked_incident_id,
    d.start_date,
    d.end_date,
    CASE WHEN date_trunc('month', d.start_date) = date_trunc('month', d.end_date) THEN date_trunc('month', d.start_date)::DATE END AS month,
    s.first_date,
    s.last_date,
    p.place,
    coalesce(p.country, c.country) AS country,
    p.lat,
    p.lon,
    t.incident_type,
    a.perpetrator,
    coalesce(a.perpetrators, []) AS perpetrators,
    coalesce(a.harmed, []) AS harmed,
    ks.low AS killed_low,
    k.best AS killed_best,
    ks.high AS killed_high,
    k.incident_id AS killed_incident_id,
    js.low AS injured_low,
    j.best AS injured_best,
    js.high AS injured_high,
    j.incident_id AS injured_incident_id,
    s.n_reports,
    s.n_articles,
    s.n_sources,
    s.first_published,
    s.last_published,
    s.status,
    s.linked_incident_id AS incident_id,
    s.article_id
FROM summary s
JOIN types t USING (linked_incident_id)
LEFT JOIN dates d USING (linked_incident_id)
LEFT JOIN places p USING (linked_incident_id)
LEFT JOIN countries c USING (linked_incident_id)
LEFT JOIN parties a USING (linked_incident_id)
LEFT JOIN tolls k ON k.linked_incident_id = s.linked_incident_id AND k.measure = 'killed'
LEFT JOIN spreads ks ON ks.linked_incident_id = s.linked_incident_id AND ks.measure = 'killed'
LEFT JOIN tolls j ON j.linked_incident_id = s.linked_incident_id AND j.measure = 'injured'
LEFT JOIN spreads js ON js.linked_incident_id = s.linked_incident_id AND js.measure = 'injured'
