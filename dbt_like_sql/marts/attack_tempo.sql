/*
description: >
  Reported monthly numbers of attacks, kept apart by who reports them: a group's own figure is no tally of an observer. One row
  per perpetrator, target, month and kind of attribution, with the figure published last. Compare is_ytd_max with
  months_known and months_elapsed: with one month known the maximum is trivial. What the text itself claims ("the most this year")
  stands beside it, with what the known months say of that claim.
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
      What the known months say of a stated maximum or minimum: contradict when one of the frame up to this month goes beyond it,
      agree when all are known and none does, else unknown; null without such a claim
    tests: [{accepted_values: [agree, contradict, unknown]}]
  count_id: {description: The figure, tests: [not_null, unique, {relationships: {to: core.current_attack_counts, field: count_id}}]}
  article_id: {description: Its article, tests: [not_null]}
  published: When that article was published
tests:
  - unique: [perpetrator, target, month, attribution_type]
*/
WITH reported AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY perpetrator, target, month, attribution_type ORDER BY published DESC NULLS LAST, figure DESC NULLS LAST, count_id
        ) AS recency,
        count(*) OVER (PARTITION BY perpetrator, target, month, attribution_type) AS n_reports
    FROM staging.counts_clean
    WHERE measure = 'attacks' AND grain = 'month' AND perpetrator IS NOT NULL
),

spread AS (
    SELECT perpetrator, target, month, attribution_type, count(DISTINCT article_id) AS n_articles
    FROM reported
    GROUP BY perpetrator, target, month, attribution_type
),

tempo AS (
    SELECT
        r.*,
        s.n_articles,
        max(r.figure) OVER so_far AS ytd_max,
        count(r.figure) OVER so_far AS months_known
    FROM reported r
    JOIN spread s
        ON s.perpetrator = r.perpetrator
        AND s.target IS NOT DISTINCT FROM r.target
        AND s.month = r.month
        AND s.attribution_type = r.attribution_type
    WHERE r.recency = 1
    WINDOW so_far AS (PARTITION BY r.perpetrator, r.target, r.attribution_type, year(r.month) ORDER BY r.month)
),

-- Known months within the frame of a stated maximum or minimum, up to the month itself.
framed AS (
    SELECT
        t.count_id,
        count(o.figure) AS n_known,
        count(*) FILTER (
            (t.comparison_relation = 'max' AND o.figure > t.figure) OR (t.comparison_relation = 'min' AND o.figure < t.figure)
        ) AS n_beyond,
        date_diff('month', date_trunc('month', t.comparison_start), t.month) + 1 AS n_frame
    FROM tempo t
    JOIN tempo o
        ON o.perpetrator = t.perpetrator
        AND o.target IS NOT DISTINCT FROM t.target
        AND o.attribution_type = t.attribution_type
        AND o.month BETWEEN date_trunc('month', t.comparison_start) AND t.month
    WHERE t.comparison_relation IN ('max', 'min') AND t.comparison_start IS NOT NULL AND t.figure IS NOT NULL
    GROUP BY t.count_id, t.comparison_start, t.month
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
    t.comparison_text,
    t.comparison_relation,
    t.comparison_start,
    t.comparison_end,
    CASE
        WHEN t.comparison_relation NOT IN ('max', 'min') OR t.comparison_relation IS NULL THEN NULL
        WHEN f.n_beyond > 0 THEN 'contradict'
        WHEN f.n_known = f.n_frame THEN 'agree'
        ELSE 'unknown'
    END AS comparison_check,
    t.count_id,
    t.article_id,
    t.published
FROM tempo t
LEFT JOIN framed f USING (count_id)
