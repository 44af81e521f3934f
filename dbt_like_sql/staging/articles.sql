/*
description: >
  Articles with what indicators need of them. A repost is an article whose text another one had first; only originals count as
  sources, since a repost adds readers, not evidence.
materialization: view
columns:
  article_id: {description: Key of raw.articles, tests: [not_null, unique]}
  root_article_id: {description: 'The article itself, or for a repost the original', tests: [not_null]}
  counts_as_source: {description: Whether it is an original, tests: [not_null]}
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
    source,
    title,
    url,
    published,
    date_trunc('month', published)::DATE AS published_month
FROM raw.articles
