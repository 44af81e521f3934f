/*
description: >
  For whom an actor stands, per article and date. Spellings of one name (core.actor_variants) are one actor. States, armed groups, organizations, parties, media and populations stand for
  themselves: the Taliban stay TALIBAN, whoever governs. Persons, governments, armed forces, police and actors of unknown
  kind are followed upwards, at most five steps, until one of those is reached: PAKMIL to PAK, a minister to his
  government and that to the state. At each step the best parent wins: a role from the knowledge base that covers the date;
  what the same article says; the actor's parent in core.actors; what most other articles say. Without a date only
  roles without dates count. An actor without parent stands for itself.
materialization: table
partition: article
columns:
  actor_id: {description: The actor as tagged, tests: [not_null]}
  article_id: {description: The article that names it, tests: [not_null]}
  as_of: Date for which roles are looked up; null where there is none
  rolled_actor_id: {description: The actor that it stands for, tests: [not_null]}
  organization_id: The first on the way up that is no person; null for a person whom nothing is known of
  state_id: The state at the top of the way, or the one that the rolled actor governed on that date; null for neither
  steps: {description: Parents followed, tests: [{range: {min: 0, max: 5}}]}
tests:
  - unique: [actor_id, article_id, as_of]
*/
WITH RECURSIVE named AS (
    SELECT source_actor_id AS actor_id, article_id, start_date AS as_of FROM core.current_events
    UNION
    SELECT target_actor_id, article_id, start_date FROM core.current_events
    UNION
    SELECT actor_id, article_id, start_date FROM core.current_attack_counts
    UNION
    SELECT target_actor_id, article_id, start_date FROM core.current_attack_counts
    UNION
    SELECT r.actor_a, r.article_id, a.published FROM core.current_relation_statements r JOIN staging.articles a USING (article_id)
    UNION
    SELECT r.actor_b, r.article_id, a.published FROM core.current_relation_statements r JOIN staging.articles a USING (article_id)
    UNION
    SELECT m.actor_id, m.article_id, a.published FROM core.current_actor_mentions m JOIN staging.articles a USING (article_id)
),

-- Roles of the knowledge base come first, those that texts state come with the article that states them.
roles AS (
    SELECT
        actor_id,
        parent_id,
        start_date,
        end_date,
        CASE WHEN starts_with(source, 'text:') THEN substr(source, 6) END AS article_id,
        count(DISTINCT source) OVER (PARTITION BY actor_id, parent_id) AS n_statements
    FROM core.actor_roles
    UNION ALL
    SELECT actor_id, parent_id, start_date, end_date, NULL, 0 FROM core.actors WHERE parent_id IS NOT NULL
),

parents AS (
    SELECT
        r.actor_id,
        r.parent_id,
        r.start_date,
        r.end_date,
        r.article_id,
        r.n_statements,
        r.article_id IS NULL AND r.n_statements > 0 AS is_known_role,
        r.n_statements = 0 AS is_parent
    FROM roles r
    JOIN core.actors a USING (actor_id)
    WHERE r.parent_id <> r.actor_id AND a.kind IN ('person', 'government', 'military', 'police', 'unknown')
),

climb AS (
    SELECT n.actor_id, n.article_id, n.as_of, coalesce(v.same_as, n.actor_id) AS current_id, 0 AS step
    FROM named n LEFT JOIN core.actor_variants v USING (actor_id)
    WHERE n.actor_id IS NOT NULL
    UNION ALL
    SELECT
        c.actor_id,
        c.article_id,
        c.as_of,
        arg_min(p.parent_id, (
            CASE WHEN p.is_known_role THEN 0 WHEN p.article_id = c.article_id THEN 1 WHEN p.is_parent THEN 2 ELSE 3 END,
            -p.n_statements,
            p.parent_id
        )),
        c.step + 1
    FROM climb c
    JOIN parents p
        ON p.actor_id = c.current_id
        AND (p.start_date IS NULL OR p.start_date <= c.as_of)
        AND (p.end_date IS NULL OR p.end_date >= c.as_of)
    WHERE c.step < 5
    GROUP BY c.actor_id, c.article_id, c.as_of, c.step
),

summits AS (
    SELECT
        c.actor_id,
        c.article_id,
        c.as_of,
        arg_max(c.current_id, c.step) AS rolled_actor_id,
        max(c.step) AS steps,
        arg_min(c.current_id, c.step) FILTER (a.kind <> 'person') AS organization_id
    FROM climb c LEFT JOIN core.actors a ON a.actor_id = c.current_id
    GROUP BY c.actor_id, c.article_id, c.as_of
)

SELECT
    s.actor_id,
    s.article_id,
    s.as_of,
    s.rolled_actor_id,
    s.steps,
    s.organization_id,
    CASE WHEN any_value(top.kind) = 'state' THEN s.rolled_actor_id ELSE arg_max(g.parent_id, g.start_date) END AS state_id
FROM summits s
LEFT JOIN core.actors top ON top.actor_id = s.rolled_actor_id
LEFT JOIN core.actor_roles g
    ON g.actor_id = s.rolled_actor_id
    AND g.role = 'government'
    AND (g.start_date IS NULL OR g.start_date <= s.as_of)
    AND (g.end_date IS NULL OR g.end_date >= s.as_of)
GROUP BY s.actor_id, s.article_id, s.as_of, s.rolled_actor_id, s.steps, s.organization_id
