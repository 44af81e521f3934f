/*
description: >
  People killed in the events of imported data sets that state it (UCDP, ACLED), per pair and month of the event's first day. Bounds are the
  data set's own, added up. Figures that articles report are in marts.attack_tempo and marts.lethality_month.
materialization: table
columns:
  dataset: {description: Name of the imported data set, tests: [not_null]}
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  month: {description: First day of the month, tests: [not_null]}
  n: {description: Events with a figure, tests: [{range: {min: 1}}]}
  killed_low: {description: Lower bound, tests: [{range: {min: 0}}]}
  killed_best: {description: Best estimate, tests: [{range: {min: 0}}]}
  killed_high: {description: Upper bound, tests: [{range: {min: 0}}]}
  event_id: {description: The deadliest event, tests: [not_null, {relationships: {to: core.imported_events, field: event_id}}]}
tests:
  - unique: [dataset, a, b, month]
*/
SELECT
    dataset,
    least(source_actor_id, target_actor_id) AS a,
    greatest(source_actor_id, target_actor_id) AS b,
    date_trunc('month', start_date)::DATE AS month,
    count(*) AS n,
    sum(killed_low)::BIGINT AS killed_low,
    sum(killed_best)::BIGINT AS killed_best,
    sum(killed_high)::BIGINT AS killed_high,
    arg_max(event_id, (coalesce(killed_best, killed_low), event_id)) AS event_id
FROM core.imported_events
WHERE killed_low IS NOT NULL
GROUP BY ALL
