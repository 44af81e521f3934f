"""``raw/articles``: what the sources deliver."""

from pathlib import Path

import dagster as dg

from assets.metadata import column_schema, log_progress, markdown_table, preview
from pipeline.progress import Progress
from pipeline.steps import IngestReport, ingest
from pipeline.warehouse.schema import articles
from resources import Sources, WarehouseResource

_ANSWER = "sources_answer"
# How long what was fetched waits while another run builds its marts.
_PATIENCE_SECONDS = 900


class ArticlesConfig(dg.Config):
    """What to read in one run; nothing named: everything that faultline.toml declares."""

    paths: list[str] = []
    sources: list[str] = []
    again: bool = False


@dg.asset(
    key=["raw", "articles"],
    group_name="raw",
    kinds={"duckdb"},
    # In no pool: a slow server would keep every other run from writing. Each batch is written in a moment, under the file's lock.
    metadata=column_schema(articles),
    check_specs=[
        dg.AssetCheckSpec(
            _ANSWER,
            asset=["raw", "articles"],
            description="Every source could be read to its end. One that could not is asked again by the next run.",
        )
    ],
)
def raw_articles(
    context: dg.AssetExecutionContext,
    config: ArticlesConfig,
    sources: dg.ResourceParam[Sources],
    warehouse: WarehouseResource,
    progress: dg.ResourceParam[Progress | None],
) -> dg.MaterializeResult:
    """Articles as read, one row each; what is there already stays, what cannot be read goes to raw.rejected with its reason."""
    store = warehouse.open(_PATIENCE_SECONDS)
    with sources.open([Path(p) for p in config.paths], config.sources) as opened:
        report = ingest(opened, store, context.run.run_id, progress or log_progress(context), again=config.again)
    for item in report.sample:
        context.log.warning("rejected %s%s: %s", item.origin, f":{item.line}" if item.line else "", item.reason)
    with store.connect() as con:
        total = con.execute("SELECT count(*) FROM raw.articles").fetchall()[0][0]
        newest = preview(
            con,
            "SELECT published, source, title, language, left(text, 120) AS beginning FROM raw.articles "
            "ORDER BY fetched_at DESC, published DESC LIMIT 5",
        )
        flagged = con.execute("SELECT count(*) FROM raw.articles WHERE published_flag IS NOT NULL").fetchall()[0][0]
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": total,
            "read": report.read,
            "new": report.new,
            "already known": report.known,
            "reposts among the new": report.duplicates,
            "new versions": sum(s.versions for s in report.sources),
            "rejected": report.rejected,
            "dates not believed": flagged,
            "failures": "\n".join(report.failures),
            "sources": _by_source(report),
            "kinds": _by_kind(report),
            "rejected (first of each source)": markdown_table(
                ["where", "why"], [(f"{r.origin}{f':{r.line}' if r.line else ''}", r.reason) for r in report.sample]
            ),
            "newest": newest,
        },
        check_results=[
            dg.AssetCheckResult(
                check_name=_ANSWER,
                passed=not report.failures,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={s.name: s.failure for s in report.sources if s.failure},
            )
        ],
    )


_COLUMNS = ("read", "new", "reposts", "near", "versions", "known", "rejected")


def _by_source(report: IngestReport) -> dg.MarkdownMetadataValue:
    rows = [(s.name, s.kind, *(getattr(s, c) for c in _COLUMNS), s.failure or "") for s in report.sources]
    return markdown_table(["source", "kind", *_COLUMNS, "failure"], rows)


def _by_kind(report: IngestReport) -> dg.MarkdownMetadataValue:
    kinds = sorted({s.kind for s in report.sources})
    sums = [(kind, *(sum(getattr(s, c) for s in report.sources if s.kind == kind) for c in _COLUMNS)) for kind in kinds]
    return markdown_table(["kind", *_COLUMNS], sums)
