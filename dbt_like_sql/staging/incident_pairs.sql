/*
description: >
  What speaks for and against two reports being of one incident, in points, and their sum, for the pairs of staging.incident_candidates
  whose countries and dates do not exclude it. Two reports are of one incident at 5 points and more (is_match). The weights are a choice,
  not an estimate; what agrees seldom by chance weighs more.
materialization: table
columns:
  earlier_id: {description: The report that was published first, tests: [not_null]}
  later_id: {description: The other one, tests: [not_null]}
  days_apart: 'Days between the dates, 0 where they meet; null where a report is undated'
  place: {description: What the places say, tests: [not_null, {accepted_values: [same town, near, same region, unknown, other town]}]}
  shared_places: Towns and regions that both name
  shared_names: 'Persons, buildings and other names that both have'
  shared_perpetrators: Perpetrators that both name
  shared_harmed: 'Whom or what both say was hit: actors and words'
  killed_earlier: 'Killed as the earlier report has it: the stated figure or the lower bound'
  killed_later: Killed as the later report has it
  date_points: {description: '2 on one day, 1 on the day before or after, 0 where one is undated, -1 where both are', tests: [not_null]}
  place_points:
    description: >
      4 for a village or a part of town that no table knows, 3 for a town, 2 for a region, one less for one with incidents on more than
      five days of the month; 0 for towns within 25 km, -1 where one names no town and they share no other name, -9 for two towns
    tests: [not_null]
  locality_points: {description: '-2 where each names a part of town that the other does not', tests: [not_null]}
  name_points: {description: 2 for a shared name, tests: [not_null]}
  means_points:
    description: >
      1 for the same kind of violence, 2 where it is a rarer one than bombs and guns, -2 for another
    tests: [not_null]
  perpetrator_points: {description: '1 for a shared perpetrator, -1 where both name others', tests: [not_null]}
  harmed_points: {description: '1 for each of at most two that were hit, -1 where both name others', tests: [not_null]}
  toll_points:
    description: >
      2 for the same number killed where it is five or more, 1 for a smaller one or for five and more that may be the other revised, -1
      for one that falls below three fifths, -3 for one that falls or rises beyond fivefold and five
    tests: [not_null]
  score: {description: Sum of the points, tests: [not_null]}
  is_match: {description: Whether the score is 5 or more, tests: [not_null]}
tests:
  - unique: [earlier_id, later_id]
*/
-- Agreement on a place that is in the news every few days says less than agreement on one that seldom is.
WITH busy_places AS (
    SELECT n.key, date_trunc('month', r.start_date) AS month
    FROM staging.incident_reports r
    JOIN staging.incident_names n USING (incident_id)
    WHERE r.is_asserted AND r.is_dated AND n.kind IN ('town', 'region') AND NOT n.in_dateline
    GROUP BY n.key, date_trunc('month', r.start_date)
    HAVING count(DISTINCT r.start_date) > 5
),

-- Towns of either side against each other: spelled the same or nearly so, or less than 25 km apart.
town_pairs AS (
    SELECT
        c.earlier_id,
        c.later_id,
        a.key,
        a.in_dateline AND b.in_dateline AS is_dateline_only,
        a.is_located AND NOT a.in_dateline AS is_located_a,
        b.is_located AND NOT b.in_dateline AS is_located_b,
        a.in_dateline AS is_dateline_a,
        b.in_dateline AS is_dateline_b,
        a.is_capital OR a.in_dateline AS is_capital_a,
        b.is_capital OR b.in_dateline AS is_capital_b,
        a.key = b.key
        OR (a.skeleton = b.skeleton AND damerau_levenshtein(a.key, b.key) <= greatest(1, len(a.key) // 4)) AS is_same,
        coalesce(111 * sqrt(pow(a.lat - b.lat, 2) + pow((a.lon - b.lon) * cos(radians(a.lat)), 2)) < 25, false)
        AND NOT a.in_dateline
        AND NOT b.in_dateline AS is_near,
        u.key IS NOT NULL AS is_busy
    FROM staging.incident_candidates c
    JOIN staging.incident_names a ON a.incident_id = c.earlier_id AND a.kind = 'town'
    JOIN staging.incident_names b ON b.incident_id = c.later_id AND b.kind = 'town'
    JOIN staging.incident_reports r ON r.incident_id = c.earlier_id
    LEFT JOIN busy_places u ON u.key = a.key AND u.month = date_trunc('month', r.window_end)
    UNION ALL
    -- A village that one article calls a place may pass for a person or an organization in another.
    SELECT c.earlier_id, c.later_id, a.key, false, false, false, false, false, false, false, true, false, false
    FROM staging.incident_candidates c
    JOIN staging.incident_names a ON a.incident_id = c.earlier_id AND NOT a.is_located AND NOT a.in_dateline
    JOIN staging.incident_names b ON b.incident_id = c.later_id AND NOT b.is_located AND NOT b.in_dateline
    WHERE a.key = b.key AND (a.kind = 'town' AND b.kind = 'name' OR a.kind = 'name' AND b.kind = 'town')
),

town_verdicts AS (
    SELECT
        earlier_id,
        later_id,
        bool_and(is_busy) FILTER (is_same AND NOT is_dateline_only) AS are_busy,
        list_sort(list(DISTINCT key) FILTER (is_same AND NOT is_dateline_only)) AS shared,
        bool_or(is_same AND NOT is_dateline_only) AS is_same_town,
        bool_or(is_same) AS is_same_dateline,
        bool_or(is_near) AS is_near,
        bool_and(is_capital_a) OR bool_and(is_capital_b) AS are_capitals,
        bool_or(NOT is_dateline_a) AND bool_or(NOT is_dateline_b) AS are_both_told,
        -- A town on the map and a village that is not may be one place; two of either kind are not.
        bool_or(is_located_a) = bool_or(is_located_b) AS are_comparable,
        bool_or(NOT is_dateline_a AND NOT is_located_a) AND bool_or(NOT is_dateline_b AND NOT is_located_b) AS have_localities,
        bool_or(is_same AND NOT is_dateline_only AND NOT is_located_a AND NOT is_located_b) AS share_locality
    FROM town_pairs
    GROUP BY earlier_id, later_id
),

name_lists AS (
    SELECT
        n.incident_id,
        list_sort(list(DISTINCT n.key) FILTER (n.kind IN ('name', 'town') AND NOT n.is_located)) AS names,
        list_sort(list(DISTINCT n.key) FILTER (n.kind = 'region')) AS regions,
        list_sort(list(DISTINCT n.key) FILTER (n.kind = 'region' AND u.key IS NULL)) AS quiet_regions,
        list_sort(list(DISTINCT n.key) FILTER (n.kind = 'country')) AS countries
    FROM staging.incident_names n
    JOIN staging.incident_reports r USING (incident_id)
    LEFT JOIN busy_places u ON u.key = n.key AND u.month = date_trunc('month', r.window_end)
    WHERE NOT n.in_dateline
    GROUP BY n.incident_id
),

actor_lists AS (
    SELECT
        a.incident_id,
        list_sort(list(DISTINCT a.value) FILTER (a.role = 'perpetrator' AND k.kind = 'armed_group' AND k.source <> 'derived')) AS groups,
        list_sort(list(DISTINCT a.value) FILTER (a.role = 'perpetrator')) AS perpetrators,
        list_sort(list(DISTINCT a.value) FILTER (a.role = 'harmed')) AS harmed,
        list_sort(list(DISTINCT a.value) FILTER (a.role = 'harmed' AND a.kind = 'word')) AS harmed_words
    FROM staging.incident_actors a
    LEFT JOIN core.actors k ON k.actor_id = a.value AND a.kind = 'actor'
    GROUP BY a.incident_id
),

profiles AS (
    SELECT
        r.*,
        coalesce(r.killed_best, r.killed_low) AS killed,
        coalesce(n.names, []) AS names,
        coalesce(n.regions, []) AS regions,
        coalesce(n.quiet_regions, []) AS quiet_regions,
        coalesce(n.countries, []) AS countries,
        coalesce(a.groups, []) AS groups,
        coalesce(a.perpetrators, []) AS perpetrators,
        coalesce(a.harmed, []) AS harmed,
        coalesce(a.harmed_words, []) AS harmed_words
    FROM staging.incident_reports r
    LEFT JOIN name_lists n USING (incident_id)
    LEFT JOIN actor_lists a USING (incident_id)
),

compared AS (
    SELECT
        c.earlier_id,
        c.later_id,
        CASE
            WHEN a.is_dated AND b.is_dated THEN greatest(0, greatest(a.start_date, b.start_date) - least(a.end_date, b.end_date))
        END AS days_apart,
        NOT a.is_dated AND NOT b.is_dated AS are_undated,
        CASE
            WHEN v.is_same_town OR (v.is_same_dateline AND NOT v.are_both_told) THEN 'same town'
            WHEN v.is_near THEN 'near'
            -- A capital beside a region that both name stands for its government.
            WHEN
                list_has_any(a.regions, b.regions)
                AND NOT coalesce(v.are_both_told AND v.are_comparable AND NOT v.are_capitals, false)
                THEN 'same region'
            WHEN v.are_both_told AND v.are_comparable THEN 'other town'
            ELSE 'unknown'
        END AS place,
        CASE
            WHEN v.is_same_town THEN coalesce(v.are_busy, false)
            ELSE NOT list_has_any(a.quiet_regions, b.regions)
        END AS is_busy,
        coalesce(v.share_locality, false) AS is_village,
        list_sort(list_concat(coalesce(v.shared, []), list_intersect(a.regions, b.regions))) AS shared_places,
        coalesce(v.have_localities AND NOT v.share_locality, false) AS are_other_localities,
        list_sort([
            name FOR name IN list_intersect(a.names, b.names) IF NOT coalesce(list_contains(v.shared, name), false)
        ]) AS shared_names,
        list_sort(list_intersect(a.perpetrators, b.perpetrators)) AS shared_perpetrators,
        len(a.groups) > 0 AND len(b.groups) > 0 AND NOT list_has_any(a.groups, b.groups) AS are_other_groups,
        list_sort(list_intersect(a.harmed, b.harmed)) AS shared_harmed,
        len(a.harmed_words) > 0 AND len(b.harmed_words) > 0 AS are_harmed_known,
        a.killed AS killed_earlier,
        b.killed AS killed_later,
        a.means AS means_earlier,
        b.means AS means_later
    FROM staging.incident_candidates c
    JOIN profiles a ON a.incident_id = c.earlier_id
    JOIN profiles b ON b.incident_id = c.later_id
    LEFT JOIN town_verdicts v ON v.earlier_id = c.earlier_id AND v.later_id = c.later_id
    WHERE len(a.countries) = 0 OR len(b.countries) = 0 OR list_has_any(a.countries, b.countries)
),

weighed AS (
    SELECT
        *,
        CASE WHEN days_apart = 0 THEN 2 WHEN days_apart = 1 THEN 1 WHEN are_undated THEN -1 ELSE 0 END AS date_points,
        CASE
            WHEN place = 'same town' THEN 3 + is_village::INT - is_busy::INT
            WHEN place = 'same region' THEN 2 - is_busy::INT
            WHEN place = 'other town' THEN -9
            WHEN place = 'near' OR len(shared_names) > 0 THEN 0
            ELSE -1
        END AS place_points,
        CASE WHEN are_other_localities THEN -2 ELSE 0 END AS locality_points,
        CASE WHEN len(shared_names) > 0 THEN 2 ELSE 0 END AS name_points,
        CASE
            WHEN means_earlier <> means_later THEN -2
            WHEN means_earlier = means_later THEN CASE WHEN means_earlier IN ('explosive', 'armed') THEN 1 ELSE 2 END
            ELSE 0
        END AS means_points,
        CASE WHEN len(shared_perpetrators) > 0 THEN 1 WHEN are_other_groups THEN -1 ELSE 0 END AS perpetrator_points,
        CASE WHEN len(shared_harmed) > 0 THEN least(len(shared_harmed), 2) WHEN are_harmed_known THEN -1 ELSE 0 END AS harmed_points,
        CASE
            WHEN killed_earlier = killed_later THEN CASE WHEN killed_earlier >= 5 THEN 2 ELSE 1 END
            WHEN 5 * killed_later + 5 < killed_earlier OR killed_later > 5 * killed_earlier + 5 THEN -3
            WHEN killed_later < 0.6::DOUBLE * killed_earlier THEN -1
            WHEN greatest(killed_earlier, killed_later) >= 5 THEN 1
            ELSE 0
        END AS toll_points
    FROM compared
    WHERE days_apart IS NULL OR days_apart <= 1
)

SELECT
    earlier_id,
    later_id,
    days_apart,
    place,
    shared_places,
    shared_names,
    shared_perpetrators,
    shared_harmed,
    killed_earlier,
    killed_later,
    date_points,
    place_points,
    locality_points,
    name_points,
    means_points,
    perpetrator_points,
    harmed_points,
    toll_points,
    date_points + place_points + locality_points + name_points + means_points + perpetrator_points + harmed_points + toll_points AS score,
    date_points + place_points + locality_points + name_points + means_points + perpetrator_points + harmed_points + toll_points >= 5
        AS is_match
FROM weighed
