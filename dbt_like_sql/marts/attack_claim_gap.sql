/*
description: >
  A group's own figures against those of others for the same thing. Two grains that are never mixed: month compares the totals that either
  side states for a month (staging.monthly_figures), incident compares what either side says of the same linked incidents of that month
  (staging.incident_figures), summed over those of which both speak. A month's total is never added to its own incidents. One row per
  perpetrator, target, month, measure, grain and kind of other side; a side without a figure is null, and so are ratio and difference
  then.
materialization: table
columns:
  perpetrator: {description: Who attacks, tests: [not_null]}
  target: Who is attacked; null where the text does not say and for incidents
  month: {description: First day of the month, tests: [not_null]}
  measure: {description: attacks or killed, tests: [not_null, {accepted_values: [attacks, killed]}]}
  grain: {description: month or incident, tests: [not_null, {accepted_values: [month, incident]}]}
  other_side:
    description: >
      Whose figure stands against it
    tests: [not_null, {accepted_values: [official, independent, media, unattributed]}]
  self_claim: The group's own figure
  other: The other side's figure
  ratio: 'self_claim / other; above 1 the group claims more; null where a side is missing or other is 0'
  difference: self_claim - other
  n_self_claims: {description: Reports of a figure of the group's own, tests: [not_null, {range: {min: 0}}]}
  n_others: {description: Reports of a figure of the other side, tests: [not_null, {range: {min: 0}}]}
  n_incidents: Incidents that are summed; null for the grain month
  self_claim_count_ids: The figures behind self_claim
  other_count_ids: The figures behind other
tests:
  - unique: [perpetrator, target, month, measure, grain, other_side]
*/
WITH sides AS (
    SELECT unnest(['official', 'independent', 'media', 'unattributed']) AS other_side
),

monthly AS (
    SELECT * FROM staging.monthly_figures WHERE measure IN ('attacks', 'killed') AND figure IS NOT NULL
),

month_rows AS (
    SELECT
        m.perpetrator,
        m.target,
        m.month,
        m.measure,
        'month' AS grain,
        s.other_side,
        max(m.figure) FILTER (m.attribution_type = 'self_claim') AS self_claim,
        max(m.figure) FILTER (m.attribution_type = s.other_side) AS other,
        coalesce(sum(m.n_reports) FILTER (m.attribution_type = 'self_claim'), 0)::BIGINT AS n_self_claims,
        coalesce(sum(m.n_reports) FILTER (m.attribution_type = s.other_side), 0)::BIGINT AS n_others,
        NULL::BIGINT AS n_incidents,
        coalesce(list(m.count_id ORDER BY m.count_id) FILTER (m.attribution_type = 'self_claim'), []) AS self_claim_count_ids,
        coalesce(list(m.count_id ORDER BY m.count_id) FILTER (m.attribution_type = s.other_side), []) AS other_count_ids
    FROM monthly m
    CROSS JOIN sides s
    GROUP BY m.perpetrator, m.target, m.month, m.measure, s.other_side
),

told AS (
    SELECT i.perpetrator, i.month, f.*
    FROM staging.incident_figures f
    JOIN marts.linked_incident i USING (linked_incident_id)
    WHERE f.measure = 'killed' AND i.perpetrator IS NOT NULL AND i.month IS NOT NULL
),

per_incident AS (
    SELECT
        t.perpetrator,
        t.month,
        t.linked_incident_id,
        s.other_side,
        max(t.figure) FILTER (t.attribution_type = 'self_claim') AS self_claim,
        max(t.figure) FILTER (t.attribution_type = s.other_side) AS other,
        coalesce(max(t.n_reports) FILTER (t.attribution_type = 'self_claim'), 0) AS n_self_claims,
        coalesce(max(t.n_reports) FILTER (t.attribution_type = s.other_side), 0) AS n_others,
        max(t.count_id) FILTER (t.attribution_type = 'self_claim') AS self_claim_count_id,
        max(t.count_id) FILTER (t.attribution_type = s.other_side) AS other_count_id
    FROM told t
    CROSS JOIN sides s
    GROUP BY t.perpetrator, t.month, t.linked_incident_id, s.other_side
),

incident_rows AS (
    SELECT
        perpetrator,
        NULL::VARCHAR AS target,
        month,
        'killed' AS measure,
        'incident' AS grain,
        other_side,
        sum(self_claim) FILTER (is_told_by_both)::BIGINT AS self_claim,
        sum(other) FILTER (is_told_by_both)::BIGINT AS other,
        sum(n_self_claims)::BIGINT AS n_self_claims,
        sum(n_others)::BIGINT AS n_others,
        count(*) FILTER (is_told_by_both) AS n_incidents,
        coalesce(list(self_claim_count_id ORDER BY self_claim_count_id) FILTER (is_told_by_both), []) AS self_claim_count_ids,
        coalesce(list(other_count_id ORDER BY other_count_id) FILTER (is_told_by_both), []) AS other_count_ids
    FROM (SELECT *, self_claim IS NOT NULL AND other IS NOT NULL AS is_told_by_both FROM per_incident)
    GROUP BY perpetrator, month, other_side
)

SELECT
    perpetrator,
    target,
    month,
    measure,
    grain,
    other_side,
    self_claim,
    other,
    self_claim / nullif(other, 0)::DOUBLE AS ratio,
    self_claim - other AS difference,
    n_self_claims,
    n_others,
    n_incidents,
    self_claim_count_ids,
    other_count_ids
FROM (FROM month_rows UNION ALL FROM incident_rows)
WHERE n_self_claims + n_others > 0
