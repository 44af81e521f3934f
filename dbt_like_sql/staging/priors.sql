/*
description: >
  What is known of a data set before anything is known of a pair: the means to which values of few events are drawn, and the spread of scores.
  Rounded (scores to a tenth, shares to a hundredth), which is far within the bands and far beyond what a
  day of news moves: so values of other months and pairs do not change every day.
materialization: table
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null, unique]}
  goldstein: {description: Mean Goldstein score of all events, tests: [not_null, {range: {min: -10, max: 10}}]}
  plover_score: {description: Mean PLOVER score of all events, tests: [not_null, {range: {min: -10, max: 10}}]}
  goldstein_sd: {description: Standard deviation of the Goldstein scores; null where there is a single event, tests: [{range: {min: 0}}]}
  tension: {description: Share of conflict in all events with verbal conflict weighing half, tests: [not_null, {range: {min: 0, max: 1}}]}
*/
WITH totals AS (
    SELECT
        dataset,
        sum(n)::DOUBLE AS n,
        sum(goldstein)::DOUBLE AS goldstein,
        sum(goldstein_squares)::DOUBLE AS squares,
        sum(plover_score)::DOUBLE AS plover_score,
        sum(tension)::DOUBLE AS tension
    FROM staging.dyad_month_sums
    WHERE NOT directed
    GROUP BY dataset
)

SELECT
    dataset,
    round(goldstein / n, 1) AS goldstein,
    round(plover_score / n, 1) AS plover_score,
    round(sqrt(greatest(squares - goldstein * goldstein / n, 0) / nullif(n - 1, 0)), 1) AS goldstein_sd,
    round(tension / n, 2) AS tension
FROM totals
