/*
description: >
  Places and other names that stand near the first mention of an incident, spelled alike: small letters without accents, blanks and signs.
  The skeleton, the consonants, finds other spellings of a name: Gumbari and Gombari, Omdurman and Um Durman. Towns and regions are those
  of the sentence itself; where it has a region only those of the sentences beside it too, and where it has neither those three sentences
  away. Other names stand at most four sentences behind, and before the article's next incident. The dateline is kept apart.
materialization: table
columns:
  incident_id: {description: The incident, tests: [not_null]}
  kind:
    description: >
      country (also of actors named), region, town (any place that is smaller), or name: persons, buildings, organizations that nothing is
      known of
    tests: [not_null, {accepted_values: [country, region, town, name]}]
  key: {description: 'The name spelled alike; for a country ISO 3166-1 alpha-3', tests: [not_null]}
  name: {description: The name as written, tests: [not_null]}
  skeleton: {description: 'Its consonants, doubled ones once', tests: [not_null]}
  in_dateline: {description: Whether only the dateline has it, tests: [not_null]}
  country: 'ISO 3166-1 alpha-3; null where unknown'
  is_located: {description: 'Whether it is on the map: a capital, or a town with degrees', tests: [not_null]}
  is_capital: {description: 'Whether it is one: often named for a government, not as the place', tests: [not_null]}
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

-- "In the Somali capital" names a town too.
capitals AS (
    SELECT actor_id, min(alias) AS name, min(a.country) AS country
    FROM core.actor_aliases
    JOIN core.actors a USING (actor_id)
    WHERE reading = 'capital'
    GROUP BY actor_id
    -- Of a state with two seats, the words do not say which.
    HAVING count(DISTINCT regexp_replace(lower(alias), '[aeiouyh]', '', 'g')) = 1
),

described AS (
    SELECT t.article_id, s.sentence, t.start_char, c.name, c.country
    FROM (
        SELECT
            article_id,
            text,
            unnest(list_distinct(regexp_extract_all(text, '([A-Z][\w-]+) capital\b', 1))) AS adjective,
            strpos(text, adjective || ' capital') - 1 AS start_char
        FROM raw.articles
    ) t
    JOIN core.actor_aliases l ON l.alias = t.adjective AND l.reading = 'adjective'
    JOIN capitals c ON c.actor_id = l.actor_id
    JOIN core.current_sentences s ON s.article_id = t.article_id AND t.start_char >= s.start_char AND t.start_char < s.end_char
),

known_actors AS (
    SELECT
        m.article_id,
        m.sentence,
        m.start_char,
        m.end_char,
        coalesce(a.country, CASE WHEN a.kind = 'state' THEN a.actor_id END) AS country
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
        bool_or(coalesce(s.reading = 'capital', false)) AS is_capital,
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
    SELECT article_id, sentence, start_char, kind, name, country, lat, lon, lat IS NOT NULL OR is_capital AS is_located, is_capital
    FROM places
    WHERE kind <> 'country'
    UNION ALL
    SELECT article_id, sentence, start_char, 'town', name, country, NULL, NULL, true, true FROM described
    UNION ALL
    SELECT article_id, sentence, start_char, 'country', country, country, NULL, NULL, false, false FROM places WHERE country IS NOT NULL
    UNION ALL
    SELECT article_id, sentence, start_char, 'country', country, country, NULL, NULL, false, false
    FROM known_actors
    WHERE country IS NOT NULL
    UNION ALL
    SELECT article_id, sentence, start_char, kind, name, NULL, NULL, NULL, false, false FROM unknown
),

keyed AS (
    SELECT
        *,
        CASE kind
            WHEN 'country' THEN name
            ELSE regexp_replace(lower(strip_accents(name)), '[^\p{L}\p{N}]', '', 'g')
        END AS key
    FROM named
),

spelled AS (
    SELECT
        *,
        array_to_string(
            [run[1] FOR run IN regexp_extract_all(key, 'b+|c+|d+|f+|g+|j+|k+|l+|m+|n+|p+|q+|r+|s+|t+|v+|w+|x+|z+')], ''
        ) AS consonants
    FROM keyed
),

-- Capitals stand in many sentences that tell of something else: what is near the first mention is where it was.
distances AS (
    SELECT
        r.incident_id,
        s.* EXCLUDE (article_id, sentence, start_char),
        s.start_char < r.dateline_end AS in_dateline,
        abs(s.sentence - r.sentence) AS distance
    FROM staging.incident_reports r
    JOIN spelled s ON s.article_id = r.article_id AND s.sentence BETWEEN r.sentence - 3 AND least(r.sentence + 4, r.last_sentence)
    WHERE s.key <> '' AND (s.sentence >= r.first_sentence OR s.kind <> 'name')
    UNION ALL
    SELECT r.incident_id, s.* EXCLUDE (article_id, sentence, start_char), true, 0
    FROM staging.incident_reports r
    JOIN spelled s ON s.article_id = r.article_id AND s.start_char < r.dateline_end
),

reaches AS (
    SELECT
        incident_id,
        CASE
            WHEN bool_or(kind = 'town' AND distance = 0 AND NOT in_dateline) THEN 0
            WHEN bool_or(kind = 'region' AND distance = 0 AND NOT in_dateline) THEN 1
            ELSE 3
        END AS reach
    FROM distances
    GROUP BY incident_id
)

SELECT
    incident_id,
    kind,
    key,
    max(name) AS name,
    CASE
        WHEN kind = 'country' OR len(consonants) < 2 THEN key
        ELSE consonants
    END AS skeleton,
    bool_and(in_dateline) AS in_dateline,
    min(country) AS country,
    bool_or(is_located) AS is_located,
    bool_or(is_capital) AS is_capital,
    min(lat) AS lat,
    min(lon) AS lon
FROM distances
JOIN reaches USING (incident_id)
WHERE kind NOT IN ('town', 'region') OR distance <= reach OR in_dateline
GROUP BY incident_id, kind, key, consonants
