/*
description: >
  How every pair stands now, with the newest sentence behind it. "Now" is the newest date of publication in the corpus, never
  the clock; of an imported data set it is its newest event. With H = half_life_long_days an event of age t days weighs 2^(-t/H), none
  beyond half_life_cut half-lives; effective_n is the sum of weights. The current tension share is the weighted share drawn to that of all
  events (staging.priors) by kappa_events, so a pair with little news is drawn to the middle: silence is not peace. Pairs without news in that time
  have no rank; ranks are within a data set.
materialization: table
columns:
  dataset: {description: 'faultline, or the name of an imported data set', tests: [not_null]}
  tension_rank: {description: 1 is the tensest pair with recent news; null without, tests: [{range: {min: 1}}]}
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  a_name: {description: Its name, tests: [not_null]}
  b_name: {description: Its name, tests: [not_null]}
  as_of: {description: Newest date of publication in the corpus or newest event of an imported data set, tests: [not_null]}
  tension_now: {description: Decayed tension share 0 to 100, tests: [not_null, {range: {min: 0, max: 100}}]}
  net_cooperation_now: Decayed mean Goldstein score; null without recent news
  level: {description: Decayed sum of Goldstein scores, tests: [not_null]}
  effective_n: {description: Sum of the events' weights, tests: [not_null, {range: {min: 0}}]}
  is_stale: {description: Whether effective_n is below min_effective_n; else show the values greyed, tests: [not_null]}
  n_events: {description: All events of the pair, tests: [{range: {min: 1}}]}
  month: {description: Newest month with events, tests: [not_null]}
  month_n: {description: Events in that month, tests: [{range: {min: 1}}]}
  month_tension: {description: Tension share of that month (marts.dyad_month), tests: [not_null]}
  month_tension_low: {description: Lower end of its band, tests: [not_null]}
  month_tension_high: {description: Upper end of its band, tests: [not_null]}
  last_event_date: {description: Date of the newest event, tests: [not_null]}
  event_id: {description: The newest event, tests: [not_null, {relationships: {to: staging.events_clean, field: event_id}}]}
  event_type: {description: Its PLOVER type, tests: [not_null]}
  article_id: Its article; null for imported events, as are its title and sentence
  title: Title of that article
  source: Who published it
  published: When
  url: Where
  sentence_start: Offset of the sentence in the article's text
  sentence_end: Offset behind the sentence
  sentence_text: The sentence
  start_char: Offset of the event's trigger
  end_char: Offset behind the trigger
tests:
  - unique: [dataset, a, b]
*/
WITH parameters AS (
    SELECT
        max(value) FILTER (name = 'kappa_events') AS kappa,
        max(value) FILTER (name = 'half_life_long_days') AS half_life,
        max(value) FILTER (name = 'half_life_cut') AS cut,
        max(value) FILTER (name = 'min_effective_n') AS min_effective_n
    FROM core.parameters
),

days AS (
    SELECT * FROM staging.dyad_days WHERE NOT directed
),

today AS (
    SELECT
        dataset,
        CASE WHEN dataset = 'faultline' THEN coalesce((SELECT max(published) FROM staging.articles), max(event_date)) ELSE max(event_date) END
            AS as_of
    FROM days
    GROUP BY dataset
),

weighted AS (
    SELECT
        e.*,
        -- An event dated after the last publication (a month that still runs) counts as of today.
        CASE
            WHEN t.as_of - e.event_date <= p.cut * p.half_life THEN pow(2::DOUBLE, -greatest(t.as_of - e.event_date, 0) / p.half_life)
            ELSE 0
        END AS weight
    FROM days e
    JOIN today t USING (dataset)
    CROSS JOIN parameters p
),

sums AS (
    SELECT
        dataset,
        a,
        b,
        sum(n)::BIGINT AS n_events,
        -- Decimals: sums that no order of rows changes.
        sum((weight * n)::DECIMAL(38, 15))::DOUBLE AS effective_n,
        sum((weight * goldstein::DOUBLE)::DECIMAL(38, 15))::DOUBLE AS level,
        sum((weight * tension::DOUBLE)::DECIMAL(38, 15))::DOUBLE AS tension
    FROM weighted
    GROUP BY dataset, a, b
),

levels AS (
    SELECT
        s.dataset,
        s.a,
        s.b,
        s.n_events,
        s.effective_n,
        s.effective_n < p.min_effective_n AS is_stale,
        s.level,
        s.level / nullif(s.effective_n, 0) AS net_cooperation_now,
        100 * least(1, coalesce((s.tension + p.kappa * o.tension) / nullif(s.effective_n + p.kappa, 0), o.tension)) AS tension_now
    FROM sums s
    JOIN staging.priors o USING (dataset)
    CROSS JOIN parameters p
),

latest AS (
    SELECT * FROM marts.dyad_month QUALIFY row_number() OVER (PARTITION BY dataset, a, b ORDER BY month DESC) = 1
)

SELECT
    l.dataset,
    CASE
        WHEN l.effective_n > 0
            THEN row_number() OVER (
                PARTITION BY l.dataset, l.effective_n > 0 ORDER BY l.tension_now DESC, l.effective_n DESC, l.a, l.b
            )
    END AS tension_rank,
    l.a,
    l.b,
    coalesce(x.name, l.a) AS a_name,
    coalesce(y.name, l.b) AS b_name,
    t.as_of,
    l.tension_now,
    l.net_cooperation_now,
    l.level,
    l.effective_n,
    l.is_stale,
    l.n_events,
    m.month,
    m.n AS month_n,
    m.tension AS month_tension,
    m.tension_low AS month_tension_low,
    m.tension_high AS month_tension_high,
    m.last_event_date,
    m.event_id,
    c.event_type,
    v.article_id,
    v.title,
    v.source,
    v.published,
    v.url,
    v.sentence_start,
    v.sentence_end,
    v.sentence_text,
    v.start_char,
    v.end_char
FROM levels l
JOIN latest m USING (dataset, a, b)
JOIN staging.events_clean c USING (event_id)
JOIN today t ON t.dataset = l.dataset
LEFT JOIN marts.evidence v ON v.kind = 'event' AND v.id = m.event_id
LEFT JOIN core.actors x ON x.actor_id = l.a
LEFT JOIN core.actors y ON y.actor_id = l.b
