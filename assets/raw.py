"""``raw/articles``: articles as read, from files and folders."""

from pathlib import Path

import dagster as dg
from pydantic import Field

from assets.metadata import column_schema, log_progress, preview
from pipeline.progress import Progress
from pipeline.steps import ingest
from pipeline.warehouse.schema import articles
from resources import SourcesResource, WarehouseResource


class ArticlesConfig(dg.Config):
    """What to read in one run."""

    paths: list[str] = Field(
        default_factory=list, description="files and folders to read; empty: paths.sources of faultline.toml"
    )


@dg.asset(
    key=["raw", "articles"], group_name="raw", kinds={"duckdb"}, pool="duckdb_write", metadata=column_schema(articles)
)
def raw_articles(
    context: dg.AssetExecutionContext,
    config: ArticlesConfig,
    sources: SourcesResource,
    warehouse: WarehouseResource,
    progress: dg.ResourceParam[Progress | None],
) -> dg.MaterializeResult:
    """Articles as read, one row each; what is there already stays, what cannot be read goes to raw.rejected with its reason."""
    store = warehouse.open()
    paths = [Path(p) for p in config.paths] or [Path(p) for p in sources.paths]
    report = ingest(paths, store, context.run.run_id, progress or log_progress(context))
    for item in report.rejected:
        context.log.warning("rejected %s%s: %s", item.origin, f":{item.line}" if item.line else "", item.reason)
    with store.connect() as con:
        total = con.execute("SELECT count(*) FROM raw.articles").fetchall()[0][0]
        newest = preview(
            con,
            "SELECT published, source, title, left(text, 120) AS beginning FROM raw.articles "
            "ORDER BY fetched_at DESC, published DESC LIMIT 5",
        )
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": total,
            "read": report.read,
            "new": report.new,
            "already known": report.known,
            "reposts among the new": report.duplicates,
            "rejected": len(report.rejected),
            "newest": newest,
        }
    )
