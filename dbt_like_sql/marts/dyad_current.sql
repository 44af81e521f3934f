/*
description: >
  How every pair stands now, with the newest sentence behind it. "Now" is the newest date of publication in the corpus, never
  the clock. An event of age t days weighs 2^(-t/90), none beyond 540 days; effective_n is the sum of weights. The current tension share is
  the weighted share drawn to that of all events by kappa_events, so a pair with little news is drawn to the middle: silence is not
  peace. Pairs without news in those 540 days have no rank.
materialization: table
columns:
  tension_rank: {description: 1 is the tensest pair with recent news; null without, tests: [{range: {min: 1}}]}
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  a_name: {description: Its name, tests: [not_null]}
  b_name: {description: Its name, tests: [not_null]}
  as_of: {description: Newest date of publication in the corpus, tests: [not_null]}
  tension_now: {description: Decayed tension share 0 to 100, tests: [not_null, {range: {min: 0, max: 100}}]}
  net_cooperation_now: Decayed mean Goldstein score; null without recent news
  level: {description: Decayed sum of Goldstein scores, tests: [not_null]}
  effective_n: {description: Sum of the events' weights, tests: [not_null, {range: {min: 0}}]}
  is_stale: {description: Whether effective_n is below 2; else show the values greyed, tests: [not_null]}
  n_events: {description: All events of the pair, tests: [{range: {min: 1}}]}
  month: {description: Newest month with events, tests: [not_null]}
  month_n: {description: Events in that month, tests: [{range: {min: 1}}]}
  month_tension: {description: Tension share of that month (marts.dyad_month), tests: [not_null]}
  month_tension_low: {description: Lower end of its band, tests: [not_null]}
  month_tension_high: {description: Upper end of its band, tests: [not_null]}
  last_event_date: {description: Date of the newest event, tests: [not_null]}
  event_id: {description: The newest event, tests: [not_null, {relationships: {to: core.current_events, field: event_id}}]}
  event_type: {description: Its PLOVER type, tests: [not_null]}
  article_id: {description: Its article, tests: [not_null]}
  title: Title of that article
  source: Who published it
  published: When
  url: Where
  sentence_start: {description: Offset of the sentence in the article's text, tests: [not_null]}
  sentence_end: {description: Offset behind the sentence, tests: [not_null]}
  sentence_text: {description: The sentence, tests: [not_null]}
  start_char: {description: Offset of the event's trigger, tests: [not_null]}
  end_char: {description: Offset behind the trigger, tests: [not_null]}
tests:
  - unique: [a, b]
*/
WITH parameters AS (
    SELECT max(value) FILTER (name = 'kappa_events') AS kappa FROM core.parameters
),

today AS (
    SELECT coalesce((SELECT max(published) FROM staging.articles), (SELECT max(event_date) FROM staging.dyad_events)) AS as_of
),

pool AS (
    SELECT avg(tension) AS tension FROM staging.dyad_events WHERE NOT directed
),

weighted AS (
    SELECT
        e.a,
        e.b,
        e.goldstein,
        e.tension,
        -- An event dated after the last publication (a month that still runs) counts as of today.
        CASE WHEN t.as_of - e.event_date <= 540 THEN pow(2::DOUBLE, -greatest(t.as_of - e.event_date, 0) / 90::DOUBLE) ELSE 0 END AS weight
    FROM staging.dyad_events e
    CROSS JOIN today t
    WHERE NOT e.directed
),

levels AS (
    SELECT
        w.a,
        w.b,
        count(*) AS n_events,
        sum(w.weight) AS effective_n,
        sum(w.weight * w.goldstein) AS level,
        sum(w.weight * w.goldstein) / nullif(sum(w.weight), 0) AS net_cooperation_now,
        100 * least(1, coalesce(
            (sum(w.weight * w.tension) + any_value(p.kappa) * any_value(o.tension)) / nullif(sum(w.weight) + any_value(p.kappa), 0),
            any_value(o.tension)
        )) AS tension_now
    FROM weighted w
    CROSS JOIN pool o
    CROSS JOIN parameters p
    GROUP BY w.a, w.b
),

latest AS (
    SELECT * FROM marts.dyad_month QUALIFY row_number() OVER (PARTITION BY a, b ORDER BY month DESC) = 1
)

SELECT
    CASE
        WHEN l.effective_n > 0
            THEN row_number() OVER (
                PARTITION BY l.effective_n > 0 ORDER BY l.tension_now DESC, l.effective_n DESC, l.a, l.b
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
    l.effective_n < 2 AS is_stale,
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
JOIN latest m USING (a, b)
JOIN staging.events_clean c USING (event_id)
LEFT JOIN marts.evidence v ON v.kind = 'event' AND v.id = m.event_id
LEFT JOIN core.actors x ON x.actor_id = l.a
LEFT JOIN core.actors y ON y.actor_id = l.b
CROSS JOIN today t
