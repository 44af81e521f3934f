/*
description: >
  Reported figures that are asserted and dated by the text, of original articles, with actors rolled up. Who reports a figure
  stays with it, and so does its grain: a month's total is never added to the dated incidents of that month. Figures that are
  part of another one ("12 people, including two children") are left out.
materialization: table
columns:
  count_id: {description: Key of core.current_attack_counts, tests: [not_null, unique]}
  article_id: {description: The article, tests: [not_null]}
  published: Publication date of the article
  measure: {description: 'attacks, killed, injured, …', tests: [not_null]}
  low: {description: Lower bound, tests: [{range: {min: 0}}]}
  best: The stated figure; null where the words give only bounds
  high: Upper bound; null where open
  figure: The stated figure or else the lower bound, for comparisons
  actor_id: Actor as tagged
  target_actor_id: Target as tagged
  perpetrator: Actor that the actor stands for
  target: Actor that the target stands for
  start_date: {description: First day meant, tests: [not_null]}
  end_date: {description: Last day meant, tests: [not_null]}
  month: {description: Month of start_date, tests: [not_null]}
  grain: {description: 'event, day, week, month, year or period', tests: [{accepted_values: [event, day, week, month, year, period]}]}
  attributed_to: Who says so
  attribution_type: {description: Kind of who says so, tests: [{accepted_values: [self_claim, official, independent, media, unattributed]}]}
  comparison_text: What it is compared with, as written
  comparison_relation: 'max, min, increase or decrease'
  comparison_start: First day of the frame of comparison
  comparison_end: Last day of the frame of comparison
*/
SELECT
    c.count_id,
    c.article_id,
    a.published,
    c.measure,
    c.low,
    c.best,
    c.high,
    coalesce(c.best, c.low) AS figure,
    c.actor_id,
    c.target_actor_id,
    s.rolled_actor_id AS perpetrator,
    t.rolled_actor_id AS target,
    c.start_date,
    c.end_date,
    date_trunc('month', c.start_date)::DATE AS month,
    c.grain,
    c.attributed_to,
    c.attribution_type,
    c.comparison_text,
    c.comparison_relation,
    c.comparison_start,
    c.comparison_end
FROM core.current_attack_counts c
JOIN staging.articles a USING (article_id)
LEFT JOIN staging.actors_rolled_up s
    ON s.actor_id = c.actor_id AND s.article_id = c.article_id AND s.as_of IS NOT DISTINCT FROM c.start_date
LEFT JOIN staging.actors_rolled_up t
    ON t.actor_id = c.target_actor_id AND t.article_id = c.article_id AND t.as_of IS NOT DISTINCT FROM c.start_date
WHERE a.counts_as_source AND c.status = 'actual' AND c.start_date IS NOT NULL AND c.end_date IS NOT NULL AND c.part_of IS NULL
