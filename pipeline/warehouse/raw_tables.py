"""The tables of ``raw``: articles as read, what could not be read, and what is known of the sources and of repeated texts.

What does not belong here: tables of what was found in the texts (``schema``, through which these are used too).
"""

from typing import Any

from sqlalchemy import ARRAY, BigInteger, Column, Date, DateTime, Double, Integer, MetaData, String, Table

metadata = MetaData()


def key_column(name: str, comment: str) -> Column[Any]:
    """A text column of a primary key."""
    return Column(name, String, primary_key=True, nullable=False, comment=comment)


articles = Table(
    "articles",
    metadata,
    key_column("article_id", "hash of the canonical URL, else of source and normalized text"),
    Column("doc_id", String, comment="identifier that the source gave"),
    Column("url", String),
    Column("source", String, comment="who published it"),
    Column("title", String),
    Column("author", String),
    Column("published", Date, comment="publication date, from metadata or else the dateline; never guessed"),
    Column(
        "published_precision",
        String,
        comment="day, month or year; dateline where the text states it; null without a date",
    ),
    Column(
        "published_source",
        String,
        comment="where the date comes from: metadata, url or dateline; null without a date",
    ),
    Column(
        "published_flag", String, comment="a stated date that was not believed, with the reason: future or placeholder"
    ),
    Column("fetched_at", DateTime, nullable=False, comment="when it was read first (UTC)"),
    Column("language", String, comment="ISO 639-1 code: detected in the text, else as the metadata say"),
    Column("text", String, nullable=False, comment="the article as read; all offsets point into it"),
    Column("text_hash", String, nullable=False, comment="hash of the normalized text"),
    Column(
        "duplicate_of",
        String,
        comment="article_id of the original that this one repeats or is an old version of; null for originals",
    ),
    Column("duplicate_reason", String, comment="text, near or version; null for originals"),
    Column(
        "similarity",
        Double,
        comment="Jaccard index of the word triples of this text and of the original's family; null for originals",
    ),
    Column(
        "version_of",
        String,
        comment="article_id of the first version, where the text at this address has changed since; null for first versions",
    ),
    Column("version", Integer, comment="1 for the text as read first at this address, then counted up"),
    Column("origin", String, comment="file and line, or URL, that it was read from"),
    Column("ingest_source", String, comment="the declared source that brought it"),
    Column("ingest_batch", String, nullable=False, comment="identifier of the reading that brought it"),
    Column(
        "quality_flags",
        ARRAY(String),
        comment="what may have gone wrong when the text was made: boilerplate, caption, encoding, glued, links, short, truncated; "
        "null where it was not looked at",
    ),
    schema="raw",
    comment="Articles as read, one row each, reposts included",
)

rejected = Table(
    "rejected",
    metadata,
    key_column("rejected_id", "hash of origin, line and reason; of article and coder, where it could not be tagged"),
    Column("origin", String, nullable=False, comment="file or URL"),
    Column("line", Integer, comment="line in the file, where there is one"),
    Column("reason", String, nullable=False, comment="why it could not be read, and what to do"),
    Column("excerpt", String, comment="its beginning"),
    Column("first_seen", DateTime, nullable=False, comment="UTC"),
    Column("ingest_source", String, comment="the declared source that it came from"),
    Column("ingest_batch", String, nullable=False),
    Column("article_id", String, comment="the article, where it could be read but not tagged; else null"),
    Column("coder_version", String, comment="the coder that did not get through it; the next one tries again"),
    schema="raw",
    comment="What could not be read, or not tagged, with the reason",
)

source_items = Table(
    "source_items",
    metadata,
    key_column("source", "name of the source"),
    key_column("item", "file or address"),
    Column("version", String, nullable=False, comment="its state when it was read: size and time, or date of change"),
    Column("done_at", DateTime, nullable=False, comment="UTC"),
    schema="raw",
    comment="What each source has delivered whole, written together with it: the cursor of the source",
)

fingerprints = Table(
    "fingerprints",
    metadata,
    key_column("text_hash", "raw.articles.text_hash"),
    Column(
        "bands",
        ARRAY(BigInteger),
        nullable=False,
        comment="hashes of the bands of its MinHash; empty for texts too short to compare",
    ),
    schema="raw",
    comment="What near-duplicates are looked up by: one row a text; a text without one is still to be compared",
)

similar_texts = Table(
    "similar_texts",
    metadata,
    key_column("text_hash", "a text"),
    key_column("other_hash", "another text, greater by its hash"),
    Column("similarity", Double, nullable=False, comment="Jaccard index of their word triples"),
    schema="raw",
    comment="Pairs of near-duplicate texts",
)
