/*
description: >
  Events of a pair and day, added up: what weekly series and trailing windows are made of. Sums are decimals, so they are exact and
  do not depend on the order of rows.
materialization: table
partition: [pair, month]
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  directed: {description: Whether a acts upon b, tests: [not_null]}
  a: {description: First actor of the pair, tests: [not_null]}
  b: {description: Second actor of the pair, tests: [not_null]}
  event_date: {description: First day meant, tests: [not_null]}
  week: Monday of its week; null for events dated less exactly than a week
  month: {description: First day of the month, tests: [not_null]}
  n: {description: Events, tests: [{range: {min: 1}}]}
  n_conflict: {description: Events of quad class 3 and 4, tests: [{range: {min: 0}}]}
  goldstein: {description: Sum of Goldstein scores, tests: [not_null]}
  goldstein_acts: {description: 'The same without CONSULT and AGREE', tests: [not_null]}
  tension: {description: Sum of the weights in the tension share, tests: [not_null]}
  event_id: {description: The most confident event, tests: [not_null]}
  conflict_event_id: The most confident event of conflict
tests:
  - unique: [dataset, directed, a, b, event_date, week]
*/
SELECT
    dataset,
    directed,
    a,
    b,
    event_date,
    week,
    month,
    count(*) AS n,
    count(*) FILTER (is_conflict) AS n_conflict,
    sum(goldstein) AS goldstein,
    coalesce(sum(goldstein) FILTER (is_act), 0) AS goldstein_acts,
    sum(tension) AS tension,
    arg_max(event_id, (confidence, event_id)) AS event_id,
    arg_max(event_id, (confidence, event_id)) FILTER (is_conflict) AS conflict_event_id
FROM staging.dyad_events
GROUP BY dataset, directed, a, b, event_date, week, month
