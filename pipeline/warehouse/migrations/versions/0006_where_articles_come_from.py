"""Which source brought an article, what a source has delivered, near-duplicates, versions of an article, where a date comes from."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_ARTICLES: dict[str, tuple[Any, str]] = {
    "published_source": (sa.String(), "where the date comes from: metadata, url or dateline; null without a date"),
    "published_flag": (sa.String(), "a stated date that was not believed, with the reason: future or placeholder"),
    "duplicate_reason": (sa.String(), "text, near or version; null for originals"),
    "similarity": (
        sa.Double(),
        "Jaccard index of the word triples of this text and of the original's family; null for originals",
    ),
    "version_of": (
        sa.String(),
        "article_id of the first version, where the text at this address has changed since; null for first versions",
    ),
    "version": (sa.Integer(), "1 for the text as read first at this address, then counted up"),
    "ingest_source": (sa.String(), "the declared source that brought it"),
}
_CHANGED_COMMENTS = {
    "articles.language": "ISO 639-1 code: detected in the text, else as the metadata say",
    "articles.duplicate_of": "article_id of the original that this one repeats or is an old version of; null for originals",
}


def upgrade() -> None:
    """Add the columns and tables."""
    for name, (kind, comment) in _ARTICLES.items():
        op.add_column("articles", sa.Column(name, kind), schema="raw")
        op.execute(f"COMMENT ON COLUMN raw.articles.{name} IS '{comment.replace("'", "''")}'")
    op.add_column("rejected", sa.Column("ingest_source", sa.String()), schema="raw")
    op.execute("COMMENT ON COLUMN raw.rejected.ingest_source IS 'the declared source that it came from'")
    op.execute("UPDATE raw.articles SET version = 1")
    op.execute(
        "UPDATE raw.articles SET published_source = "
        "CASE WHEN published_precision = 'dateline' THEN 'dateline' ELSE 'metadata' END WHERE published IS NOT NULL"
    )
    op.execute("UPDATE raw.articles SET duplicate_reason = 'text', similarity = 1 WHERE duplicate_of IS NOT NULL")
    for column, comment in _CHANGED_COMMENTS.items():
        op.execute(f"COMMENT ON COLUMN raw.{column} IS '{comment}'")
    op.create_table(
        "source_items",
        sa.Column("source", sa.String(), nullable=False, comment="name of the source"),
        sa.Column("item", sa.String(), nullable=False, comment="file or address"),
        sa.Column(
            "version",
            sa.String(),
            nullable=False,
            comment="its state when it was read: size and time, or date of change",
        ),
        sa.Column("done_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.PrimaryKeyConstraint("source", "item"),
        schema="raw",
        comment="What each source has delivered whole, written together with it: the cursor of the source",
    )
    op.create_table(
        "fingerprints",
        sa.Column("text_hash", sa.String(), nullable=False, comment="raw.articles.text_hash"),
        sa.Column(
            "bands",
            sa.ARRAY(sa.BigInteger()),
            nullable=False,
            comment="hashes of the bands of its MinHash; empty for texts too short to compare",
        ),
        sa.PrimaryKeyConstraint("text_hash"),
        schema="raw",
        comment="What near-duplicates are looked up by: one row a text; a text without one is still to be compared",
    )
    op.create_table(
        "similar_texts",
        sa.Column("text_hash", sa.String(), nullable=False, comment="a text"),
        sa.Column("other_hash", sa.String(), nullable=False, comment="another text, greater by its hash"),
        sa.Column("similarity", sa.Double(), nullable=False, comment="Jaccard index of their word triples"),
        sa.PrimaryKeyConstraint("text_hash", "other_hash"),
        schema="raw",
        comment="Pairs of near-duplicate texts",
    )
