/*
description: >
  What one article says of one incident, ready to be compared with other articles. The incident's passage runs from its first mention to
  that of the article's next incident; the first one begins with the article. Dates are the text's own: window_start and window_end only
  say when a report may be compared with which others. For an undated one they are the days up to publication, and up to the statement
  where only that has a day.
materialization: table
columns:
  incident_id: {description: Key of core.current_incidents, tests: [not_null, unique]}
  article_id: {description: The article, tests: [not_null]}
  root_article_id: {description: 'The article itself, or for a repost the original', tests: [not_null]}
  counts_as_source: {description: Whether the article is an original, tests: [not_null]}
  publisher: Who published it
  published: When
  ordinal: {description: 0 is the article's main incident, tests: [not_null]}
  report_rank: {description: 'Position in the order of publication, over all reports', tests: [not_null, unique]}
  status: {description: 'actual, historical, unconfirmed, …', tests: [not_null]}
  is_asserted: {description: 'Whether it is told as having happened, confirmed or not', tests: [not_null]}
  incident_type: {description: As tagged, tests: [not_null]}
  means: >
    explosive (bombing, shelling, air_strike), armed (shooting, clash) or else the incident_type; null for one that leaves the means open, or comes along with others (arson)
  start_date: First day meant
  end_date: Last day meant
  is_dated:
    description: >
      Whether the text dates it to a week or less, by more than the day on which somebody spoke of it
    tests: [not_null]
  window_start: First day on which it may have been; null for an undated report of an undated article
  window_end: Last such day
  sentence: {description: Sentence of its first mention, tests: [not_null]}
  first_sentence: {description: First sentence of its passage, tests: [not_null]}
  last_sentence: {description: Last sentence of its passage, tests: [not_null]}
  dateline_end: {description: 'Offset behind the article''s dateline; 0 without one', tests: [not_null]}
  killed_low: Killed, lower bound
  killed_best: Killed, the stated figure
  killed_high: Killed, upper bound; null where open
  injured_low: Injured, lower bound
  injured_best: Injured, the stated figure
  injured_high: Injured, upper bound; null where open
*/
WITH passages AS (
    SELECT
        i.*,
        CASE WHEN row_number() OVER reading = 1 THEN 0 ELSE i.sentence END AS first_sentence,
        -- An incident that begins in the same sentence has the same passage.
        greatest(coalesce(min(i.sentence) OVER later - 1, 2147483647), i.sentence) AS last_sentence
    FROM core.current_incidents i
    WINDOW
        reading AS (PARTITION BY i.article_id ORDER BY i.start_char, i.incident_id),
        later AS (PARTITION BY i.article_id ORDER BY i.sentence RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
)

SELECT
    p.incident_id,
    p.article_id,
    a.root_article_id,
    a.counts_as_source,
    a.source AS publisher,
    a.published,
    p.ordinal,
    row_number() OVER (ORDER BY a.published NULLS LAST, a.article_id, p.ordinal, p.incident_id) AS report_rank,
    p.status,
    p.status IN ('actual', 'historical', 'unconfirmed') AS is_asserted,
    p.incident_type,
    CASE
        WHEN p.incident_type IN ('bombing', 'shelling', 'air_strike') THEN 'explosive'
        WHEN p.incident_type IN ('shooting', 'clash') THEN 'armed'
        WHEN p.incident_type NOT IN (
            'attack', 'killing', 'wounding', 'damage', 'assassination', 'arson', 'robbery'
        ) THEN p.incident_type
    END AS means,
    p.start_date,
    p.end_date,
    coalesce(p.end_date - p.start_date <= 7 AND p.date_source IS DISTINCT FROM 'statement', false) AS is_dated,
    CASE WHEN p.date_source = 'statement' THEN p.start_date - 3 ELSE coalesce(p.start_date, a.published - 3) END AS window_start,
    coalesce(least(p.end_date, p.start_date + 31), a.published) AS window_end,
    p.sentence,
    p.first_sentence,
    p.last_sentence,
    -- "KABUL, Sept. 8 (AP) -", "QUETTA:" and "Bogota, 7 Jul (EFE) --": where an article was filed is not where something happened.
    len(regexp_extract(
        t.text,
        '^\s*(?:[^a-z\n]{2,60}?(?:,? [A-Z][A-Za-z. ]{2,30})?(?:,? \d{1,2})?(?: \([^)\n]{2,40}\))?|[A-Z][^\n:;]{2,60}\([A-Z][A-Za-z]{1,12}\))\s*(?:[-–—]{1,2}\s|:\s)'
    )) AS dateline_end,
    p.killed_low,
    p.killed_best,
    p.killed_high,
    p.injured_low,
    p.injured_best,
    p.injured_high
FROM passages p
JOIN staging.articles a USING (article_id)
JOIN raw.articles t USING (article_id)
