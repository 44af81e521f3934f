/*
description: >
  Whether the rate of a pair's conflict has changed lately: Bayesian online changepoint detection (Adams and MacKay 2007) on the weekly
  numbers of conflict events, Gamma-Poisson, one change in hazard_weeks a priori. Computed in Python (pipeline/changepoints.py) when
  models are built (steps.build_models) and in the asset graph. For pairs with series_min_events of conflict.
materialization: view
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  week: {description: Monday, tests: [not_null]}
  n_conflict: {description: Events of conflict this week, tests: [{range: {min: 0}}]}
  p_recent: {description: Probability that the rate changed within the last changepoint_run weeks, tests: [not_null, {range: {min: 0, max: 1.000001}}]}
  run_weeks: {description: Expected weeks since the last change, tests: [not_null, {range: {min: 0}}]}
  rate: {description: Expected events of conflict a week now, tests: [not_null, {range: {min: 0}}]}
  event_id: {description: An event of conflict of the week; null without, tests: [{relationships: {to: staging.events_clean, field: event_id}}]}
tests:
  - unique: [dataset, a, b, week]
*/
SELECT c.dataset, c.a, c.b, c.week, c.n_conflict, c.p_recent, c.run_weeks, c.rate, w.conflict_event_id AS event_id
FROM core.changepoints c
LEFT JOIN staging.dyad_weeks w ON NOT w.directed AND w.dataset = c.dataset AND w.a = c.a AND w.b = c.b AND w.week = c.week
