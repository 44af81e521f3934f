/*
description: >
  Events of a pair and week, added up. Weeks without events have no row; what reads this fills them in along staging.weeks.
materialization: table
partition: [pair, week]
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  directed: {description: Whether a acts upon b, tests: [not_null]}
  a: {description: First actor of the pair, tests: [not_null]}
  b: {description: Second actor of the pair, tests: [not_null]}
  week: {description: Monday, tests: [not_null]}
  n: {description: Events, tests: [{range: {min: 1}}]}
  n_conflict: {description: Events of conflict, tests: [{range: {min: 0}}]}
  goldstein: {description: 'Sum of Goldstein scores, exact', tests: [not_null]}
  goldstein_acts: {description: 'The same without CONSULT and AGREE', tests: [not_null]}
  event_id: {description: The most confident event of the last day with events, tests: [not_null, {relationships: {to: staging.events_clean, field: event_id}}]}
  conflict_event_id: The same of conflict; null without
tests:
  - unique: [dataset, directed, a, b, week]
*/
SELECT
    dataset,
    directed,
    a,
    b,
    week,
    sum(n)::INTEGER AS n,
    sum(n_conflict)::INTEGER AS n_conflict,
    sum(goldstein) AS goldstein,
    sum(goldstein_acts) AS goldstein_acts,
    arg_max(event_id, (event_date, event_id)) AS event_id,
    arg_max(conflict_event_id, (event_date, conflict_event_id)) AS conflict_event_id
FROM staging.dyad_days
WHERE week IS NOT NULL
GROUP BY dataset, directed, a, b, week
