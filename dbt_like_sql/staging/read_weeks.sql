/*
description: >
  Weeks of a data set's calendar without how much was read of them. That changes with every article, these rows only with a new week: what needs
  nothing else of the calendar is not built again every day.
materialization: table
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  week: {description: Monday, tests: [not_null]}
  was_read: {description: Whether anything was read that week, tests: [not_null]}
tests:
  - unique: [dataset, week]
*/
SELECT dataset, week, was_read FROM staging.weeks
