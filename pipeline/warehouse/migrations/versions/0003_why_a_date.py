"""Which rule read a date, which way an act came by its date, and publication dates from datelines."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_DATE_SOURCE = (
    "where its date comes from: clause, sentence (its only date) or narrative (a sentence before); null without one"
)
_ADDED = {
    "date_mentions": ("rule", "theme and name of the rule that read it: pipeline/knowledge/dates"),
    "attack_counts": ("date_source", _DATE_SOURCE),
    "events": ("date_source", _DATE_SOURCE),
}


def upgrade() -> None:
    """Add the columns."""
    for table, (column, comment) in _ADDED.items():
        op.add_column(table, sa.Column(column, sa.String()), schema="core")
        op.execute(f"COMMENT ON COLUMN core.{table}.{column} IS '{comment}'")
    op.execute(
        "COMMENT ON COLUMN raw.articles.published IS 'publication date, from metadata or else the dateline; never guessed'"
    )
    op.execute(
        "COMMENT ON COLUMN raw.articles.published_precision IS "
        "'day, month or year; dateline where the text states it; null without a date'"
    )
