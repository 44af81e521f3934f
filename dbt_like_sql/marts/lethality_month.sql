/*
description: >
  How deadly a perpetrator's attacks were: killed and injured over the linked incidents of a month (marts.linked_incident), each counted
  once however many articles report it. Only incidents told as fact by an original article and dated within one month; finds, thefts of
  arms and threats are left out, and monthly totals play no part. killed_per_incident is over the incidents whose toll is known. Its band
  is that of a Gamma-Poisson rate: tolls vary more than a Poisson variable, so that deaths and incidents are divided by φ, the variance of
  tolls over their mean (1 at least) of all incidents; with x deaths, n incidents and the mean m of all incidents the rate has shape x/φ +
  1 and rate n/φ + 1/m, quantiles after Wilson and Hilferty. So few incidents are drawn to m, and their band is wide.
materialization: table
columns:
  perpetrator: Who attacks; null for incidents whose perpetrator no report names
  month: {description: First day of the month, tests: [not_null]}
  n_incidents: {description: Linked incidents, tests: [{range: {min: 1}}]}
  n_with_toll: {description: Those of which the number killed is known, tests: [{range: {min: 0}}]}
  n_sources: {description: Publishers that report them, tests: [{range: {min: 1}}]}
  killed_low: 'Sum of the lowest figures; null where none is known'
  killed_best: Sum of the best figures
  killed_high: Sum of the highest figures
  injured_low: Sum of the lowest figures; null where none is known
  injured_best: Sum of the best figures
  injured_high: Sum of the highest figures
  killed_per_incident: killed_best / n_with_toll; null without a toll
  killed_per_incident_shrunk: {description: Mean of the Gamma-Poisson rate, tests: [{range: {min: 0}}]}
  killed_per_incident_low: {description: Lower end of its band, tests: [{range: {min: 0}}]}
  killed_per_incident_high: Upper end of its band
  deadliest_incident_id: {description: The linked incident with the highest toll, tests: [{relationships: {to: marts.linked_incident, field: linked_incident_id}}]}
tests:
  - unique: [perpetrator, month]
*/
WITH parameters AS (
    SELECT max(value) FILTER (name = 'z95') AS z FROM core.parameters
),

incidents AS (
    SELECT *
    FROM marts.linked_incident
    WHERE
        month IS NOT NULL
        AND status IN ('actual', 'historical')
        AND n_articles > 0
        -- Arms without violence.
        AND incident_type NOT IN ('weapons_seizure', 'weapons_theft', 'armed_threat')
),

pool AS (
    SELECT
        nullif(avg(killed_best), 0) AS mean,
        greatest(1, coalesce(var_samp(killed_best) / nullif(avg(killed_best), 0), 1)) AS dispersion
    FROM incidents
),

months AS (
    SELECT
        perpetrator,
        month,
        count(*) AS n_incidents,
        count(killed_best) AS n_with_toll,
        sum(killed_low)::BIGINT AS killed_low,
        sum(killed_best)::BIGINT AS killed_best,
        sum(killed_high)::BIGINT AS killed_high,
        sum(injured_low)::BIGINT AS injured_low,
        sum(injured_best)::BIGINT AS injured_best,
        sum(injured_high)::BIGINT AS injured_high,
        arg_max(linked_incident_id, (coalesce(killed_best, -1), linked_incident_id)) AS deadliest_incident_id
    FROM incidents
    GROUP BY perpetrator, month
),

publishers AS (
    SELECT i.perpetrator, i.month, count(DISTINCT coalesce(l.publisher, l.article_id)) AS n_sources
    FROM incidents i
    JOIN marts.incident_links l USING (linked_incident_id)
    WHERE l.counts_as_source
    GROUP BY i.perpetrator, i.month
),

rated AS (
    SELECT
        m.*,
        p.n_sources,
        m.killed_best / o.dispersion + 1 AS shape,
        m.n_with_toll / o.dispersion + 1 / o.mean AS rate,
        z
    FROM months m
    JOIN publishers p ON p.perpetrator IS NOT DISTINCT FROM m.perpetrator AND p.month = m.month
    CROSS JOIN pool o
    CROSS JOIN parameters
)

SELECT
    perpetrator,
    month,
    n_incidents,
    n_with_toll,
    n_sources,
    killed_low,
    killed_best,
    killed_high,
    injured_low,
    injured_best,
    injured_high,
    killed_best / nullif(n_with_toll, 0)::DOUBLE AS killed_per_incident,
    shape / rate AS killed_per_incident_shrunk,
    greatest(0, shape * pow(1 - 1 / (9 * shape) - z / (3 * sqrt(shape)), 3) / rate) AS killed_per_incident_low,
    shape * pow(1 - 1 / (9 * shape) + z / (3 * sqrt(shape)), 3) / rate AS killed_per_incident_high,
    deadliest_incident_id
FROM rated
