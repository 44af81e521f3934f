/*
description: >
  Places and other names in the passage of an incident (staging.incident_reports), spelled alike: small letters without accents, blanks and
  signs. The skeleton, the consonants, finds other spellings of a name: Gumbari and Gombari, Omdurman and Um Durman. A passage that names no town
  or region takes those that the article named before it.
materialization: table
columns:
  incident_id: {description: The incident, tests: [not_null]}
  kind:
    description: 'country (also of actors named), region, town (any place that is smaller), or name: persons, buildings, organizations that nothing is known of'
    tests: [not_null, {accepted_values: [country, region, town, name]}]
  key: {description: 'The name spelled alike; for a country ISO 3166-1 alpha-3', tests: [not_null]}
  name: {description: The name as written, tests: [not_null]}
  skeleton: {description: Its consonants, tests: [not_null]}
  in_dateline: {description: Whether only the dateline has it, tests: [not_null]}
  lat: Degrees WGS84; null where unknown
  lon: Degrees WGS84; null where unknown
tests:
  - unique: [incident_id, kind, key]
*/
WITH state_names AS (
    SELECT DISTINCT lower(l.alias) AS name, l.reading
    FROM core.actor_aliases l
    JOIN core.actors a USING (actor_id)
    WHERE a.kind = 'state' AND l.reading IN ('name', 'capital')
),

known_actors AS (
    SELECT m.article_id, m.sentence, m.start_char, m.end_char, coalesce(a.country, CASE WHEN a.kind = 'state' THEN a.actor_id END) AS country
    FROM core.current_actor_mentions m
    JOIN core.actors a USING (actor_id)
    WHERE a.source <> 'text'
),

places AS (
    SELECT
        p.article_id,
        p.sentence,
        p.start_char,
        p.end_char,
        p.name,
        p.country,
        p.lat,
        p.lon,
        CASE
            WHEN bool_or(coalesce(s.reading = 'capital', false)) THEN 'town'
            WHEN bool_or(coalesce(s.reading = 'name', false)) THEN 'country'
            WHEN p.lat IS NOT NULL OR (p.country IS NULL AND NOT bool_or(coalesce(e.label = 'LOC', false))) THEN 'town'
            ELSE 'region'
        END AS kind
    FROM core.current_location_mentions p
    LEFT JOIN state_names s ON s.name = lower(p.name)
    LEFT JOIN core.current_entities e ON e.article_id = p.article_id AND e.start_char = p.start_char
    GROUP BY p.mention_id, p.article_id, p.sentence, p.start_char, p.end_char, p.name, p.country, p.lat, p.lon
),

-- What the model takes for a name and no table knows: villages, squares, hotels, victims.
unknown AS (
    SELECT
        e.article_id,
        e.sentence,
        e.start_char,
        e.end_char,
        regexp_replace(e.text, '^[Tt]he ', '') AS name,
        CASE WHEN e.label = 'GPE' THEN 'town' ELSE 'name' END AS kind
    FROM core.current_entities e
    JOIN staging.articles a USING (article_id)
    WHERE
        e.label IN ('GPE', 'FAC', 'ORG', 'PERSON')
        AND NOT contains(e.text, ' - ')
        AND e.text IS DISTINCT FROM a.source
        AND NOT EXISTS (FROM places p WHERE p.article_id = e.article_id AND p.start_char < e.end_char AND e.start_char < p.end_char)
        AND NOT EXISTS (FROM known_actors k WHERE k.article_id = e.article_id AND k.start_char < e.end_char AND e.start_char < k.end_char)
),

named AS (
    SELECT article_id, sentence, start_char, kind, name, lat, lon FROM places WHERE kind <> 'country'
    UNION ALL
    SELECT article_id, sentence, start_char, 'country', country, NULL, NULL FROM places WHERE country IS NOT NULL
    UNION ALL
    SELECT article_id, sentence, start_char, 'country', country, NULL, NULL FROM known_actors WHERE country IS NOT NULL
    UNION ALL
    SELECT article_id, sentence, start_char, kind, name, NULL, NULL FROM unknown
),

spelled AS (
    SELECT
        *,
        CASE kind
            WHEN 'country' THEN name
            ELSE regexp_replace(lower(strip_accents(name)), '[^\p{L}\p{N}]', '', 'g')
        END AS key
    FROM named
),

within_reach AS (
    SELECT
        r.incident_id,
        s.kind,
        s.key,
        s.name,
        s.lat,
        s.lon,
        s.start_char < r.dateline_end AS in_dateline,
        s.sentence >= r.first_sentence AS in_passage
    FROM staging.incident_reports r
    JOIN spelled s ON s.article_id = r.article_id AND s.sentence <= r.last_sentence
    WHERE s.key <> ''
)

SELECT
    incident_id,
    kind,
    key,
    max(name) AS name,
    CASE
        WHEN kind <> 'country' AND len(regexp_replace(key, '[aeiouyh]', '', 'g')) >= 2 THEN regexp_replace(key, '[aeiouyh]', '', 'g')
        ELSE key
    END AS skeleton,
    bool_and(in_dateline) AS in_dateline,
    min(lat) AS lat,
    min(lon) AS lon
FROM within_reach w
WHERE
    in_passage
    OR kind <> 'name' AND NOT EXISTS (
        FROM within_reach o WHERE o.incident_id = w.incident_id AND o.in_passage AND o.kind = 'town' AND NOT o.in_dateline
    )
GROUP BY incident_id, kind, key
