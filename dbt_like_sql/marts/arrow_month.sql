/*
description: >
  One word for the month: has the pair deteriorated, improved, or is it unchanged? The month's shrunk net cooperation is compared with its
  mean over the arrow_months before that have events, in standard errors of both; beyond arrow_z it is called a change. Shrinkage
  makes the rule cautious: a few bad events do not turn the arrow.
materialization: table
partition: pair
onward: month
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  month: {description: First day of the month, tests: [not_null]}
  n: {description: Events of the month, tests: [{range: {min: 1}}]}
  net_cooperation: {description: Shrunk net cooperation of the month, tests: [not_null]}
  base_net_cooperation: Its mean over the months before; null without
  base_months: {description: Months before with events, tests: [{range: {min: 0}}]}
  z: Difference in standard errors; null where it is not known
  arrow: {description: The word, tests: [not_null, {accepted_values: [deteriorated, improved, unchanged, insufficient data]}]}
  event_id: {description: The newest event, tests: [not_null, {relationships: {to: staging.events_clean, field: event_id}}]}
tests:
  - unique: [dataset, a, b, month]
*/
WITH parameters AS (
    SELECT
        max(value) FILTER (name = 'arrow_months')::INTEGER AS arrow_months,
        max(value) FILTER (name = 'arrow_min_months') AS min_months,
        max(value) FILTER (name = 'arrow_min_events') AS min_events,
        max(value) FILTER (name = 'arrow_z') AS z
    FROM core.parameters
),

numbered AS (
    SELECT *, date_diff('month', DATE '1900-01-01', month)::INTEGER AS month_number FROM marts.dyad_month
),

based AS (
    SELECT
        m.*,
        p.* EXCLUDE (arrow_months),
        -- Decimals: a mean that does not depend on which rows stand beside.
        avg(m.net_cooperation::DECIMAL(18, 12)) OVER before AS base,
        sqrt(avg((m.net_cooperation_se * m.net_cooperation_se)::DECIMAL(18, 12)) OVER before / nullif(count(*) OVER before, 0)) AS base_se,
        count(*) OVER before AS base_months
    FROM numbered m
    CROSS JOIN parameters p
    WINDOW before AS (
        PARTITION BY m.dataset, m.a, m.b ORDER BY m.month_number RANGE BETWEEN p.arrow_months PRECEDING AND 1 PRECEDING
    )
),

compared AS (
    SELECT
        * EXCLUDE (z),
        z AS threshold,
        (net_cooperation - base) / nullif(sqrt(net_cooperation_se * net_cooperation_se + base_se * base_se), 0) AS z
    FROM based
)

SELECT
    dataset,
    a,
    b,
    month,
    n,
    net_cooperation,
    base AS base_net_cooperation,
    base_months,
    z,
    CASE
        WHEN n < min_events OR base_months < min_months OR z IS NULL THEN 'insufficient data'
        WHEN z <= -threshold THEN 'deteriorated'
        WHEN z >= threshold THEN 'improved'
        ELSE 'unchanged'
    END AS arrow,
    event_id
FROM compared
