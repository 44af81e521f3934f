"""Tables beside those that the tagger writes: events that others coded, what Python computes from weekly series, alerts.

What belongs here: as in ``schema``, which imports these tables, so that one module has them all.
"""

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Double, Integer, SmallInteger, String, Table

from pipeline.warehouse.raw_tables import key_column as key
from pipeline.warehouse.raw_tables import metadata

imported_events = Table(
    "imported_events",
    metadata,
    key("event_id", "hash of data set and the event's id there"),
    Column(
        "dataset", String, nullable=False, comment="name of the data set; kept apart from our own events in every model"
    ),
    Column("native_id", String, nullable=False, comment="the event's id in the data set, else file line"),
    Column("source_code", String, comment="who acts, as the data set writes it"),
    Column("target_code", String, comment="upon whom, as the data set writes it"),
    Column(
        "source_actor_id", String, nullable=False, comment="core.actors where the code is known there, else the code"
    ),
    Column("target_actor_id", String, nullable=False),
    Column(
        "event_type",
        String,
        nullable=False,
        comment="PLOVER type; STATE and APPEAL for the CAMEO roots 01 and 02 that it drops",
    ),
    Column("cameo_code", String, comment="CAMEO code as text; null where the data set has none"),
    Column("quad_class", SmallInteger, nullable=False, comment="the data set's own where it has one"),
    Column("quad_scheme", String, nullable=False, comment="whose quad classes"),
    Column(
        "goldstein", Double, nullable=False, comment="Goldstein scale, -10 to +10: the data set's own where it has one"
    ),
    Column("plover_score", Double, nullable=False, comment="PLOVER score of type and mode; 0 for STATE and APPEAL"),
    Column("start_date", Date, nullable=False),
    Column("end_date", Date, nullable=False),
    Column("date_precision", String, nullable=False, comment="day, week, month or year"),
    Column("location", String),
    *[
        Column(f"killed_{b}", BigInteger, comment="people killed; null where not stated")
        for b in ("low", "best", "high")
    ],
    Column("n_articles", Integer, comment="articles that the data set names for it"),
    Column("n_sources", Integer, comment="sources that it names"),
    Column("publisher", String, comment="the source that it names, where it names one"),
    Column(
        "is_unique",
        Boolean,
        nullable=False,
        comment="whether the data set has one row per event, so that no two are merged",
    ),
    Column("url", String),
    Column("description", String, comment="its text or notes on the event"),
    Column("origin", String, nullable=False, comment="file and line that it was read from"),
    schema="core",
    comment="Events that others coded, for comparison: faultline import-events",
)

changepoints = Table(
    "changepoints",
    metadata,
    key("dataset", "whose events"),
    key("a", "first actor of the pair in alphabetical order"),
    key("b", "second actor"),
    Column("week", Date, primary_key=True, nullable=False, comment="Monday of the week"),
    Column("n_conflict", Integer, nullable=False, comment="conflict events of the week"),
    Column(
        "p_recent",
        Double,
        nullable=False,
        comment="probability that the rate changed within the last weeks (changepoint_run)",
    ),
    Column("run_weeks", Double, nullable=False, comment="expected weeks since the rate changed last"),
    Column("rate", Double, nullable=False, comment="expected conflict events a week now"),
    schema="core",
    comment="Bayesian online changepoint detection on the weekly conflict events of each pair (pipeline/changepoints.py)",
)

alerts = Table(
    "alerts",
    metadata,
    key("alert_id", "hash of kind, pair or actor, period and word: a fact is raised once"),
    Column("kind", String, nullable=False, comment="surge, arrow or first seen"),
    Column("a", String, nullable=False, comment="first actor of the pair, or the actor"),
    Column("b", String, comment="second actor; null where it is about one actor"),
    Column("period_start", Date, nullable=False, comment="first day of the week or month; day of the first mention"),
    Column("message", String, nullable=False, comment="the fact in words, with its figures when it was raised"),
    Column("event_id", String, comment="the newest event behind it, of a newcomer the first"),
    Column("article_id", String, comment="the article of that event"),
    Column("sentence", String, comment="the sentence of that event"),
    Column("source", String, comment="who published it"),
    Column("url", String, comment="where"),
    Column("raised_at", DateTime, nullable=False, comment="UTC"),
    Column("sent_at", DateTime, comment="when it was sent to webhook and file (UTC); null while it waits"),
    schema="core",
    comment="Surges, turns of the arrow and actors never seen before, each raised once: faultline alerts",
)
