/*
description: >
  How two actors stood to each other in a month, whoever acted: net cooperation and the tension share. One row per pair
  (a < b) and month with dated events; a month without a row is one without news, not one of peace. The formulas are in
  staging.dyad_months.
materialization: table
partition: [pair, month]
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  month: {description: First day of the month, tests: [not_null]}
  n: {description: Events, tests: [{range: {min: 1}}]}
  n_verbal_cooperation: Events of quad class 1
  n_material_cooperation: Events of quad class 2
  n_verbal_conflict: Events of quad class 3
  n_material_conflict: Events of quad class 4
  net_cooperation_raw: Mean Goldstein score
  net_cooperation: {description: Mean Goldstein score drawn to the pair's prior, tests: [not_null, {range: {min: -10, max: 10}}]}
  net_cooperation_se: Its standard error; null where the corpus has a single event
  net_cooperation_plover_raw: Mean PLOVER score
  net_cooperation_plover: {description: The same as net_cooperation on the PLOVER scale, tests: [not_null, {range: {min: -10, max: 10}}]}
  balance: {description: 'Sum of scores over sum of their sizes: -1 all conflict, +1 all cooperation; null where all are 0', tests: [{range: {min: -1, max: 1}}]}
  tension_raw: {description: 'Share of conflict, verbal conflict weighing half, times 100', tests: [not_null, {range: {min: 0, max: 100}}]}
  tension: {description: The same drawn to that of all events, tests: [not_null, {range: {min: 0, max: 100}}]}
  tension_low: {description: Lower end of the Wilson band, tests: [not_null, {range: {min: 0, max: 100}}]}
  tension_high: {description: Upper end of the Wilson band, tests: [not_null, {range: {min: 0, max: 100}}]}
  n_articles: {description: Articles that report the events, tests: [{range: {min: 1}}]}
  n_sources: Sources of those articles
  enough: {description: Whether there are month_min_events; else show the values greyed, tests: [not_null]}
  last_event_date: {description: Date of the newest event, tests: [not_null]}
  event_id: {description: The newest event, tests: [not_null, {relationships: {to: staging.events_clean, field: event_id}}]}
  article_id: Its article; null for imported events
tests:
  - unique: [dataset, a, b, month]
*/
SELECT
    dataset,
    a,
    b,
    month,
    n,
    n_verbal_cooperation,
    n_material_cooperation,
    n_verbal_conflict,
    n_material_conflict,
    net_cooperation_raw,
    net_cooperation,
    net_cooperation_se,
    net_cooperation_plover_raw,
    net_cooperation_plover,
    balance,
    tension_raw,
    tension,
    tension_low,
    tension_high,
    n_articles,
    n_sources,
    enough,
    last_event_date,
    event_id,
    article_id
FROM staging.dyad_months
WHERE NOT directed
