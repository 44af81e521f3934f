/*
description: >
  Who attacks and who or what is hit, of each incident. Actors are those that the strings of the incident name, and the sources and
  targets of its events, rolled up (staging.actors_rolled_up); words are the heads of the strings, so that "three policemen" and
  "policeman" agree. Words that say nothing ("people", "others") are left out.
materialization: table
columns:
  incident_id: {description: The incident, tests: [not_null]}
  role: {description: perpetrator or harmed, tests: [not_null, {accepted_values: [perpetrator, harmed]}]}
  kind: {description: actor or word, tests: [not_null, {accepted_values: [actor, word]}]}
  value: {description: 'Actor that it stands for, or the word', tests: [not_null]}
tests:
  - unique: [incident_id, role, kind, value]
*/
WITH strings AS (
    SELECT incident_id, article_id, 'perpetrator' AS role, unnest(perpetrator_individuals || perpetrator_organizations) AS text
    FROM core.current_incidents
    UNION ALL
    SELECT incident_id, article_id, 'harmed', unnest(targets || victims) FROM core.current_incidents
),

heads AS (
    SELECT DISTINCT
        incident_id,
        role,
        -- Crude, but the same for every report: "policemen" and "policeman", "soldiers" and "soldier".
        regexp_replace(
            regexp_replace(lower(regexp_extract(split_part(text, ' of ', 1), '(\S+)\s*$', 1)), 'men$', 'man'), '(?:ies|s)$', ''
        ) AS word
    FROM strings
),

participants AS (
    SELECT i.incident_id, i.article_id, unnest(i.event_ids) AS event_id FROM core.current_incidents i
),

actors AS (
    SELECT s.incident_id, s.article_id, s.role, m.actor_id
    FROM strings s
    JOIN core.current_actor_mentions m ON m.article_id = s.article_id AND contains(s.text, m.text) AND m.rule IS DISTINCT FROM 'pronoun'
    UNION
    SELECT p.incident_id, p.article_id, 'perpetrator', e.source_actor_id
    FROM participants p
    JOIN core.current_events e USING (event_id)
    WHERE e.event_type = 'ASSAULT'
    UNION
    SELECT p.incident_id, p.article_id, 'harmed', e.target_actor_id
    FROM participants p
    JOIN core.current_events e USING (event_id)
    WHERE e.event_type = 'ASSAULT'
)

SELECT DISTINCT c.incident_id, c.role, 'actor' AS kind, r.rolled_actor_id AS value
FROM actors c
JOIN staging.articles a USING (article_id)
JOIN staging.actors_rolled_up r
    ON r.actor_id = c.actor_id AND r.article_id = c.article_id AND r.as_of IS NOT DISTINCT FROM a.published
-- "Gunmen" are no actor whom another article would mean by the same word.
WHERE NOT starts_with(r.rolled_actor_id, 'collective:')
UNION ALL
SELECT incident_id, role, 'word', word
FROM heads
WHERE
    role = 'harmed'
    AND len(word) > 2
    AND word NOT IN (
        'people', 'person', 'other', 'one', 'all', 'some', 'man', 'woman', 'victim', 'civilian', 'resident', 'city', 'town', 'member'
    )
