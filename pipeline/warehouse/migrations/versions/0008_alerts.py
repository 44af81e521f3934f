"""Facts worth an alert."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "alerts",
        sa.Column(
            "alert_id",
            sa.String(),
            nullable=False,
            comment="hash of kind, pair or actor, period and word: a fact is raised once",
        ),
        sa.Column("kind", sa.String(), nullable=False, comment="surge, arrow or first seen"),
        sa.Column("a", sa.String(), nullable=False, comment="first actor of the pair, or the actor"),
        sa.Column("b", sa.String(), nullable=True, comment="second actor; null where it is about one actor"),
        sa.Column(
            "period_start",
            sa.Date(),
            nullable=False,
            comment="first day of the week or month; day of the first mention",
        ),
        sa.Column(
            "message", sa.String(), nullable=False, comment="the fact in words, with its figures when it was raised"
        ),
        sa.Column(
            "event_id", sa.String(), nullable=True, comment="the newest event behind it, of a newcomer the first"
        ),
        sa.Column("article_id", sa.String(), nullable=True, comment="the article of that event"),
        sa.Column("sentence", sa.String(), nullable=True, comment="the sentence of that event"),
        sa.Column("source", sa.String(), nullable=True, comment="who published it"),
        sa.Column("url", sa.String(), nullable=True, comment="where"),
        sa.Column("raised_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column(
            "sent_at",
            sa.DateTime(),
            nullable=True,
            comment="when it was sent to webhook and file (UTC); null while it waits",
        ),
        sa.PrimaryKeyConstraint("alert_id"),
        schema="core",
        comment="Surges, turns of the arrow and actors never seen before, each raised once: faultline alerts",
    )
