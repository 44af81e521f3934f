/*
description: >
  What stands behind an indicator of a pair and month: every report of every event, and every statement, with article, sentence and
  offsets. indicators lists the marts that the row enters: `WHERE list_contains(indicators, 'surge_week')`. A view on
  marts.evidence; no text is copied. counts_as is the clean event that a report was merged into.
materialization: view
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  month: {description: Month of the event; of a statement the month of publication, tests: [not_null]}
  indicators: {description: Marts that it enters, tests: [not_null]}
  kind: {description: What it is, tests: [not_null, {accepted_values: [event, relation]}]}
  id: {description: 'Key of marts.evidence, with kind', tests: [not_null]}
  counts_as: {description: 'The clean event, or the statement itself', tests: [not_null]}
  source: {description: Who acts; of a statement of whom it is said, tests: [not_null]}
  target: {description: Upon whom, tests: [not_null]}
  what: {description: 'PLOVER type, or kind of statement', tests: [not_null]}
  score: {description: 'Goldstein score of the clean event; of a statement polarity × strength', tests: [not_null]}
  event_date: Date of the event; null for statements
  article_id: The article; null for imported events
  publisher: Who published it
  published: When
  url: Where
  sentence_start: Offset of the sentence in the article's text
  sentence_end: Offset behind the sentence
  sentence_text: The sentence
  start_char: Offset of the coded span
  end_char: Offset behind the span
*/
WITH behind AS (
    SELECT
        dataset,
        least(source, target) AS a,
        greatest(source, target) AS b,
        month,
        list_concat(
            ['dyad_month', 'dyad_month_directed', 'dyad_current', 'arrow_month', 'asymmetry_quarter', 'bootstrap_month', 'triad_year'],
            CASE WHEN quad_class >= 3 THEN ['conflict_rate_month'] ELSE [] END,
            CASE
                WHEN date_trunc('week', event_date) = date_trunc('week', end_date)
                    THEN ['level_week', 'momentum_day', 'volatility_week', 'ladder_week', 'lead_lag']
                ELSE []
            END,
            CASE
                WHEN quad_class >= 3 AND date_trunc('week', event_date) = date_trunc('week', end_date)
                    THEN ['surge_week', 'cusum_week', 'changepoint_week']
                ELSE []
            END
        ) AS indicators,
        'event' AS kind,
        unnest(event_ids) AS id,
        event_id AS counts_as,
        source,
        target,
        event_type AS what,
        goldstein AS score,
        event_date
    FROM staging.events_clean
    UNION ALL
    SELECT
        'faultline',
        least(actor_a, actor_b),
        greatest(actor_a, actor_b),
        month,
        ['cue_month', 'press_share_month'],
        'relation',
        relation_id,
        relation_id,
        actor_a,
        actor_b,
        cue_type,
        polarity * strength,
        NULL
    FROM staging.cues
    WHERE month IS NOT NULL
)

SELECT
    b.dataset,
    b.a,
    b.b,
    b.month,
    b.indicators,
    b.kind,
    b.id,
    b.counts_as,
    b.source,
    b.target,
    b.what,
    b.score,
    b.event_date,
    v.article_id,
    v.source AS publisher,
    v.published,
    v.url,
    v.sentence_start,
    v.sentence_end,
    v.sentence_text,
    v.start_char,
    v.end_char
FROM behind b
JOIN marts.evidence v ON v.kind = b.kind AND v.id = b.id
