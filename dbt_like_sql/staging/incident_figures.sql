/*
description: >
  What each kind of source says that one linked incident cost: the figure published last, per incident, measure and kind of attribution,
  and of several in one article the highest, which is the total. A figure belongs to the incident in whose passage it stands
  (staging.incident_reports); totals of days, months or years belong to none.
materialization: table
columns:
  linked_incident_id: {description: The incident, tests: [not_null]}
  measure: {description: killed or injured, tests: [not_null, {accepted_values: [killed, injured]}]}
  attribution_type: {description: 'Kind of who says so; self_claim where it is a perpetrator of the incident', tests: [not_null]}
  figure: {description: The stated figure or else the lower bound, tests: [not_null]}
  n_reports: {description: Reports of a figure, tests: [{range: {min: 1}}]}
  count_id: {description: The figure, tests: [not_null, {relationships: {to: core.current_attack_counts, field: count_id}}]}
tests:
  - unique: [linked_incident_id, measure, attribution_type]
*/
WITH perpetrators AS (
    SELECT l.linked_incident_id, a.value AS actor
    FROM marts.incident_links l
    JOIN staging.incident_actors a USING (incident_id)
    WHERE a.kind = 'actor'
    GROUP BY l.linked_incident_id, a.value
    HAVING bool_and(a.role = 'perpetrator')
),

told AS (
    SELECT
        l.linked_incident_id,
        c.measure,
        -- A group may own up to what another article, or another sentence, lays at its door.
        CASE WHEN p.actor IS NOT NULL THEN 'self_claim' ELSE c.attribution_type END AS attribution_type,
        c.count_id,
        coalesce(c.best, c.low) AS figure,
        min(r.report_rank) OVER (PARTITION BY c.article_id) AS article_rank
    FROM core.current_attack_counts c
    JOIN staging.incident_reports r ON r.article_id = c.article_id AND c.sentence BETWEEN r.first_sentence AND r.last_sentence
    JOIN marts.incident_links l USING (incident_id)
    LEFT JOIN perpetrators p ON p.linked_incident_id = l.linked_incident_id AND p.actor = c.attributed_to
    WHERE
        r.counts_as_source
        AND r.is_asserted
        AND c.grain = 'event'
        AND c.status IN ('actual', 'unconfirmed', 'historical')
        AND c.measure IN ('killed', 'injured')
        AND coalesce(c.best, c.low) IS NOT NULL
        AND c.part_of IS NULL
        -- A figure with a date of its own is of another incident where the two do not meet.
        AND (
            c.start_date IS NULL
            OR r.start_date IS NULL
            OR (c.start_date <= r.end_date + 1 AND r.start_date <= c.end_date + 1)
        )
)

SELECT
    linked_incident_id,
    measure,
    attribution_type,
    arg_max(figure, (article_rank, figure, count_id)) AS figure,
    count(DISTINCT count_id) AS n_reports,
    arg_max(count_id, (article_rank, figure, count_id)) AS count_id
FROM told
GROUP BY linked_incident_id, measure, attribution_type
