/*
description: >
  Two data sets on the same pair and month, side by side: ours and an imported one, or two imported ones. Scores of two codings
  agree when their raw means have the same sign; numbers of events are not comparable between sources of different size.
materialization: table
partition: [pair, month]
columns:
  dataset_x: {description: 'First data set in alphabetical order, such as faultline', tests: [not_null]}
  dataset_y: {description: Second data set, tests: [not_null]}
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  month: {description: First day of the month, tests: [not_null]}
  n_x: {description: Events of the first, tests: [{range: {min: 1}}]}
  n_y: {description: Events of the second, tests: [{range: {min: 1}}]}
  net_cooperation_x: {description: Mean Goldstein score of the first, tests: [not_null]}
  net_cooperation_y: {description: Mean Goldstein score of the second, tests: [not_null]}
  tension_x: {description: Raw tension share of the first, tests: [not_null]}
  tension_y: {description: Raw tension share of the second, tests: [not_null]}
  same_sign: {description: 'Whether both means are above, at or below 0', tests: [not_null]}
  event_id_x: {description: Newest event of the first, tests: [not_null, {relationships: {to: staging.events_clean, field: event_id}}]}
  event_id_y: {description: Newest event of the second, tests: [not_null, {relationships: {to: staging.events_clean, field: event_id}}]}
tests:
  - unique: [dataset_x, dataset_y, a, b, month]
*/
SELECT
    x.dataset AS dataset_x,
    y.dataset AS dataset_y,
    x.a,
    x.b,
    x.month,
    x.n AS n_x,
    y.n AS n_y,
    x.net_cooperation_raw AS net_cooperation_x,
    y.net_cooperation_raw AS net_cooperation_y,
    x.tension_raw AS tension_x,
    y.tension_raw AS tension_y,
    sign(x.net_cooperation_raw) = sign(y.net_cooperation_raw) AS same_sign,
    x.event_id AS event_id_x,
    y.event_id AS event_id_y
FROM marts.dyad_month x
JOIN marts.dyad_month y ON y.a = x.a AND y.b = x.b AND y.month = x.month AND x.dataset < y.dataset
