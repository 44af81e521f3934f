"""How each mention was resolved and how surely; codes, links and spellings of actors."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_MENTIONS: dict[str, tuple[Any, str]] = {
    "affiliation_source": (sa.String(), "text: the article says so; knowledge: the office held on that day is known"),
    "confidence": (sa.Double(), "share of mentions resolved in this way that were right on gold data"),
    "rule": (sa.String(), "which way it was resolved, and by which name"),
    "antecedent": (sa.Integer(), "offset of the mention that a pronoun or description takes up"),
}
_ALIASES: dict[str, tuple[Any, str]] = {
    "needs_context": (sa.Boolean(), "whether the name alone is not enough: a word, or others have it too"),
    "reading": (sa.String(), "name, capital, adjective, people, seat, building, person or surname"),
}


def upgrade() -> None:
    """Add the columns and tables."""
    for name, (kind, comment) in _MENTIONS.items():
        op.add_column("actor_mentions", sa.Column(name, kind, comment=comment), schema="core")
        op.execute(f"COMMENT ON COLUMN core.actor_mentions.{name} IS '{comment}'")
    op.execute(
        "COMMENT ON COLUMN core.actor_mentions.affiliation IS 'actor_id of the organization that a person belongs to'"
    )
    op.add_column("actors", sa.Column("cameo", sa.String()), schema="core")
    op.execute("COMMENT ON COLUMN core.actors.cameo IS 'code that CAMEO and PLOVER data sets use for it'")
    for name, (kind, comment) in _ALIASES.items():
        op.add_column("actor_aliases", sa.Column(name, kind, comment=comment), schema="core")
        op.execute(f"COMMENT ON COLUMN core.actor_aliases.{name} IS '{comment}'")
    op.create_table(
        "actor_links",
        sa.Column("actor_id", sa.String(), nullable=False, comment="core.actors"),
        sa.Column(
            "relation", sa.String(), nullable=False, comment="splinter_of, merged_into, renamed_from or allied_with"
        ),
        sa.Column("other_id", sa.String(), nullable=False, comment="core.actors"),
        sa.Column("start_date", sa.Date(), comment="null where unknown"),
        sa.Column("end_date", sa.Date(), comment="null where unknown or still so"),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", "relation", "other_id"),
        schema="core",
        comment="How organizations stand to each other in their own histories",
    )
    op.create_table(
        "actor_variants",
        sa.Column("actor_id", sa.String(), nullable=False, comment="an actor found in the texts"),
        sa.Column("same_as", sa.String(), nullable=False, comment="the actor that it is taken for: core.actors"),
        sa.Column("similarity", sa.Double(), nullable=False, comment="0 to 1: how alike the names are written"),
        sa.Column("reason", sa.String(), nullable=False, comment="the rule that joined them"),
        sa.PrimaryKeyConstraint("actor_id"),
        schema="core",
        comment=(
            "Spellings of one name: actors found in the texts that are one and the same. "
            "Mentions keep the id of their spelling"
        ),
    )
