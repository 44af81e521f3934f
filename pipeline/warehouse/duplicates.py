"""Which article repeats which: same text, nearly the same text, old versions of one address.

What belongs here: finding candidates among all texts of the warehouse, and deciding who is the original. What does not: how alike
two texts are (``ingest.near_duplicates``).

An original is the earliest of those that repeat each other. Whoever repeats an original points at it, and at nothing else: in
order of publication each article joins the original that it is most like, or else becomes one itself. So a story that is
rewritten step by step does not collapse into its first line, and the outcome does not depend on the order of reading. All
versions of one address are one work, which its newest version stands for.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from pipeline.warehouse.merge import insert_new
from pipeline.warehouse.raw_tables import fingerprints, similar_texts

Similarity = Callable[[str, str], float]
Edges = Mapping[str, Mapping[str, float]]
Verdict = tuple[str | None, str | None, float | None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of an article when the original is looked for. ``work`` is shared by the versions of one address."""

    article_id: str
    text_hash: str
    work: str
    version: int
    published: date | None
    fetched_at: datetime


def verdicts(articles: Iterable[Candidate], edges: Edges) -> dict[str, Verdict]:
    """For each article: the article_id of its original, the reason and the similarity; three times None for an original.

    Args:
        articles: whole works, and all that their texts are similar to.
        edges: similarity by text_hash and text_hash, in both directions.
    """
    works: dict[str, list[Candidate]] = {}
    for article in articles:
        works.setdefault(article.work, []).append(article)
    leaders_of_text: dict[str, list[str]] = {}
    leader_of: dict[str, str] = {}
    rank: dict[str, int] = {}
    for place, work in enumerate(sorted(works, key=lambda w: _earliest(works[w], w))):
        rank[work] = place
        likeness: dict[str, float] = {}
        for text in {a.text_hash for a in works[work]}:
            for other, similarity in {text: 1.0, **edges.get(text, {})}.items():
                for leader in leaders_of_text.get(other, ()):
                    likeness[leader] = max(similarity, likeness.get(leader, 0.0))
        leader_of[work] = min(likeness, key=lambda w: (-likeness[w], rank[w])) if likeness else work
        if leader_of[work] == work:
            for text in {a.text_hash for a in works[work]}:
                leaders_of_text.setdefault(text, []).append(work)
    newest = {work: max(members, key=lambda a: a.version) for work, members in works.items()}
    found: dict[str, Verdict] = {}
    for work, members in works.items():
        original = newest[leader_of[work]]
        texts = {a.text_hash for a in works[leader_of[work]]}
        for article in members:
            if article is original:
                found[article.article_id] = (None, None, None)
                continue
            repeats = "text" if article.text_hash in texts else "near"
            reason = repeats if article is newest[work] else "version"
            others = texts if leader_of[work] != work else {original.text_hash}
            found[article.article_id] = (original.article_id, reason, _most_alike(article.text_hash, others, edges))
    return found


def _earliest(members: Sequence[Candidate], work: str) -> tuple[bool, date, datetime, str]:
    """Dated before undated, then by day, then by who was read first."""
    days = [a.published for a in members if a.published]
    return not days, min(days, default=date.max), min(a.fetched_at for a in members), work


def _most_alike(text: str, others: Collection[str], edges: Edges) -> float | None:
    if text in others:
        return 1.0
    known = [similarity for other, similarity in edges.get(text, {}).items() if other in others]
    return max(known, default=None)


def resolve(con: duckdb.DuckDBPyConnection, text_hashes: Iterable[str]) -> None:
    """Decide anew who is the original among the articles with these texts and all that repeat them."""
    articles, edges = _family(con, set(text_hashes))
    found = verdicts(articles, edges)
    con.execute(
        """
        UPDATE raw.articles a SET duplicate_of = v.original, duplicate_reason = v.reason, similarity = v.similarity
        FROM (SELECT unnest(?::VARCHAR[]) AS article_id, unnest(?::VARCHAR[]) AS original, unnest(?::VARCHAR[]) AS reason,
                     unnest(?::DOUBLE[]) AS similarity) v
        WHERE v.article_id = a.article_id AND (a.duplicate_of, a.duplicate_reason, a.similarity)
              IS DISTINCT FROM (v.original, v.reason, v.similarity)
        """,
        [list(found), *([v[i] for v in found.values()] for i in range(3))],
    )


def _family(con: duckdb.DuckDBPyConnection, texts: set[str]) -> tuple[list[Candidate], Edges]:
    """All articles that a chain of same text, similar text or same work leads to."""
    articles: dict[str, Candidate] = {}
    edges: dict[str, dict[str, float]] = {}
    frontier = set(texts)
    seen: set[str] = set()
    while frontier:
        seen |= frontier
        asked = [list(frontier)]
        for one, other, similarity in con.execute(_NEIGHBOURS, asked * 2).fetchall():
            edges.setdefault(one, {})[other] = similarity
            edges.setdefault(other, {})[one] = similarity
        for row in con.execute(_SAME_WORK, asked).fetchall():
            articles[row[0]] = Candidate(*row)
        reached = {a.text_hash for a in articles.values()} | edges.keys()
        frontier = reached - seen
    return list(articles.values()), edges


_NEIGHBOURS = """
SELECT text_hash, other_hash, similarity FROM raw.similar_texts WHERE text_hash IN (SELECT unnest(?::VARCHAR[]))
UNION SELECT text_hash, other_hash, similarity FROM raw.similar_texts WHERE other_hash IN (SELECT unnest(?::VARCHAR[]))
"""
_SAME_WORK = """
SELECT article_id, text_hash, coalesce(version_of, article_id), coalesce(version, 1), published, fetched_at FROM raw.articles
WHERE coalesce(version_of, article_id) IN (
    SELECT coalesce(version_of, article_id) FROM raw.articles WHERE text_hash IN (SELECT unnest(?::VARCHAR[])))
"""


def uncompared(con: duckdb.DuckDBPyConnection, limit: int) -> dict[str, str]:
    """Texts by their hash that were not yet looked up among the others, in a fixed order."""
    rows = con.execute(
        """
        WITH todo AS (
            SELECT DISTINCT text_hash FROM raw.articles a
            WHERE NOT EXISTS (FROM raw.fingerprints f WHERE f.text_hash = a.text_hash) ORDER BY 1 LIMIT ?
        )
        SELECT text_hash, min(text) FROM raw.articles SEMI JOIN todo USING (text_hash) GROUP BY text_hash ORDER BY 1
        """,
        [limit],
    ).fetchall()
    return dict(rows)


# Texts that share a band with a new one: of each band the earliest, among which the original is, since a page that a thousand
# sites show alike (a notice about cookies) would else make half a million pairs.
_CANDIDATES = """
WITH fresh AS (
    SELECT text_hash, unnest(bands) AS band FROM raw.fingerprints WHERE text_hash IN (SELECT unnest(?::VARCHAR[]))
),
sharing AS (
    SELECT text_hash, band FROM (SELECT text_hash, unnest(bands) AS band FROM raw.fingerprints)
    WHERE band IN (SELECT band FROM fresh)
),
dated AS (
    SELECT text_hash, min(published) AS published, min(fetched_at) AS fetched_at, any_value(text) AS text FROM raw.articles
    WHERE text_hash IN (SELECT text_hash FROM sharing) GROUP BY text_hash
),
earliest AS (
    SELECT text_hash, band FROM sharing JOIN dated USING (text_hash)
    QUALIFY row_number() OVER (PARTITION BY band ORDER BY published NULLS LAST, fetched_at, text_hash) <= ?
),
pairs AS (
    SELECT DISTINCT least(f.text_hash, e.text_hash) AS a, greatest(f.text_hash, e.text_hash) AS b
    FROM fresh f JOIN earliest e USING (band) WHERE f.text_hash <> e.text_hash
)
SELECT p.a, p.b, x.text, y.text FROM pairs p JOIN dated x ON x.text_hash = p.a JOIN dated y ON y.text_hash = p.b ORDER BY p.a, p.b
"""
_TEXTS_PER_BAND = 25
_PAIRS_AT_ONCE = 500


def compare(
    con: duckdb.DuckDBPyConnection, bands: Mapping[str, Sequence[int]], similarity: Similarity, threshold: float
) -> int:
    """Look new texts up among all texts, keep the pairs that are alike, and decide anew who is the original.

    Args:
        con: in a transaction.
        bands: hashes of the bands of each new text's MinHash, by text_hash.
        similarity: how alike two texts are, 0 to 1.
        threshold: the least similarity of a repost.

    Returns:
        How many pairs are alike.
    """
    insert_new(con, fingerprints, ({"text_hash": h, "bands": list(b)} for h, b in bands.items()))
    found = []
    candidates = con.execute(_CANDIDATES, [list(bands), _TEXTS_PER_BAND])
    while rows := candidates.fetchmany(_PAIRS_AT_ONCE):
        for one, other, text, other_text in rows:
            if (alike := similarity(text, other_text)) >= threshold:
                found.append({"text_hash": one, "other_hash": other, "similarity": alike})
    if found:
        insert_new(con, similar_texts, found)
        resolve(con, {h for pair in found for h in (pair["text_hash"], pair["other_hash"])})
    return len(found)
