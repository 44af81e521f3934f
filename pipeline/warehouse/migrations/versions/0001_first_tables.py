"""First tables: raw articles and rejects, and all of core."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the schemas and tables."""
    op.execute("CREATE SCHEMA IF NOT EXISTS raw")
    op.execute("CREATE SCHEMA IF NOT EXISTS core")
    op.create_table(
        "actor_aliases",
        sa.Column("actor_id", sa.String(), nullable=False, comment="core.actors"),
        sa.Column("alias", sa.String(), nullable=False, comment="a name it goes by"),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", "alias"),
        schema="core",
        comment="Names that actors go by",
    )
    op.create_table(
        "actor_mentions",
        sa.Column("mention_id", sa.String(), nullable=False, comment="hash of article, span and actor"),
        sa.Column("coder_version", sa.String(), nullable=False, comment="the coder that found it"),
        sa.Column("article_id", sa.String(), nullable=False, comment="the article that says so"),
        sa.Column("sentence", sa.Integer(), nullable=False, comment="index of the sentence in core.sentences"),
        sa.Column(
            "start_char",
            sa.Integer(),
            nullable=False,
            comment="offset of the span's first character in the article's text",
        ),
        sa.Column("end_char", sa.Integer(), nullable=False, comment="offset behind the span's last character"),
        sa.Column("text", sa.String(), nullable=False, comment="the span as written"),
        sa.Column("actor_id", sa.String(), nullable=False, comment="core.actors"),
        sa.Column("name", sa.String(), nullable=False, comment="the actor's name"),
        sa.Column("kind", sa.String(), nullable=False, comment="state, government, armed_group, …"),
        sa.Column("role", sa.String(), nullable=True, comment="role that the text gives a person"),
        sa.Column(
            "method", sa.String(), nullable=False, comment="how it was resolved: gazetteer, metonym, acronym, ner, …"
        ),
        sa.Column(
            "affiliation",
            sa.String(),
            nullable=True,
            comment="actor_id of the organization that the text ties a person to",
        ),
        sa.PrimaryKeyConstraint("mention_id", "coder_version"),
        schema="core",
        comment="Spans that stand for an actor",
    )
    op.create_table(
        "actor_roles",
        sa.Column("role_id", sa.String(), nullable=False, comment="hash of the other columns"),
        sa.Column("actor_id", sa.String(), nullable=False, comment="core.actors"),
        sa.Column(
            "parent_id", sa.String(), nullable=True, comment="what it was part of; null where the role stands by itself"
        ),
        sa.Column("role", sa.String(), nullable=False, comment="as what: government, member, spokesperson, …"),
        sa.Column("start_date", sa.Date(), nullable=True, comment="null: since ever, as far as known"),
        sa.Column("end_date", sa.Date(), nullable=True, comment="null: until now, as far as known"),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("role_id"),
        schema="core",
        comment="Dated roles: the Taliban are an armed group, and since 2021-08-15 a government",
    )
    op.create_table(
        "actors",
        sa.Column(
            "actor_id",
            sa.String(),
            nullable=False,
            comment="ISO alpha-3 for states; person:…, org:… for actors found in the texts",
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=True, comment="ISO 3166-1 alpha-3"),
        sa.Column(
            "parent_id",
            sa.String(),
            nullable=True,
            comment="the actor that it belongs to; dated parents are in core.actor_roles",
        ),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("wikidata", sa.String(), nullable=True),
        sa.Column(
            "source",
            sa.String(),
            nullable=False,
            comment="where the knowledge comes from; 'text' for actors found in articles",
        ),
        sa.PrimaryKeyConstraint("actor_id"),
        schema="core",
        comment="Actors: the knowledge base and those found in the texts",
    )
    op.create_table(
        "attack_counts",
        sa.Column("count_id", sa.String(), nullable=False, comment="hash of article, span, measure and figures"),
        sa.Column("coder_version", sa.String(), nullable=False, comment="the coder that found it"),
        sa.Column("article_id", sa.String(), nullable=False, comment="the article that says so"),
        sa.Column("sentence", sa.Integer(), nullable=False, comment="index of the sentence in core.sentences"),
        sa.Column(
            "start_char",
            sa.Integer(),
            nullable=False,
            comment="offset of the span's first character in the article's text",
        ),
        sa.Column("end_char", sa.Integer(), nullable=False, comment="offset behind the span's last character"),
        sa.Column("text", sa.String(), nullable=False, comment="the span as written"),
        sa.Column("measure", sa.String(), nullable=False, comment="attacks, killed, injured, protesters, …"),
        sa.Column("low", sa.BigInteger(), nullable=True, comment="lower bound; null where unknown"),
        sa.Column(
            "best", sa.BigInteger(), nullable=True, comment="the stated figure; null where the words give only bounds"
        ),
        sa.Column("high", sa.BigInteger(), nullable=True, comment="upper bound; null where open"),
        sa.Column("actor_id", sa.String(), nullable=True, comment="who did it, where stated"),
        sa.Column("target_actor_id", sa.String(), nullable=True, comment="whom it befell"),
        sa.Column("target_text", sa.String(), nullable=True, comment="whom it befell, as written"),
        sa.Column(
            "start_date", sa.Date(), nullable=True, comment="first day meant, inclusive; null where the text gives none"
        ),
        sa.Column("end_date", sa.Date(), nullable=True, comment="last day meant, inclusive"),
        sa.Column(
            "grain",
            sa.String(),
            nullable=False,
            comment="event, day, week, month, year or period: totals never add to incidents",
        ),
        sa.Column("attributed_to", sa.String(), nullable=True, comment="who says so, as written or as actor_id"),
        sa.Column(
            "attribution_type",
            sa.String(),
            nullable=False,
            comment="self_claim, official, independent, media, unattributed",
        ),
        sa.Column("comparison_text", sa.String(), nullable=True),
        sa.Column("comparison_relation", sa.String(), nullable=True, comment="max, min, increase or decrease"),
        sa.Column("comparison_start", sa.Date(), nullable=True),
        sa.Column("comparison_end", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.String(),
            nullable=False,
            comment="actual, historical, ongoing_state, future, hypothetical, unconfirmed",
        ),
        sa.PrimaryKeyConstraint("count_id", "coder_version"),
        schema="core",
        comment="Reported figures: attacks, casualties and others",
    )
    op.create_table(
        "cameo_codes",
        sa.Column("cameo_code", sa.String(), nullable=False, comment="CAMEO code as text: 010 is not 10"),
        sa.Column("root", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("goldstein", sa.Double(), nullable=True),
        sa.Column("event_type", sa.String(), nullable=True, comment="PLOVER type that it maps to"),
        sa.Column("mode", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("cameo_code"),
        schema="core",
        comment="CAMEO codes with the Goldstein scale",
    )
    op.create_table(
        "date_mentions",
        sa.Column("mention_id", sa.String(), nullable=False, comment="hash of article, span and value"),
        sa.Column("coder_version", sa.String(), nullable=False, comment="the coder that found it"),
        sa.Column("article_id", sa.String(), nullable=False, comment="the article that says so"),
        sa.Column("sentence", sa.Integer(), nullable=False, comment="index of the sentence in core.sentences"),
        sa.Column(
            "start_char",
            sa.Integer(),
            nullable=False,
            comment="offset of the span's first character in the article's text",
        ),
        sa.Column("end_char", sa.Integer(), nullable=False, comment="offset behind the span's last character"),
        sa.Column("text", sa.String(), nullable=False, comment="the span as written"),
        sa.Column("timex_type", sa.String(), nullable=False, comment="DATE, TIME, DURATION or SET"),
        sa.Column("value", sa.String(), nullable=False, comment="TimeML TIMEX3 value"),
        sa.Column(
            "start_date", sa.Date(), nullable=True, comment="first day meant, inclusive; null where the text gives none"
        ),
        sa.Column("end_date", sa.Date(), nullable=True, comment="last day meant, inclusive"),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("mention_id", "coder_version"),
        schema="core",
        comment="Time expressions",
    )
    op.create_table(
        "entities",
        sa.Column("entity_id", sa.String(), nullable=False, comment="hash of article, span and label"),
        sa.Column("coder_version", sa.String(), nullable=False, comment="the coder that found it"),
        sa.Column("article_id", sa.String(), nullable=False, comment="the article that says so"),
        sa.Column("sentence", sa.Integer(), nullable=False, comment="index of the sentence in core.sentences"),
        sa.Column(
            "start_char",
            sa.Integer(),
            nullable=False,
            comment="offset of the span's first character in the article's text",
        ),
        sa.Column("end_char", sa.Integer(), nullable=False, comment="offset behind the span's last character"),
        sa.Column("text", sa.String(), nullable=False, comment="the span as written"),
        sa.Column("label", sa.String(), nullable=False, comment="OntoNotes label"),
        sa.PrimaryKeyConstraint("entity_id", "coder_version"),
        schema="core",
        comment="Named entities",
    )
    op.create_table(
        "event_types",
        sa.Column("event_type", sa.String(), nullable=False, comment="PLOVER type"),
        sa.Column("mode", sa.String(), nullable=False, comment="PLOVER mode; empty for the type itself"),
        sa.Column("quad_class", sa.SmallInteger(), nullable=False),
        sa.Column("quad_scheme", sa.String(), nullable=False),
        sa.Column("plover_score", sa.Double(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("event_type", "mode"),
        schema="core",
        comment="PLOVER types and modes with their scores",
    )
    op.create_table(
        "events",
        sa.Column(
            "event_id",
            sa.String(),
            nullable=False,
            comment="hash of article, trigger span, type and participants: same text, same id",
        ),
        sa.Column("coder_version", sa.String(), nullable=False, comment="the coder that found it"),
        sa.Column("article_id", sa.String(), nullable=False, comment="the article that says so"),
        sa.Column("sentence", sa.Integer(), nullable=False, comment="index of the sentence in core.sentences"),
        sa.Column(
            "start_char",
            sa.Integer(),
            nullable=False,
            comment="offset of the span's first character in the article's text",
        ),
        sa.Column("end_char", sa.Integer(), nullable=False, comment="offset behind the span's last character"),
        sa.Column("text", sa.String(), nullable=False, comment="the span as written"),
        sa.Column("source_actor_id", sa.String(), nullable=True),
        sa.Column("source_start", sa.Integer(), nullable=True),
        sa.Column("source_end", sa.Integer(), nullable=True),
        sa.Column("source_text", sa.String(), nullable=True),
        sa.Column("target_actor_id", sa.String(), nullable=True),
        sa.Column("target_start", sa.Integer(), nullable=True),
        sa.Column("target_end", sa.Integer(), nullable=True),
        sa.Column("target_text", sa.String(), nullable=True),
        sa.Column("event_type", sa.String(), nullable=False, comment="PLOVER type"),
        sa.Column("mode", sa.String(), nullable=True, comment="PLOVER mode"),
        sa.Column("cameo_code", sa.String(), nullable=True, comment="CAMEO code as text"),
        sa.Column(
            "quad_class",
            sa.SmallInteger(),
            nullable=False,
            comment="1 verbal and 2 material cooperation, 3 verbal and 4 material conflict",
        ),
        sa.Column("quad_scheme", sa.String(), nullable=False, comment="whose quad classes: plover"),
        sa.Column("goldstein", sa.Double(), nullable=False, comment="Goldstein scale, -10 to +10 (ICEWS table)"),
        sa.Column("plover_score", sa.Double(), nullable=False, comment="PLOVER score, -10 to +10"),
        sa.Column(
            "start_date", sa.Date(), nullable=True, comment="first day meant, inclusive; null where the text gives none"
        ),
        sa.Column("end_date", sa.Date(), nullable=True, comment="last day meant, inclusive"),
        sa.Column("date_precision", sa.String(), nullable=False, comment="day, week, month, year, decade or none"),
        sa.Column("location", sa.String(), nullable=True),
        sa.Column(
            "status",
            sa.String(),
            nullable=False,
            comment="actual, historical, ongoing_state, future, hypothetical, unconfirmed",
        ),
        sa.Column("negated", sa.Boolean(), nullable=False),
        sa.Column("attributed_to", sa.String(), nullable=True, comment="who says so"),
        sa.Column("confidence", sa.Double(), nullable=False, comment="0 to 1"),
        sa.Column("rule", sa.String(), nullable=True, comment="the lexicon entry that fired"),
        sa.PrimaryKeyConstraint("event_id", "coder_version"),
        schema="core",
        comment="What one actor does to another",
    )
    op.create_table(
        "incidents",
        sa.Column("incident_id", sa.String(), nullable=False, comment="hash of article, first trigger span and type"),
        sa.Column("coder_version", sa.String(), nullable=False, comment="the coder that found it"),
        sa.Column("article_id", sa.String(), nullable=False, comment="the article that says so"),
        sa.Column("sentence", sa.Integer(), nullable=False, comment="index of the sentence in core.sentences"),
        sa.Column(
            "start_char",
            sa.Integer(),
            nullable=False,
            comment="offset of the span's first character in the article's text",
        ),
        sa.Column("end_char", sa.Integer(), nullable=False, comment="offset behind the span's last character"),
        sa.Column("text", sa.String(), nullable=False, comment="the span as written"),
        sa.Column("ordinal", sa.Integer(), nullable=False, comment="0 is the article's main incident"),
        sa.Column("incident_type", sa.String(), nullable=False),
        sa.Column(
            "start_date", sa.Date(), nullable=True, comment="first day meant, inclusive; null where the text gives none"
        ),
        sa.Column("end_date", sa.Date(), nullable=True, comment="last day meant, inclusive"),
        sa.Column("location", sa.String(), nullable=True),
        sa.Column("country", sa.String(), nullable=True, comment="ISO 3166-1 alpha-3"),
        sa.Column("perpetrator_individuals", sa.ARRAY(sa.String()), nullable=False, comment="as written"),
        sa.Column("perpetrator_organizations", sa.ARRAY(sa.String()), nullable=False, comment="as written"),
        sa.Column("targets", sa.ARRAY(sa.String()), nullable=False, comment="things attacked, as written"),
        sa.Column("victims", sa.ARRAY(sa.String()), nullable=False, comment="people attacked, as written"),
        sa.Column("weapons", sa.ARRAY(sa.String()), nullable=False, comment="as written"),
        sa.Column("killed_low", sa.BigInteger(), nullable=True),
        sa.Column("killed_best", sa.BigInteger(), nullable=True),
        sa.Column("killed_high", sa.BigInteger(), nullable=True),
        sa.Column("injured_low", sa.BigInteger(), nullable=True),
        sa.Column("injured_best", sa.BigInteger(), nullable=True),
        sa.Column("injured_high", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("event_ids", sa.ARRAY(sa.String()), nullable=False, comment="core.events that belong to it"),
        sa.PrimaryKeyConstraint("incident_id", "coder_version"),
        schema="core",
        comment="Violent incidents, the mentions within one article merged",
    )
    op.create_table(
        "location_mentions",
        sa.Column("mention_id", sa.String(), nullable=False, comment="hash of article and span"),
        sa.Column("coder_version", sa.String(), nullable=False, comment="the coder that found it"),
        sa.Column("article_id", sa.String(), nullable=False, comment="the article that says so"),
        sa.Column("sentence", sa.Integer(), nullable=False, comment="index of the sentence in core.sentences"),
        sa.Column(
            "start_char",
            sa.Integer(),
            nullable=False,
            comment="offset of the span's first character in the article's text",
        ),
        sa.Column("end_char", sa.Integer(), nullable=False, comment="offset behind the span's last character"),
        sa.Column("text", sa.String(), nullable=False, comment="the span as written"),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=True, comment="ISO 3166-1 alpha-3"),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("mention_id", "coder_version"),
        schema="core",
        comment="Place names read as places",
    )
    op.create_table(
        "parameters",
        sa.Column("name", sa.String(), nullable=False, comment="setting under [indicators]"),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        schema="core",
        comment="Parameters of the indicators as the settings give them",
    )
    op.create_table(
        "relation_statements",
        sa.Column("relation_id", sa.String(), nullable=False, comment="hash of article, span, pair and cue type"),
        sa.Column("coder_version", sa.String(), nullable=False, comment="the coder that found it"),
        sa.Column("article_id", sa.String(), nullable=False, comment="the article that says so"),
        sa.Column("sentence", sa.Integer(), nullable=False, comment="index of the sentence in core.sentences"),
        sa.Column(
            "start_char",
            sa.Integer(),
            nullable=False,
            comment="offset of the span's first character in the article's text",
        ),
        sa.Column("end_char", sa.Integer(), nullable=False, comment="offset behind the span's last character"),
        sa.Column("text", sa.String(), nullable=False, comment="the span as written"),
        sa.Column("actor_a", sa.String(), nullable=False),
        sa.Column("actor_b", sa.String(), nullable=False),
        sa.Column("directed", sa.Boolean(), nullable=False, comment="whether it is said of a towards b only"),
        sa.Column("cue_type", sa.String(), nullable=False),
        sa.Column("polarity", sa.SmallInteger(), nullable=False, comment="+1 cooperative, 0 neutral, -1 tense"),
        sa.Column("strength", sa.SmallInteger(), nullable=False, comment="1 to 3"),
        sa.Column("status", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("relation_id", "coder_version"),
        schema="core",
        comment="Statements about how two actors stand to each other; never added to events",
    )
    op.create_table(
        "sentences",
        sa.Column("article_id", sa.String(), nullable=False, comment="the article"),
        sa.Column("coder_version", sa.String(), nullable=False, comment="the coder"),
        sa.Column("sentence", sa.Integer(), nullable=False, comment="position in the article, from 0"),
        sa.Column("start_char", sa.Integer(), nullable=False),
        sa.Column("end_char", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", "coder_version", "sentence"),
        schema="core",
        comment="Spans of the sentences; their text is a substring of raw.articles.text",
    )
    op.create_table(
        "tagging_runs",
        sa.Column("article_id", sa.String(), nullable=False, comment="the article"),
        sa.Column("coder_version", sa.String(), nullable=False, comment="the coder"),
        sa.Column("tagged_at", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("seconds", sa.Double(), nullable=True, comment="the article's share of its batch's tagging time"),
        sa.PrimaryKeyConstraint("article_id", "coder_version"),
        schema="core",
        comment="Which article was tagged by which coder, and when: what has no row here is still to do",
    )
    op.create_table(
        "articles",
        sa.Column(
            "article_id",
            sa.String(),
            nullable=False,
            comment="hash of the canonical URL, else of source and normalized text",
        ),
        sa.Column("doc_id", sa.String(), nullable=True, comment="identifier that the source gave"),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True, comment="who published it"),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("author", sa.String(), nullable=True),
        sa.Column("published", sa.Date(), nullable=True, comment="publication date from metadata; never guessed"),
        sa.Column("published_precision", sa.String(), nullable=True, comment="day, month or year; null without a date"),
        sa.Column("fetched_at", sa.DateTime(), nullable=False, comment="when it was read first (UTC)"),
        sa.Column("language", sa.String(), nullable=True, comment="as the metadata say"),
        sa.Column("text", sa.String(), nullable=False, comment="the article as read; all offsets point into it"),
        sa.Column("text_hash", sa.String(), nullable=False, comment="hash of the normalized text"),
        sa.Column(
            "duplicate_of",
            sa.String(),
            nullable=True,
            comment="article_id of the earliest article with the same text; null for originals",
        ),
        sa.Column("origin", sa.String(), nullable=True, comment="file and line, or URL, that it was read from"),
        sa.Column("ingest_batch", sa.String(), nullable=False, comment="identifier of the reading that brought it"),
        sa.PrimaryKeyConstraint("article_id"),
        schema="raw",
        comment="Articles as read, one row each, reposts included",
    )
    op.create_table(
        "rejected",
        sa.Column("rejected_id", sa.String(), nullable=False, comment="hash of origin, line and reason"),
        sa.Column("origin", sa.String(), nullable=False, comment="file or URL"),
        sa.Column("line", sa.Integer(), nullable=True, comment="line in the file, where there is one"),
        sa.Column("reason", sa.String(), nullable=False, comment="why it could not be read, and what to do"),
        sa.Column("excerpt", sa.String(), nullable=True, comment="its beginning"),
        sa.Column("first_seen", sa.DateTime(), nullable=False, comment="UTC"),
        sa.Column("ingest_batch", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("rejected_id"),
        schema="raw",
        comment="What could not be read, with the reason",
    )


def downgrade() -> None:
    """Drop everything."""
    op.execute("DROP SCHEMA core CASCADE")
    op.execute("DROP SCHEMA raw CASCADE")
