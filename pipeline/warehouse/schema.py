"""The warehouse's tables: the one source of DDL, Arrow schemas, Dagster column schemas and table docs.

What belongs here: columns, keys and their meaning (those of ``raw`` stand in ``raw_tables`` and are used through here). What does
not: how rows get in (``merge``) or how versions follow each other (``migrations``). Keys are hashes of what a row says, so that writing it twice changes nothing; a row of ``core`` that comes
from a text carries article_id, coder_version, sentence and offsets, so that it can be traced to its sentence.

No physical foreign keys: DuckDB cannot delete child and parent in one transaction. Models' ``relationships`` tests stand in. The keys of
``tagging_runs`` and ``TAGGED_TABLES`` have no index, which each batch would write anew: what stores a batch looks its articles up
(``tagged``), and ``integrity`` counts keys.
"""

from typing import Any

import pyarrow as pa
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Integer,
    SmallInteger,
    String,
    Table,
)
from sqlalchemy.types import TypeEngine

from pipeline.warehouse.imported_tables import changepoints, imported_events
from pipeline.warehouse.raw_tables import (
    articles,
    fingerprints,
    metadata,
    rejected,
    similar_texts,
    source_items,
)
from pipeline.warehouse.raw_tables import key_column as _key

__all__ = ["articles", "fingerprints", "metadata", "rejected", "similar_texts", "source_items"]


def _text_row(*, coded: bool = True) -> list[Column[Any]]:
    """Columns that trace a row to its sentence."""
    version = Column("coder_version", String, primary_key=coded, nullable=False, comment="the coder that found it")
    return [
        version,
        Column("article_id", String, nullable=False, comment="the article that says so"),
        Column("sentence", Integer, nullable=False, comment="index of the sentence in core.sentences"),
        Column(
            "start_char", Integer, nullable=False, comment="offset of the span's first character in the article's text"
        ),
        Column("end_char", Integer, nullable=False, comment="offset behind the span's last character"),
        Column("text", String, nullable=False, comment="the span as written"),
    ]


def _interval() -> list[Column[Any]]:
    return [
        Column("start_date", Date, comment="first day meant, inclusive; null where the text gives none"),
        Column("end_date", Date, comment="last day meant, inclusive"),
    ]


tagging_runs = Table(
    "tagging_runs",
    metadata,
    _key("article_id", "the article"),
    _key("coder_version", "the coder"),
    Column("tagged_at", DateTime, nullable=False, comment="UTC"),
    Column("seconds", Double, comment="the article's share of its batch's tagging time"),
    schema="core",
    comment="Which article was tagged by which coder, and when: what has no row here is still to do",
)

sentences = Table(
    "sentences",
    metadata,
    _key("article_id", "the article"),
    _key("coder_version", "the coder"),
    Column("sentence", Integer, primary_key=True, nullable=False, comment="position in the article, from 0"),
    Column("start_char", Integer, nullable=False),
    Column("end_char", Integer, nullable=False),
    schema="core",
    comment="Spans of the sentences; their text is a substring of raw.articles.text",
)

entities = Table(
    "entities",
    metadata,
    _key("entity_id", "hash of article, span and label"),
    *_text_row(),
    Column("label", String, nullable=False, comment="OntoNotes label"),
    schema="core",
    comment="Named entities",
)

actor_mentions = Table(
    "actor_mentions",
    metadata,
    _key("mention_id", "hash of article, span and actor"),
    *_text_row(),
    Column("actor_id", String, nullable=False, comment="core.actors"),
    Column("name", String, nullable=False, comment="the actor's name"),
    Column("kind", String, nullable=False, comment="state, government, armed_group, …"),
    Column("role", String, comment="role that the text gives a person"),
    Column("method", String, nullable=False, comment="how it was resolved: gazetteer, metonym, acronym, ner, …"),
    Column("affiliation", String, comment="actor_id of the organization that a person belongs to"),
    Column(
        "affiliation_source",
        String,
        comment="text: the article says so; knowledge: the office held on that day is known",
    ),
    Column("confidence", Double, comment="share of mentions resolved in this way that were right on gold data"),
    Column("rule", String, comment="which way it was resolved, and by which name"),
    Column("antecedent", Integer, comment="offset of the mention that a pronoun or description takes up"),
    schema="core",
    comment="Spans that stand for an actor",
)

location_mentions = Table(
    "location_mentions",
    metadata,
    _key("mention_id", "hash of article and span"),
    *_text_row(),
    Column("name", String, nullable=False),
    Column("country", String, comment="ISO 3166-1 alpha-3"),
    Column("lat", Double),
    Column("lon", Double),
    schema="core",
    comment="Place names read as places",
)

date_mentions = Table(
    "date_mentions",
    metadata,
    _key("mention_id", "hash of article, span and value"),
    *_text_row(),
    Column("timex_type", String, nullable=False, comment="DATE, TIME, DURATION or SET"),
    Column("value", String, nullable=False, comment="TimeML TIMEX3 value"),
    *_interval(),
    Column("approximate", Boolean, nullable=False),
    Column("rule", String, comment="theme and name of the rule that read it: pipeline/knowledge/dates"),
    schema="core",
    comment="Time expressions",
)

_DATE_SOURCE = (
    "where its date comes from: clause, sentence (its only date) or narrative (a sentence before); null without one"
)

attack_counts = Table(
    "attack_counts",
    metadata,
    _key("count_id", "hash of article, span, measure and figures"),
    *_text_row(),
    Column("measure", String, nullable=False, comment="attacks, killed, injured, protesters, …"),
    Column("low", BigInteger, comment="lower bound; null where unknown"),
    Column("best", BigInteger, comment="the stated figure; null where the words give only bounds"),
    Column("high", BigInteger, comment="upper bound; null where open"),
    Column("actor_id", String, comment="who did it, where stated"),
    Column("target_actor_id", String, comment="whom it befell"),
    Column("target_text", String, comment="whom it befell, as written"),
    *_interval(),
    Column(
        "grain",
        String,
        nullable=False,
        comment="event, day, week, month, year or period: totals never add to incidents",
    ),
    Column("attributed_to", String, comment="who says so, as written or as actor_id"),
    Column(
        "attribution_type", String, nullable=False, comment="self_claim, official, independent, media, unattributed"
    ),
    Column("comparison_text", String),
    Column("comparison_relation", String, comment="max, min, increase or decrease"),
    Column("comparison_start", Date),
    Column("comparison_end", Date),
    Column(
        "status", String, nullable=False, comment="actual, historical, ongoing_state, future, hypothetical, unconfirmed"
    ),
    Column("date_source", String, comment=_DATE_SOURCE),
    Column("attack_kind", String, comment="which attacks are counted: bombing, raid, …; null for other measures"),
    Column("location", String, comment="the place that the sentence names for it"),
    Column("country", String, comment="of that place, ISO 3166-1 alpha-3"),
    Column(
        "part_of",
        Integer,
        comment="start_char of the figure that this one is a part of (12 people, including two children): the two are never added",
    ),
    schema="core",
    comment="Reported figures: attacks, casualties and others",
)

events = Table(
    "events",
    metadata,
    _key("event_id", "hash of article, trigger span, type and participants: same text, same id"),
    *_text_row(),
    Column("source_actor_id", String),
    Column("source_start", Integer),
    Column("source_end", Integer),
    Column("source_text", String),
    Column("target_actor_id", String),
    Column("target_start", Integer),
    Column("target_end", Integer),
    Column("target_text", String),
    Column("event_type", String, nullable=False, comment="PLOVER type"),
    Column("mode", String, comment="PLOVER mode"),
    Column("cameo_code", String, comment="CAMEO code as text"),
    Column(
        "quad_class",
        SmallInteger,
        nullable=False,
        comment="1 verbal and 2 material cooperation, 3 verbal and 4 material conflict",
    ),
    Column("quad_scheme", String, nullable=False, comment="whose quad classes: plover"),
    Column("goldstein", Double, nullable=False, comment="Goldstein scale, -10 to +10 (ICEWS table)"),
    Column("plover_score", Double, nullable=False, comment="PLOVER score, -10 to +10"),
    *_interval(),
    Column("date_precision", String, nullable=False, comment="day, week, month, year, decade or none"),
    Column("location", String),
    Column(
        "status", String, nullable=False, comment="actual, historical, ongoing_state, future, hypothetical, unconfirmed"
    ),
    Column("negated", Boolean, nullable=False),
    Column("attributed_to", String, comment="who says so"),
    Column("confidence", Double, nullable=False, comment="0 to 1"),
    Column("rule", String, comment="the lexicon entry that fired"),
    Column("date_source", String, comment=_DATE_SOURCE),
    schema="core",
    comment="What one actor does to another",
)

incidents = Table(
    "incidents",
    metadata,
    _key("incident_id", "hash of article, first trigger span and type"),
    *_text_row(),
    Column("ordinal", Integer, nullable=False, comment="0 is the article's main incident"),
    Column("incident_type", String, nullable=False),
    *_interval(),
    Column("location", String),
    Column("country", String, comment="ISO 3166-1 alpha-3"),
    *[
        Column(name, ARRAY(String), nullable=False, comment=comment)
        for name, comment in (
            ("perpetrator_individuals", "as written"),
            ("perpetrator_organizations", "as written"),
            ("targets", "things attacked, as written"),
            ("victims", "people attacked, as written"),
            ("weapons", "as written"),
        )
    ],
    *[Column(f"{m}_{b}", BigInteger) for m in ("killed", "injured") for b in ("low", "best", "high")],
    Column("status", String, nullable=False),
    Column("event_ids", ARRAY(String), nullable=False, comment="core.events that belong to it"),
    Column("lat", Double, comment="degrees north of the place named; null where unknown or larger than a town"),
    Column("lon", Double, comment="degrees east"),
    Column(
        "date_source",
        String,
        comment="clause, sentence (another date of its sentence), narrative (a sentence beside), elapsed (the time since), statement "
        "(the day on which somebody spoke of it: it lies then or before); null without a date",
    ),
    Column("sentences", ARRAY(Integer), comment="core.sentences that tell of it or of those whom it hurt"),
    schema="core",
    comment="Violent incidents, the mentions within one article merged",
)

uncoded_events = Table(
    "uncoded_events",
    metadata,
    _key("uncoded_id", "hash of article, span and reason"),
    *_text_row(),
    Column("lemma", String, nullable=False, comment="the verb's lemma"),
    Column("source_actor_id", String, nullable=False),
    Column("source_text", String, nullable=False),
    Column("target_actor_id", String, nullable=False),
    Column("target_text", String, nullable=False),
    Column("reason", String, nullable=False, comment="no pattern, no sense, no sides or unsure"),
    schema="core",
    comment="Verbs between two known actors that no event was coded for, and why: from these the lexicon grows",
)

relation_statements = Table(
    "relation_statements",
    metadata,
    _key("relation_id", "hash of article, span, pair and cue type"),
    *_text_row(),
    Column("actor_a", String, nullable=False),
    Column("actor_b", String, nullable=False),
    Column("directed", Boolean, nullable=False, comment="whether it is said of a towards b only"),
    Column("cue_type", String, nullable=False),
    Column("polarity", SmallInteger, nullable=False, comment="+1 cooperative, 0 neutral, -1 tense"),
    Column("strength", SmallInteger, nullable=False, comment="1 to 3"),
    Column("status", String, nullable=False),
    schema="core",
    comment="Statements about how two actors stand to each other; never added to events",
)

actors = Table(
    "actors",
    metadata,
    _key("actor_id", "ISO alpha-3 for states; person:…, org:… for actors found in the texts"),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("country", String, comment="ISO 3166-1 alpha-3"),
    Column("parent_id", String, comment="the actor that it belongs to; dated parents are in core.actor_roles"),
    Column("start_date", Date),
    Column("end_date", Date),
    Column("wikidata", String),
    Column(
        "source", String, nullable=False, comment="where the knowledge comes from; 'text' for actors found in articles"
    ),
    Column("cameo", String, comment="code that CAMEO and PLOVER data sets use for it"),
    schema="core",
    comment="Actors: the knowledge base and those found in the texts",
)

actor_aliases = Table(
    "actor_aliases",
    metadata,
    _key("actor_id", "core.actors"),
    _key("alias", "a name it goes by"),
    Column("source", String, nullable=False),
    Column("needs_context", Boolean, comment="whether the name alone is not enough: a word, or others have it too"),
    Column("reading", String, comment="name, capital, adjective, people, seat, building, person or surname"),
    schema="core",
    comment="Names that actors go by",
)

actor_roles = Table(
    "actor_roles",
    metadata,
    _key("role_id", "hash of the other columns"),
    Column("actor_id", String, nullable=False, comment="core.actors"),
    Column("parent_id", String, comment="what it was part of; null where the role stands by itself"),
    Column("role", String, nullable=False, comment="as what: government, member, spokesperson, …"),
    Column("start_date", Date, comment="null: since ever, as far as known"),
    Column("end_date", Date, comment="null: until now, as far as known"),
    Column("source", String, nullable=False),
    schema="core",
    comment="Dated roles: the Taliban are an armed group, and since 2021-08-15 a government",
)

actor_links = Table(
    "actor_links",
    metadata,
    _key("actor_id", "core.actors"),
    _key("relation", "splinter_of, merged_into, renamed_from or allied_with"),
    _key("other_id", "core.actors"),
    Column("start_date", Date, comment="null where unknown"),
    Column("end_date", Date, comment="null where unknown or still so"),
    Column("source", String, nullable=False),
    schema="core",
    comment="How organizations stand to each other in their own histories",
)

actor_variants = Table(
    "actor_variants",
    metadata,
    _key("actor_id", "an actor found in the texts"),
    Column("same_as", String, nullable=False, comment="the actor that it is taken for: core.actors"),
    Column("similarity", Double, nullable=False, comment="0 to 1: how alike the names are written"),
    Column("reason", String, nullable=False, comment="the rule that joined them"),
    schema="core",
    comment="Spellings of one name: actors found in the texts that are one and the same. Mentions keep the id of their spelling",
)

event_types = Table(
    "event_types",
    metadata,
    _key("event_type", "PLOVER type"),
    _key("mode", "PLOVER mode; empty for the type itself"),
    Column("quad_class", SmallInteger, nullable=False),
    Column("quad_scheme", String, nullable=False),
    Column("plover_score", Double, nullable=False),
    Column("source", String, nullable=False),
    schema="core",
    comment="PLOVER types and modes with their scores",
)

cameo_codes = Table(
    "cameo_codes",
    metadata,
    _key("cameo_code", "CAMEO code as text: 010 is not 10"),
    Column("root", String, nullable=False),
    Column("label", String, nullable=False),
    Column("goldstein", Double),
    Column("event_type", String, comment="PLOVER type that it maps to"),
    Column("mode", String),
    Column("source", String, nullable=False),
    schema="core",
    comment="CAMEO codes with the Goldstein scale",
)

parameters = Table(
    "parameters",
    metadata,
    _key("name", "setting under [indicators]"),
    Column("value", Double, nullable=False),
    Column("description", String, nullable=False),
    schema="core",
    comment="Parameters of the indicators as the settings give them",
)

# Tables that neither the tagger nor the knowledge files fill.
IMPORTED_TABLES = (imported_events, changepoints)
# Tables whose rows the tagger writes, in the order in which the record lists them.
TAGGED_TABLES = (
    sentences,
    entities,
    actor_mentions,
    location_mentions,
    date_mentions,
    attack_counts,
    events,
    incidents,
    relation_statements,
    uncoded_events,
)
# Tables that are derived from those as a whole, whenever something was tagged.
DERIVED_TABLES = (actor_variants,)
# Tables that are loaded from the knowledge files and the settings, whole.
REFERENCE_TABLES = (actors, actor_aliases, actor_roles, actor_links, event_types, cameo_codes, parameters)

_ARROW: dict[type[TypeEngine[Any]], pa.DataType] = {
    String: pa.string(),
    Integer: pa.int32(),
    SmallInteger: pa.int16(),
    BigInteger: pa.int64(),
    Double: pa.float64(),
    Boolean: pa.bool_(),
    Date: pa.date32(),
}


def arrow_type(column: Column[Any]) -> pa.DataType:
    """The Arrow type of a column."""
    kind = column.type
    if isinstance(kind, ARRAY):
        return pa.list_(_ARROW[type(kind.item_type)])
    if isinstance(kind, DateTime):
        return pa.timestamp("us")
    return _ARROW[type(kind)]


def arrow_schema(table: Table) -> pa.Schema:
    """The Arrow schema of a table, columns in order."""
    return pa.schema([pa.field(c.name, arrow_type(c), nullable=bool(c.nullable)) for c in table.columns])


def full_name(table: Table) -> str:
    """``schema.table``."""
    return f"{table.schema}.{table.name}"
