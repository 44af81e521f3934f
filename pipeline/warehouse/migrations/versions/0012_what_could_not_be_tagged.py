"""Articles that the tagger does not get through stand among the rejected."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_COMMENTS = {
    "COLUMN raw.rejected.rejected_id": "hash of origin, line and reason; of article and coder, where it could not be tagged",
    "COLUMN raw.rejected.article_id": "the article, where it could be read but not tagged; else null",
    "COLUMN raw.rejected.coder_version": "the coder that did not get through it; the next one tries again",
    "TABLE raw.rejected": "What could not be read, or not tagged, with the reason",
}


def upgrade() -> None:
    """Add the columns; what was rejected before could not be read."""
    op.add_column("rejected", sa.Column("article_id", sa.String()), schema="raw")
    op.add_column("rejected", sa.Column("coder_version", sa.String()), schema="raw")
    for what, comment in _COMMENTS.items():
        op.execute(f"COMMENT ON {what} IS '{comment}'")
