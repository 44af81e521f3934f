/*
description: Weeks of a data set's calendar (staging.calendar), with how much of each was read.
materialization: view
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  week: {description: Monday, tests: [not_null]}
  week_number: {description: Weeks since Monday 1 January 1900, tests: [not_null]}
  n_read: {description: 'Articles read that week; of an imported data set, events recorded', tests: [not_null]}
  was_read: {description: Whether anything was read that week, tests: [not_null]}
tests:
  - unique: [dataset, week]
*/
SELECT dataset, start_date AS week, number AS week_number, n_read, was_read FROM staging.calendar WHERE grain = 'week'
