/*
description: >
  What articles of a month say about how two actors stand to each other, apart from any event. The balance is
  (T - C)/(T + C) with the strengths of tense and cooperative statements; a pair that is both is ambivalent, not neutral.
  Show beside marts.dyad_month, never add to it.
materialization: table
columns:
  a: {description: First actor of the pair in alphabetical order, tests: [not_null]}
  b: {description: Second actor, tests: [not_null]}
  month: {description: Month of publication, tests: [not_null]}
  n_statements: {description: Statements, tests: [{range: {min: 1}}]}
  n_neutral: {description: Neutral ones, tests: [{range: {min: 0}}]}
  tense: {description: Strength of tense statements added up, tests: [{range: {min: 0}}]}
  cooperative: {description: Strength of cooperative statements added up, tests: [{range: {min: 0}}]}
  tension_balance: {description: '-1 all cooperative, +1 all tense; null where all are neutral', tests: [{range: {min: -1, max: 1}}]}
  ambivalence: {description: '0 one-sided, 1 as tense as cooperative; null where all are neutral', tests: [{range: {min: 0, max: 1}}]}
  tension_balance_a_to_b: {description: The balance of what is said of a towards b, tests: [{range: {min: -1, max: 1}}]}
  tension_balance_b_to_a: {description: The balance of what is said of b towards a, tests: [{range: {min: -1, max: 1}}]}
  n_articles: {description: Articles, tests: [{range: {min: 1}}]}
  n_sources: Sources of those articles
  enough: {description: Whether cue_min_articles say something; else show the values greyed, tests: [not_null]}
  relation_id: {description: The strongest statement, tests: [not_null, {relationships: {to: core.current_relation_statements, field: relation_id}}]}
  article_id: {description: Its article, tests: [not_null]}
tests:
  - unique: [a, b, month]
*/
WITH parameters AS (
    SELECT max(value) FILTER (name = 'cue_min_articles') AS min_articles FROM core.parameters
),

cues AS (
    SELECT
        *,
        least(actor_a, actor_b) AS a,
        greatest(actor_a, actor_b) AS b,
        directed AND actor_a < actor_b AS a_to_b,
        directed AND actor_a > actor_b AS b_to_a
    FROM staging.cues
    WHERE month IS NOT NULL
),

-- polarity × strength is + for cooperation; tension is its negative.
months AS (
    SELECT
        a,
        b,
        month,
        count(*) AS n_statements,
        count(*) FILTER (polarity = 0) AS n_neutral,
        coalesce(sum(strength) FILTER (polarity < 0), 0)::BIGINT AS tense,
        coalesce(sum(strength) FILTER (polarity > 0), 0)::BIGINT AS cooperative,
        -sum(polarity * strength) / nullif(sum(abs(polarity) * strength), 0)::DOUBLE AS tension_balance,
        -sum(polarity * strength) FILTER (a_to_b) / nullif(sum(abs(polarity) * strength) FILTER (a_to_b), 0)::DOUBLE AS tension_balance_a_to_b,
        -sum(polarity * strength) FILTER (b_to_a) / nullif(sum(abs(polarity) * strength) FILTER (b_to_a), 0)::DOUBLE AS tension_balance_b_to_a,
        count(DISTINCT article_id) AS n_articles,
        count(DISTINCT publisher) AS n_sources,
        arg_min(relation_id, (-abs(polarity) * strength, relation_id)) AS relation_id,
        arg_min(article_id, (-abs(polarity) * strength, relation_id)) AS article_id
    FROM cues
    GROUP BY a, b, month
)

SELECT
    a,
    b,
    month,
    n_statements,
    n_neutral,
    tense,
    cooperative,
    tension_balance,
    1 - abs(tension_balance) AS ambivalence,
    tension_balance_a_to_b,
    tension_balance_b_to_a,
    n_articles,
    n_sources,
    n_articles >= p.min_articles AS enough,
    relation_id,
    article_id
FROM months
CROSS JOIN parameters p
