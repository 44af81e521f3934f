/*
description: >
  Articles with what indicators need of them. A repost is an article whose text another one had first, word for word or nearly so;
  an old version is one whose text has changed at its address since. Only originals in their newest version count as sources,
  since a repost adds readers, not evidence.
materialization: view
columns:
  article_id: {description: Key of raw.articles, tests: [not_null, unique]}
  root_article_id: {description: 'The article itself, or the original that it repeats or is an old version of', tests: [not_null]}
  counts_as_source: {description: Whether it is an original in its newest version, tests: [not_null]}
  n_carriers: {description: How many sources carried the original and its reposts, tests: [{range: {min: 0}}]}
  source: Who published it
  title: Title
  url: Address
  published: Publication date; null where the metadata give none
  published_month: First day of the month of publication
*/
SELECT
    article_id,
    coalesce(duplicate_of, article_id) AS root_article_id,
    duplicate_of IS NULL AS counts_as_source,
    count(DISTINCT source) OVER (PARTITION BY coalesce(duplicate_of, article_id)) AS n_carriers,
    source,
    title,
    url,
    published,
    date_trunc('month', published)::DATE AS published_month
FROM raw.articles
