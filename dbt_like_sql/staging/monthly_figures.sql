/*
description: >
  The monthly figure that stands: of all totals that are reported for a month by one kind of source the one published last, per measure,
  perpetrator and target. A month's total only: figures of single incidents, days or years are left out and never added.
materialization: table
columns:
  measure: {description: 'attacks, killed, injured, …', tests: [not_null]}
  perpetrator: {description: Who attacks, tests: [not_null]}
  target: Who is attacked; null where the text does not say
  month: {description: First day of the month, tests: [not_null]}
  attribution_type: {description: Kind of who says so, tests: [not_null]}
  low: Lower bound
  best: Stated figure; null where the words give only bounds
  high: Upper bound; null where open
  figure: The stated figure or else the lower bound
  attributed_to: Who says so
  n_reports: {description: Reports of a figure for this month, tests: [{range: {min: 1}}]}
  n_articles: {description: Articles with such a report, tests: [{range: {min: 1}}]}
  count_id: {description: The figure, tests: [not_null, unique, {relationships: {to: core.current_attack_counts, field: count_id}}]}
  article_id: {description: Its article, tests: [not_null]}
  published: When that article was published
tests:
  - unique: [measure, perpetrator, target, month, attribution_type]
*/
WITH latest AS (
    SELECT
        measure,
        perpetrator,
        target,
        month,
        attribution_type,
        count(*) AS n_reports,
        count(DISTINCT article_id) AS n_articles,
        arg_min(count_id, (-coalesce(published - DATE '1900-01-01', -1), -coalesce(figure, -1), count_id)) AS count_id
    FROM staging.counts_clean
    WHERE grain = 'month' AND perpetrator IS NOT NULL
    GROUP BY measure, perpetrator, target, month, attribution_type
)

SELECT
    c.measure,
    c.perpetrator,
    c.target,
    c.month,
    c.attribution_type,
    c.low,
    c.best,
    c.high,
    c.figure,
    c.attributed_to,
    l.n_reports,
    l.n_articles,
    c.count_id,
    c.article_id,
    c.published
FROM latest l
JOIN staging.counts_clean c USING (count_id)
