"""How an incident came by its date, and all sentences that tell of it."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_ADDED: tuple[tuple[str, Any, str], ...] = (
    (
        "date_source",
        sa.String(),
        "clause, sentence (another date of its sentence), narrative (a sentence beside), elapsed (the time since), statement "
        "(the day on which somebody spoke of it: it lies then or before); null without a date",
    ),
    ("sentences", sa.ARRAY(sa.Integer()), "core.sentences that tell of it or of those whom it hurt"),
)


def upgrade() -> None:
    """Add the columns; incidents of earlier coders keep none."""
    for column, kind, comment in _ADDED:
        op.add_column("incidents", sa.Column(column, kind), schema="core")
        op.execute(f"COMMENT ON COLUMN core.incidents.{column} IS '{comment}'")
