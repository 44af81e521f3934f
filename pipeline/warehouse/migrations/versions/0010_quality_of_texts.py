"""What may have gone wrong when an article's text was made."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_COMMENT = (
    "what may have gone wrong when the text was made: boilerplate, caption, encoding, glued, links, short, truncated; "
    "null where it was not looked at"
)


def upgrade() -> None:
    """Add the column; articles that were read before were not looked at."""
    op.add_column("articles", sa.Column("quality_flags", sa.ARRAY(sa.String())), schema="raw")
    op.execute(f"COMMENT ON COLUMN raw.articles.quality_flags IS '{_COMMENT}'")
