"""Kinds of attacks counted, places of counts, coordinates of incidents."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_ADDED: tuple[tuple[str, str, type[Any], str], ...] = (
    ("attack_counts", "attack_kind", sa.String, "which attacks are counted: bombing, raid, …; null for other measures"),
    ("attack_counts", "location", sa.String, "the place that the sentence names for it"),
    ("attack_counts", "country", sa.String, "of that place, ISO 3166-1 alpha-3"),
    ("incidents", "lat", sa.Double, "degrees north of the place named; null where unknown or larger than a town"),
    ("incidents", "lon", sa.Double, "degrees east"),
)


def upgrade() -> None:
    """Add the columns."""
    for table, column, kind, comment in _ADDED:
        op.add_column(table, sa.Column(column, kind()), schema="core")
        op.execute(f"COMMENT ON COLUMN core.{table}.{column} IS '{comment}'")
