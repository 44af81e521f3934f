/*
description: >
  Reported monthly numbers of attacks, kept apart by who reports them: a group's own figure is no tally of an observer. One row per
  perpetrator, target, month and kind of attribution, with the figure published last. Compare is_ytd_max with months_known and
  months_elapsed: with one month known the maximum is trivial. What the text itself claims ("the most this year") stands beside it, with
  what the known months say of that claim.
materialization: table
columns:
  perpetrator: {description: Who attacks, tests: [not_null]}
  target: Who is attacked; null where the text does not say
  month: {description: First day of the month, tests: [not_null]}
  attribution_type: {description: Kind of who says so, tests: [not_null]}
  low: Lower bound
  best: Stated figure; null where the words give only bounds
  high: Upper bound; null where open
  attributed_to: Who says so
  n_reports: {description: Reports of a figure for this month, tests: [{range: {min: 1}}]}
  n_articles: {description: Articles with such a report, tests: [{range: {min: 1}}]}
  is_ytd_max: Whether no known earlier month of the year has a higher figure; null without a figure
  months_known: {description: Months of the year so far with a figure, tests: [{range: {min: 0, max: 12}}]}
  months_elapsed: {description: Months of the year so far, tests: [{range: {min: 1, max: 12}}]}
  comparison_text: What the text compares the figure with
  comparison_relation: 'max, min, increase or decrease'
  comparison_start: First day of the frame of comparison
  comparison_end: Last day of the frame of comparison
  comparison_check:
    description: >
      What the other months say of that claim (marts.comparison_bounds): contradict when one goes beyond it, agree when all are known and
      none does, else unknown; null without a claim
    tests: [{accepted_values: [agree, contradict, unknown]}]
  count_id: {description: The figure, tests: [not_null, unique, {relationships: {to: core.current_attack_counts, field: count_id}}]}
  article_id: {description: Its article, tests: [not_null]}
  published: When that article was published
tests:
  - unique: [perpetrator, target, month, attribution_type]
*/
WITH tempo AS (
    SELECT
        *,
        max(figure) OVER so_far AS ytd_max,
        count(figure) OVER so_far AS months_known
    FROM staging.monthly_figures
    WHERE measure = 'attacks'
    WINDOW so_far AS (PARTITION BY perpetrator, target, attribution_type, year(month) ORDER BY month)
),

verdicts AS (
    SELECT count_id, bool_or(verdict = 'contradict') AS is_contradicted, bool_and(verdict = 'agree') AS is_confirmed
    FROM marts.comparison_bounds
    GROUP BY count_id
)

SELECT
    t.perpetrator,
    t.target,
    t.month,
    t.attribution_type,
    t.low,
    t.best,
    t.high,
    t.attributed_to,
    t.n_reports,
    t.n_articles,
    t.figure >= t.ytd_max AS is_ytd_max,
    t.months_known,
    month(t.month) AS months_elapsed,
    c.comparison_text,
    c.comparison_relation,
    c.comparison_start,
    c.comparison_end,
    CASE
        WHEN c.comparison_relation IS NULL THEN NULL
        WHEN v.is_contradicted THEN 'contradict'
        WHEN v.is_confirmed THEN 'agree'
        ELSE 'unknown'
    END AS comparison_check,
    t.count_id,
    t.article_id,
    t.published
FROM tempo t
JOIN staging.counts_clean c USING (count_id)
LEFT JOIN verdicts v USING (count_id)
