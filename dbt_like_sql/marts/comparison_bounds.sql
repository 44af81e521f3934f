/*
description: >
  What a stated comparison says of other months. "32 attacks in August, the highest monthly figure this year" bounds every other month of
  the year that was over when it was published: none had more than 32. One row per stated comparison and month that it bounds, with the
  figure known for that month from the same kind of source, whenever it was reported, and what that figure says of the claim.
materialization: table
columns:
  count_id:
    description: >
      The figure that is compared
    tests: [not_null, {relationships: {to: core.current_attack_counts, field: count_id}}]
  article_id: {description: Its article, tests: [not_null]}
  published: When that article was published
  measure: {description: 'attacks, killed, injured, …', tests: [not_null]}
  perpetrator: {description: Who attacks, tests: [not_null]}
  target: Who is attacked; null where the text does not say
  attribution_type: {description: Kind of who says so, tests: [not_null]}
  month: {description: The month that the figure is of, tests: [not_null]}
  figure: {description: The figure, tests: [not_null]}
  comparison_text: What it is compared with, as written
  comparison_relation: {description: 'max, min, increase or decrease', tests: [{accepted_values: [max, min, increase, decrease]}]}
  claim: {description: The claim in a few words, tests: [not_null]}
  bounded_month: {description: The month that it bounds, tests: [not_null]}
  lower_bound: The least that month may have if the claim holds; null where it says nothing of that
  upper_bound: The most that it may have; null likewise
  known_figure: The figure known for that month; null where there is none
  known_count_id: Where it is from
  verdict: {description: What the known figure says of the claim, tests: [not_null, {accepted_values: [agree, contradict, unknown]}]}
tests:
  - unique: [count_id, bounded_month]
*/
WITH claims AS (
    SELECT
        *,
        date_trunc('month', comparison_start)::DATE AS frame_start,
        -- "This year" ends with the last month that was over at publication. A frame without an end reaches to the figure's own month.
        CASE
            WHEN comparison_end IS NULL THEN month
            ELSE greatest(
                least(
                    date_trunc('month', comparison_end)::DATE,
                    (date_trunc('month', coalesce(published, comparison_end)) - INTERVAL 1 MONTH)::DATE
                ),
                CASE WHEN comparison_end >= month THEN month ELSE date_trunc('month', comparison_start)::DATE END
            )
        END AS frame_end
    FROM staging.counts_clean
    WHERE
        grain = 'month'
        AND perpetrator IS NOT NULL
        AND figure IS NOT NULL
        AND comparison_start IS NOT NULL
        AND (
            comparison_relation IN ('max', 'min')
            -- "Up from 21 in July" compares with one month; with a longer period it is no claim on its months.
            OR (
                comparison_relation IN ('increase', 'decrease')
                AND date_trunc('month', comparison_start) = date_trunc('month', comparison_end)
            )
        )
),

months AS (
    SELECT *, unnest(range(frame_start, frame_end + 1, INTERVAL 1 MONTH))::DATE AS bounded_month FROM claims
),

-- Of an open figure ("more than 30, the most this year") the other months' bound is open too.
bounded AS (
    SELECT
        *,
        CASE comparison_relation WHEN 'min' THEN coalesce(best, low) WHEN 'decrease' THEN coalesce(best, low) + 1 END AS lower_bound,
        CASE comparison_relation WHEN 'max' THEN coalesce(best, high) WHEN 'increase' THEN coalesce(best, high) - 1 END AS upper_bound
    FROM months
    WHERE bounded_month <> month
)

SELECT
    b.count_id,
    b.article_id,
    b.published,
    b.measure,
    b.perpetrator,
    b.target,
    b.attribution_type,
    b.month,
    b.figure,
    b.comparison_text,
    b.comparison_relation,
    concat(
        CASE WHEN b.comparison_relation IN ('max', 'increase') THEN 'no more than ' ELSE 'no fewer than ' END,
        coalesce(coalesce(b.upper_bound, b.lower_bound)::VARCHAR, 'an open number'),
        ' ', b.measure, ' in ', strftime(b.bounded_month, '%Y-%m')
    ) AS claim,
    b.bounded_month,
    b.lower_bound,
    b.upper_bound,
    k.figure AS known_figure,
    k.count_id AS known_count_id,
    CASE
        WHEN coalesce(k.best, k.low) > b.upper_bound OR coalesce(k.best, k.high) < b.lower_bound THEN 'contradict'
        WHEN coalesce(k.best, k.high) <= b.upper_bound OR coalesce(k.best, k.low) >= b.lower_bound THEN 'agree'
        ELSE 'unknown'
    END AS verdict
FROM bounded b
LEFT JOIN staging.monthly_figures k
    ON k.measure = b.measure
    AND k.perpetrator = b.perpetrator
    AND k.target IS NOT DISTINCT FROM b.target
    AND k.attribution_type = b.attribution_type
    AND k.month = b.bounded_month
