"""``core/*``: what the tagger found, and the reference tables that it is read with."""

from collections.abc import Iterator
from datetime import date

import dagster as dg
import duckdb

from assets.metadata import accuracy_table, column_schema, event_evidence, evidence, log_progress, preview
from pipeline.errors import InputError
from pipeline.indicator_settings import Indicators
from pipeline.progress import Progress
from pipeline.steps import join_variants, load_knowledge, tag_untagged
from pipeline.warehouse.codings import ArticleSelection
from pipeline.warehouse.integrity import unsound_rows
from pipeline.warehouse.schema import (
    DERIVED_TABLES,
    REFERENCE_TABLES,
    TAGGED_TABLES,
    actor_mentions,
    events,
    full_name,
    tagging_runs,
    uncoded_events,
)
from resources import TaggerResource, WarehouseResource

CORE_TABLES = (tagging_runs, *TAGGED_TABLES, *DERIVED_TABLES, *REFERENCE_TABLES)

# The columns of a preview: enough to judge a table by, few enough to read.
_PREVIEW = {
    "actor_mentions": "text, name, kind, method, role",
    "date_mentions": "text, timex_type, value, start_date, end_date",
    "attack_counts": "text, measure, low, best, high, actor_id, start_date, grain, attribution_type",
    "events": "source_text, event_type, text, target_text, start_date, status, round(confidence, 2) AS confidence",
    "incidents": "incident_type, text, start_date, location, killed_best, injured_best, status",
    "relation_statements": "actor_a, text, actor_b, cue_type, polarity, strength, status",
    "uncoded_events": "source_actor_id, text, target_actor_id, lemma, reason",
}
# Mentions under a name: without pronouns, descriptions and nouns like "gunmen".
_NAMED = """
FROM core.current_actor_mentions m JOIN core.actors k USING (actor_id)
WHERE m.actor_id NOT LIKE 'collective:%' AND m.method NOT IN ('coreference', 'description')
"""
_CODERS = """
SELECT coder_version, count(*) AS articles, min(tagged_at)::TIMESTAMP(0) AS since, max(tagged_at)::TIMESTAMP(0) AS until
FROM core.tagging_runs GROUP BY ALL ORDER BY until DESC
"""
# What was made of a span, beside the sentence that it stands in.
_EVIDENCE = {
    "attack_counts": "concat_ws(' ', t.measure, t.low || '/' || coalesce(t.best::VARCHAR, '') || '/' || coalesce(t.high::VARCHAR, ''), t.start_date)",
    "incidents": "concat_ws(' ', t.incident_type, t.location, t.start_date, t.status)",
    "uncoded_events": "concat_ws(' ', t.source_actor_id, t.lemma, t.target_actor_id, t.reason)",
    "relation_statements": "concat_ws(' ', t.actor_a, t.cue_type, t.actor_b, t.polarity, t.status)",
}


class CodingConfig(dg.Config):
    """Which articles to code in one run: published within a window (YYYY-MM-DD, inclusive), of these sources, naming these actors.

    Nothing named: all. Those that the present coder has coded are left in any case, and older codings are kept.
    """

    published_from: str = ""
    published_to: str = ""
    sources: list[str] = []
    actors: list[str] = []

    def selection(self) -> ArticleSelection:
        """The articles that are meant.

        Raises:
            InputError: a day is none.
        """
        return ArticleSelection(_day(self.published_from), _day(self.published_to), self.sources, self.actors)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        msg = f"{text!r} is no day: write it as 2021-09-30."
        raise InputError(msg) from error


@dg.multi_asset(
    name="core",
    specs=[
        dg.AssetSpec(
            key=["core", table.name],
            deps=[["raw", "articles"]] if table not in REFERENCE_TABLES else [],
            description=table.comment,
            group_name="core",
            kinds={"spacy", "duckdb"} if table in TAGGED_TABLES else {"duckdb"},
            metadata=column_schema(table),
        )
        for table in CORE_TABLES
    ],
    pool="duckdb_write",
)
def core_tables(
    context: dg.AssetExecutionContext,
    config: CodingConfig,
    warehouse: WarehouseResource,
    tagger: TaggerResource,
    indicators: dg.ResourceParam[Indicators],
    progress: dg.ResourceParam[Progress | None],
) -> Iterator[dg.MaterializeResult]:
    """Tags every article that the current coder_version has not tagged, in batches, each committed whole."""
    store = warehouse.open()
    coder = tagger.load()
    load_knowledge(store, indicators, coder.own_actors)
    with tagger.open_engine() as engine:
        report = tag_untagged(store, engine, tagger.batch_size, progress or log_progress(context), config.selection())
    if report.articles:
        join_variants(store)
    if report.other_language:
        context.log.info("%d articles are not in English: kept, not tagged", report.other_language)
    if report.rejected:
        context.log.warning("%d articles could not be tagged: see raw.rejected", report.rejected)
    counts = store.row_counts()
    with store.connect() as con:
        for table in CORE_TABLES:
            metadata: dict[str, dg.MetadataValue | int | float | str] = {
                "dagster/row_count": counts[full_name(table)],
                "coder_version": report.coder_version,
            }
            if table is tagging_runs:
                metadata |= {
                    "articles tagged": report.articles,
                    "seconds": round(report.seconds, 2),
                    "left: other language": report.other_language,
                    "could not be tagged": report.rejected,
                    "accuracy": accuracy_table(report.coder_version),
                    "coders": preview(con, _CODERS),
                }
            if table.name in report.rows or table in TAGGED_TABLES:
                metadata["new rows"] = report.rows.get(table.name, 0)
            if table.name in _PREVIEW:
                metadata["sample"] = preview(
                    con,
                    f"SELECT {_PREVIEW[table.name]} FROM core.current_{table.name} USING SAMPLE 8 (reservoir, 1)",  # noqa: S608
                )
            if table is actor_mentions:
                metadata |= _who_is_named(con)
            if table is uncoded_events:
                metadata |= _what_the_lexicon_lacks(con)
            if table is events:
                metadata["events in their sentences"] = event_evidence(con)
            elif table.name in _EVIDENCE:
                metadata["evidence"] = evidence(con, table.name, _EVIDENCE[table.name])
            yield dg.MaterializeResult(asset_key=["core", table.name], metadata=metadata)


def _what_the_lexicon_lacks(con: duckdb.DuckDBPyConnection) -> dict[str, dg.MetadataValue | int | float | str]:
    """The verbs that most often stand between two known actors without an event."""
    top = (
        "SELECT lemma, reason, count(*) AS times, min(article_id) AS in_article FROM core.current_uncoded_events "
        "GROUP BY ALL ORDER BY times DESC, 1, 2 LIMIT 20"
    )
    return {"most frequent verbs": preview(con, top)}


def _who_is_named(con: duckdb.DuckDBPyConnection) -> dict[str, dg.MetadataValue | int | float | str]:
    """Who is named most, whom the knowledge base lacks, and how much of what is named it holds."""
    share = con.execute(f"SELECT avg((k.source <> 'text')::INT) {_NAMED}").fetchall()[0][0]  # noqa: S608 - our own names
    count = "count(*) AS mentions, count(DISTINCT m.article_id) AS articles"
    top = "GROUP BY ALL ORDER BY mentions DESC, 1 LIMIT 20"
    return {
        "share of names resolved": round(share or 0.0, 3),
        "most frequent actors": preview(con, f"SELECT m.actor_id, k.name, k.kind, {count} {_NAMED} {top}"),  # noqa: S608
        "most frequent unresolved names": preview(
            con,
            f"SELECT k.name, k.kind, {count} {_NAMED} AND k.source = 'text' {top}",  # noqa: S608
        ),
    }


@dg.multi_asset_check(
    name="core_rows_are_sound",
    specs=[
        dg.AssetCheckSpec(
            "rows_are_sound",
            asset=["core", table.name],
            blocking=True,
            description="Offsets reproduce the text, intervals are ordered, figures lie within their bounds.",
        )
        for table in TAGGED_TABLES
    ],
)
def core_rows_are_sound(warehouse: WarehouseResource) -> Iterator[dg.AssetCheckResult]:
    """Blocks the marts when a row of core contradicts its article or itself."""
    with warehouse.open().connect() as con:
        for table in TAGGED_TABLES:
            found = unsound_rows(con, table)
            yield dg.AssetCheckResult(
                check_name="rows_are_sound",
                asset_key=["core", table.name],
                passed=not any(found.values()),
                metadata=dict(found),
            )
