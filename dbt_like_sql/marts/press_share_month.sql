/*
description: >
  How much of what was read calls a pair tense: the construction of the Geopolitical Risk index (Caldara and Iacoviello 2022) for one
  pair. The share is tense articles over all articles read; the index is 100 times the share over its mean in a base period that stays
  as it is when more is read (press_base_from, press_base_months). An article is tense for a pair when it makes a tense statement
  about the two (staging.cues). Where few sources were read, prefer the index that averages the sources' own shares: a source that comes
  or goes does not move it. Numerator and denominator stand beside it.
materialization: table
columns:
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  month: {description: Month of publication, tests: [not_null]}
  n_read: {description: Original articles read, tests: [{range: {min: 1}}]}
  n_sources: {description: Sources of those articles, tests: [{range: {min: 0}}]}
  n_pair: {description: Articles that say anything of how the two stand to each other, tests: [{range: {min: 0}}]}
  n_tense: {description: Articles that call them tense, tests: [{range: {min: 0}}]}
  share_tense: {description: n_tense / n_read in percent, tests: [{range: {min: 0, max: 100}}]}
  share_tense_by_source: {description: Mean over sources of the same share; null where no article names its source, tests: [{range: {min: 0, max: 100}}]}
  tense_given_pair: {description: n_tense / n_pair in percent; null where nothing is said, tests: [{range: {min: 0, max: 100}}]}
  base_share: {description: Mean of share_tense over the months of the base that were read, tests: [{range: {min: 0, max: 100}}]}
  base_months: {description: How many months that is, tests: [{range: {min: 0}}]}
  press_index: {description: '100 · share_tense / base_share; null where the base has no tense article', tests: [{range: {min: 0}}]}
  press_index_low: {description: Lower end of its Wilson band for the share of the month; the base counts as known, tests: [{range: {min: 0}}]}
  press_index_high: {description: Upper end of that band, tests: [{range: {min: 0}}]}
  press_index_by_source: {description: The same with share_tense_by_source, tests: [{range: {min: 0}}]}
  enough: {description: Whether press_min_articles were read; else show the values greyed, tests: [not_null]}
  relation_id: {description: The strongest tense statement of the month; null without, tests: [{relationships: {to: core.current_relation_statements, field: relation_id}}]}
tests:
  - unique: [a, b, month]
*/
WITH parameters AS (
    SELECT
        max(value) FILTER (name = 'press_base_from') AS base_from,
        max(value) FILTER (name = 'press_base_months') AS base_months,
        max(value) FILTER (name = 'press_min_articles') AS min_articles,
        max(value) FILTER (name = 'z95') AS z
    FROM core.parameters
),

months AS (
    SELECT start_date AS month, number, n_read FROM staging.calendar WHERE dataset = 'faultline' AND grain = 'month' AND was_read
),

base AS (
    SELECT
        CASE
            WHEN p.base_from > 0 THEN (p.base_from::INTEGER // 100 - 1900) * 12 + p.base_from::INTEGER % 100 - 1
            ELSE (SELECT min(number) FROM months)
        END AS first_number,
        p.base_months
    FROM parameters p
),

sources AS (
    SELECT published_month AS month, source, count(*) AS n_read
    FROM staging.articles
    WHERE counts_as_source AND published IS NOT NULL AND source IS NOT NULL
    GROUP BY published_month, source
),

said AS (
    SELECT
        *,
        least(actor_a, actor_b) AS a,
        greatest(actor_a, actor_b) AS b
    FROM staging.cues
    WHERE month IS NOT NULL
),

pairs AS (
    SELECT DISTINCT a, b FROM said
),

hits AS (
    SELECT
        a,
        b,
        month,
        count(DISTINCT article_id) AS n_pair,
        count(DISTINCT article_id) FILTER (polarity < 0) AS n_tense,
        arg_min(relation_id, (-strength, relation_id)) FILTER (polarity < 0) AS relation_id
    FROM said
    GROUP BY a, b, month
),

by_source AS (
    SELECT s.a, s.b, s.month, s.publisher, count(DISTINCT s.article_id) FILTER (s.polarity < 0) / any_value(r.n_read)::DOUBLE AS share
    FROM said s
    JOIN sources r ON r.month = s.month AND r.source = s.publisher
    GROUP BY s.a, s.b, s.month, s.publisher
),

source_means AS (
    SELECT a, b, month, sum(share ORDER BY publisher) AS share FROM by_source GROUP BY a, b, month
),

source_counts AS (
    SELECT month, count(*) AS n_sources FROM sources GROUP BY month
),

shares AS (
    SELECT
        p.a,
        p.b,
        m.month,
        m.number,
        m.n_read,
        coalesce(c.n_sources, 0) AS n_sources,
        coalesce(h.n_pair, 0) AS n_pair,
        coalesce(h.n_tense, 0) AS n_tense,
        100 * coalesce(h.n_tense, 0) / m.n_read::DOUBLE AS share_tense,
        -- A source that said nothing of the pair has share 0 and counts in the mean.
        100 * coalesce(s.share, 0) / nullif(c.n_sources, 0) AS share_tense_by_source,
        h.relation_id
    FROM pairs p
    CROSS JOIN months m
    LEFT JOIN hits h USING (a, b, month)
    LEFT JOIN source_means s USING (a, b, month)
    LEFT JOIN source_counts c USING (month)
),

bases AS (
    SELECT
        s.a,
        s.b,
        avg(s.share_tense ORDER BY s.month) AS share,
        avg(s.share_tense_by_source ORDER BY s.month) AS share_by_source,
        count(*) AS n_months
    FROM shares s
    JOIN base b ON s.number >= b.first_number AND s.number < b.first_number + b.base_months
    GROUP BY s.a, s.b
),

banded AS (
    SELECT
        s.*,
        p.min_articles,
        (s.n_tense + p.z * p.z / 2) / (s.n_read + p.z * p.z) AS middle,
        p.z * sqrt(s.n_tense * (s.n_read - s.n_tense) / s.n_read::DOUBLE + p.z * p.z / 4) / (s.n_read + p.z * p.z) AS half_width
    FROM shares s
    CROSS JOIN parameters p
)

SELECT
    s.a,
    s.b,
    s.month,
    s.n_read,
    s.n_sources,
    s.n_pair,
    s.n_tense,
    s.share_tense,
    least(s.share_tense_by_source, 100) AS share_tense_by_source,
    100 * s.n_tense / nullif(s.n_pair, 0)::DOUBLE AS tense_given_pair,
    b.share AS base_share,
    coalesce(b.n_months, 0) AS base_months,
    100 * s.share_tense / nullif(b.share, 0) AS press_index,
    -- Shares are in percent: 100 times a proportion over 1/100 of the base.
    100 * greatest(s.middle - s.half_width, 0) / nullif(b.share / 100, 0) AS press_index_low,
    100 * least(s.middle + s.half_width, 1) / nullif(b.share / 100, 0) AS press_index_high,
    100 * s.share_tense_by_source / nullif(b.share_by_source, 0) AS press_index_by_source,
    s.n_read >= s.min_articles AS enough,
    s.relation_id
FROM banded s
LEFT JOIN bases b USING (a, b)
