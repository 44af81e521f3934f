"""Which figure another one is a part of."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_COMMENT = (
    "start_char of the figure that this one is a part of (12 people, including two children): the two are never added"
)


def upgrade() -> None:
    """Add the column; figures of earlier coders are a part of none."""
    op.add_column("attack_counts", sa.Column("part_of", sa.Integer()), schema="core")
    op.execute(f"COMMENT ON COLUMN core.attack_counts.part_of IS '{_COMMENT}'")
