"""Verbs between two known actors that no event was coded for."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "uncoded_events",
        sa.Column("uncoded_id", sa.String(), nullable=False, comment="hash of article, span and reason"),
        sa.Column("coder_version", sa.String(), nullable=False, comment="the coder that found it"),
        sa.Column("article_id", sa.String(), nullable=False, comment="the article that says so"),
        sa.Column("sentence", sa.Integer(), nullable=False, comment="index of the sentence in core.sentences"),
        sa.Column(
            "start_char",
            sa.Integer(),
            nullable=False,
            comment="offset of the span's first character in the article's text",
        ),
        sa.Column("end_char", sa.Integer(), nullable=False, comment="offset behind the span's last character"),
        sa.Column("text", sa.String(), nullable=False, comment="the span as written"),
        sa.Column("lemma", sa.String(), nullable=False, comment="the verb's lemma"),
        sa.Column("source_actor_id", sa.String(), nullable=False),
        sa.Column("source_text", sa.String(), nullable=False),
        sa.Column("target_actor_id", sa.String(), nullable=False),
        sa.Column("target_text", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False, comment="no pattern, no sense, no sides or unsure"),
        sa.PrimaryKeyConstraint("uncoded_id", "coder_version"),
        schema="core",
        comment="Verbs between two known actors that no event was coded for, and why: from these the lexicon grows",
    )
