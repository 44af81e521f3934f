"""Events that others coded, and changepoints of weekly series."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the two tables."""
    op.create_table(
        "imported_events",
        sa.Column("event_id", sa.String(), nullable=False, comment="hash of data set and the event's id there"),
        sa.Column(
            "dataset",
            sa.String(),
            nullable=False,
            comment="name of the data set; kept apart from our own events in every model",
        ),
        sa.Column("native_id", sa.String(), nullable=False, comment="the event's id in the data set, else file line"),
        sa.Column("source_code", sa.String(), nullable=True, comment="who acts, as the data set writes it"),
        sa.Column("target_code", sa.String(), nullable=True, comment="upon whom, as the data set writes it"),
        sa.Column(
            "source_actor_id",
            sa.String(),
            nullable=False,
            comment="core.actors where the code is known there, else the code",
        ),
        sa.Column("target_actor_id", sa.String(), nullable=False),
        sa.Column(
            "event_type",
            sa.String(),
            nullable=False,
            comment="PLOVER type; STATE and APPEAL for the CAMEO roots 01 and 02 that it drops",
        ),
        sa.Column(
            "cameo_code", sa.String(), nullable=True, comment="CAMEO code as text; null where the data set has none"
        ),
        sa.Column("quad_class", sa.SmallInteger(), nullable=False, comment="the data set's own where it has one"),
        sa.Column("quad_scheme", sa.String(), nullable=False, comment="whose quad classes"),
        sa.Column(
            "goldstein",
            sa.Double(),
            nullable=False,
            comment="Goldstein scale, -10 to +10: the data set's own where it has one",
        ),
        sa.Column(
            "plover_score", sa.Double(), nullable=False, comment="PLOVER score of type and mode; 0 for STATE and APPEAL"
        ),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("date_precision", sa.String(), nullable=False, comment="day, week, month or year"),
        sa.Column("location", sa.String(), nullable=True),
        sa.Column("killed_low", sa.BigInteger(), nullable=True, comment="people killed; null where not stated"),
        sa.Column("killed_best", sa.BigInteger(), nullable=True, comment="people killed; null where not stated"),
        sa.Column("killed_high", sa.BigInteger(), nullable=True, comment="people killed; null where not stated"),
        sa.Column("n_articles", sa.Integer(), nullable=True, comment="articles that the data set names for it"),
        sa.Column("n_sources", sa.Integer(), nullable=True, comment="sources that it names"),
        sa.Column("publisher", sa.String(), nullable=True, comment="the source that it names, where it names one"),
        sa.Column(
            "is_unique",
            sa.Boolean(),
            nullable=False,
            comment="whether the data set has one row per event, so that no two are merged",
        ),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("description", sa.String(), nullable=True, comment="its text or notes on the event"),
        sa.Column("origin", sa.String(), nullable=False, comment="file and line that it was read from"),
        sa.PrimaryKeyConstraint("event_id"),
        schema="core",
        comment="Events that others coded, for comparison: faultline import-events",
    )
    op.create_table(
        "changepoints",
        sa.Column("dataset", sa.String(), nullable=False, comment="whose events"),
        sa.Column("a", sa.String(), nullable=False, comment="first actor of the pair in alphabetical order"),
        sa.Column("b", sa.String(), nullable=False, comment="second actor"),
        sa.Column("week", sa.Date(), nullable=False, comment="Monday of the week"),
        sa.Column("n_conflict", sa.Integer(), nullable=False, comment="conflict events of the week"),
        sa.Column(
            "p_recent",
            sa.Double(),
            nullable=False,
            comment="probability that the rate changed within the last weeks (changepoint_run)",
        ),
        sa.Column("run_weeks", sa.Double(), nullable=False, comment="expected weeks since the rate changed last"),
        sa.Column("rate", sa.Double(), nullable=False, comment="expected conflict events a week now"),
        sa.PrimaryKeyConstraint("dataset", "a", "b", "week"),
        schema="core",
        comment="Bayesian online changepoint detection on the weekly conflict events of each pair (pipeline/changepoints.py)",
    )
