"""``published/*``: what readers open: the read-only snapshot with the marts as Parquet, and the written summary."""

from pathlib import Path

import dagster as dg

from assets.marts import relation_key
from pipeline.report.summary import markdown_summary, summarize
from pipeline.sqlmodels import Project
from pipeline.warehouse.publish import publish
from resources import WarehouseResource


def published_assets(project: Project) -> list[dg.AssetsDefinition]:
    """Snapshot and report; the snapshot waits for every mart and its checks."""
    marts = [relation_key(m.full_name) for m in project.models]

    @dg.asset(
        key=["published", "warehouse"],
        deps=marts,
        group_name="published",
        kinds={"duckdb", "parquet"},
        pool="duckdb_write",
    )
    def published_warehouse(warehouse: WarehouseResource) -> dg.MaterializeResult:
        """Read-only copy of the warehouse that every reader opens, and the marts as Parquet; replaced in one step."""
        snapshot = publish(warehouse.open(), Path(warehouse.published))
        return dg.MaterializeResult(
            metadata={
                "path": dg.MetadataValue.path(snapshot.path),
                "bytes": snapshot.bytes,
                "parquet": dg.MetadataValue.json([str(p) for p in snapshot.parquet]),
            }
        )

    @dg.asset(
        key=["published", "report"], deps=[["published", "warehouse"]], group_name="published", kinds={"markdown"}
    )
    def published_report(warehouse: WarehouseResource) -> dg.MaterializeResult:
        """The tensest pairs with the sentences behind them, as Markdown beside the snapshot."""
        folder = Path(warehouse.published)
        text = markdown_summary(summarize(folder / "warehouse.duckdb"))
        path = folder / "report.md"
        path.write_text(text, encoding="utf-8")
        return dg.MaterializeResult(metadata={"path": dg.MetadataValue.path(path), "report": dg.MetadataValue.md(text)})

    return [published_warehouse, published_report]
