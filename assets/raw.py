"""``raw/articles``: what the sources deliver."""

from pathlib import Path

import dagster as dg

from assets.metadata import column_schema, log_progress, markdown_table, preview
from pipeline.progress import Progress
from pipeline.steps import IngestReport, ingest
from pipeline.warehouse.intake import utc_now
from pipeline.warehouse.schema import articles
from pipeline.warehouse.store import Warehouse
from resources import Sources, WarehouseResource

_ANSWER = "sources_answer"
_DELIVER = "sources_deliver"
# Whether a folder that is read in portions has no file left.
FOLDER_IS_READ = "folder is read"
# How long what was fetched waits while another run builds its marts.
_PATIENCE_SECONDS = 3600


class ArticlesConfig(dg.Config):
    """What to read in one run; nothing named: everything that faultline.toml declares.

    A ``folder`` is read in portions: the next ``most_files`` of it that no run before has read.
    """

    paths: list[str] = []
    sources: list[str] = []
    again: bool = False
    folder: str = ""
    most_files: int = 500


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
        ),
        dg.AssetCheckSpec(
            _DELIVER,
            asset=["raw", "articles"],
            description="Every declared feed, sitemap and list brought something within schedule.stale_hours.",
        ),
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
    tell = progress or log_progress(context)
    portion = sources.portion(Path(config.folder), config.most_files) if config.folder else None
    if portion:
        report = ingest([portion], store, context.run.run_id, tell)
    else:
        with sources.open([Path(p) for p in config.paths], config.sources) as opened:
            report = ingest(opened, store, context.run.run_id, tell, again=config.again)
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
            "quality flags": _flags(report),
            "failures": "\n".join(report.failures),
            **({FOLDER_IS_READ: portion.is_whole or bool(report.failures)} if portion else {}),
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
            ),
            _deliver(sources, store),
        ],
    )


def _deliver(sources: Sources, store: Warehouse) -> dg.AssetCheckResult:
    """Source health: which of the sources that should bring news have been silent for too long."""
    last = {name: when for name, (_, _, when) in store.delivered().items()}
    silent = sources.silent(last, utc_now())
    return dg.AssetCheckResult(
        check_name=_DELIVER,
        passed=not silent,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            name: f"nothing since {when:%Y-%m-%d %H:%M} UTC" if when else "nothing yet" for name, when in silent.items()
        },
    )


_COLUMNS = ("read", "new", "reposts", "near", "versions", "known", "rejected")


def _by_source(report: IngestReport) -> dg.MarkdownMetadataValue:
    rows = [(s.name, s.kind, *(getattr(s, c) for c in _COLUMNS), s.failure or "") for s in report.sources]
    return markdown_table(["source", "kind", *_COLUMNS, "failure"], rows)


def _by_kind(report: IngestReport) -> dg.MarkdownMetadataValue:
    kinds = sorted({s.kind for s in report.sources})
    sums = [(kind, *(sum(getattr(s, c) for s in report.sources if s.kind == kind) for c in _COLUMNS)) for kind in kinds]
    return markdown_table(["kind", *_COLUMNS], sums)


def _flags(report: IngestReport) -> dg.MarkdownMetadataValue:
    rows = [(s.name, flag, number) for s in report.sources for flag, number in s.flags.most_common()]
    return markdown_table(["source", "flag", "articles read"], rows)
