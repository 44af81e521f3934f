/*
description: >
  Weekly series of pairs, weeks without events included: what surges, changepoints, lead and lag are computed from. A pair has a series when
  it has series_min_events dated to a week within the calendar of its data set. The series begins base_weeks and guard_weeks before
  its first such event, so that the first events have a baseline, and ends with the calendar. Events dated outside the
  calendar are recollections, or of weeks of which nothing was read, and make no weekly series.
materialization: table
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  directed: {description: Whether a acts upon b, tests: [not_null]}
  a: {description: First actor of the pair, tests: [not_null]}
  b: {description: Second actor of the pair, tests: [not_null]}
  week: {description: Monday, tests: [not_null]}
  week_number: {description: Weeks since Monday 1 January 1900, tests: [not_null]}
  n: {description: Events, tests: [{range: {min: 0}}]}
  n_conflict: {description: Events of conflict, tests: [{range: {min: 0}}]}
  goldstein: {description: Sum of Goldstein scores, tests: [not_null]}
  goldstein_acts: {description: 'The same without CONSULT and AGREE', tests: [not_null]}
  n_read: {description: 'Articles read that week; of an imported data set, events recorded', tests: [not_null]}
  was_read: {description: Whether anything was read that week, tests: [not_null]}
  event_id: The most confident event of the week; null in a week without
  conflict_event_id: The most confident event of conflict
tests:
  - unique: [dataset, directed, a, b, week]
*/
WITH parameters AS (
    SELECT
        max(value) FILTER (name = 'series_min_events') AS min_events,
        max(value) FILTER (name = 'base_weeks') + max(value) FILTER (name = 'guard_weeks') AS lead_weeks
    FROM core.parameters
),

weeks AS (
    SELECT * FROM staging.calendar WHERE grain = 'week'
),

summed AS (
    SELECT
        d.dataset,
        d.directed,
        d.a,
        d.b,
        w.number AS week_number,
        sum(d.n)::INTEGER AS n,
        sum(d.n_conflict)::INTEGER AS n_conflict,
        sum(d.goldstein) AS goldstein,
        sum(d.goldstein_acts) AS goldstein_acts,
        arg_max(d.event_id, (d.event_date, d.event_id)) AS event_id,
        arg_max(d.conflict_event_id, (d.event_date, d.conflict_event_id)) AS conflict_event_id
    FROM staging.dyad_days d
    JOIN weeks w ON w.dataset = d.dataset AND w.start_date = d.week
    GROUP BY d.dataset, d.directed, d.a, d.b, w.number
),

pairs AS (
    SELECT s.dataset, s.directed, s.a, s.b, min(s.week_number) - p.lead_weeks AS first_week
    FROM summed s
    CROSS JOIN parameters p
    GROUP BY s.dataset, s.directed, s.a, s.b, p.lead_weeks, p.min_events
    HAVING sum(s.n) >= p.min_events
)

SELECT
    p.dataset,
    p.directed,
    p.a,
    p.b,
    w.start_date AS week,
    w.number AS week_number,
    coalesce(s.n, 0) AS n,
    coalesce(s.n_conflict, 0) AS n_conflict,
    coalesce(s.goldstein, 0)::DOUBLE AS goldstein,
    coalesce(s.goldstein_acts, 0)::DOUBLE AS goldstein_acts,
    w.n_read,
    w.was_read,
    s.event_id,
    s.conflict_event_id
FROM pairs p
JOIN weeks w ON w.dataset = p.dataset AND w.number >= p.first_week
LEFT JOIN summed s
    ON s.dataset = p.dataset AND s.directed = p.directed AND s.a = p.a AND s.b = p.b AND s.week_number = w.number
