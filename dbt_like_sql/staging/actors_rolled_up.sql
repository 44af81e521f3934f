/*
description: >
  For whom an actor stands, per article and date. States, armed groups, organizations, parties, media and populations stand for
  themselves: the Taliban stay TALIBAN, whoever governs. Persons, governments, armed forces, police and actors of unknown
  kind are followed upwards, at most five steps, until one of those is reached: PAKMIL to PAK, a minister to his
  government and that to the state. At each step the best parent wins: a role from the knowledge base that covers the date;
  what the same article says; the actor's parent in core.actors; what most other articles say. Without a date only
  roles without dates count. An actor without parent stands for itself.
materialization: table
columns:
  actor_id: {description: The actor as tagged, tests: [not_null]}
  article_id: {description: The article that names it, tests: [not_null]}
  as_of: Date for which roles are looked up; null where there is none
  rolled_actor_id: {description: The actor that it stands for, tests: [not_null]}
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
    SELECT actor_id, article_id, as_of, actor_id AS current_id, 0 AS step FROM named WHERE actor_id IS NOT NULL
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
)

SELECT actor_id, article_id, as_of, arg_max(current_id, step) AS rolled_actor_id, max(step) AS steps
FROM climb
GROUP BY actor_id, article_id, as_of
