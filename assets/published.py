"""``published/*``: what readers open: the read-only snapshot with the marts as Parquet, and the written summary."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import dagster as dg
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus

from assets.marts import relation_key
from assets.metadata import tensest_pairs
from pipeline.read import open_snapshot
from pipeline.report.render import write_briefing
from pipeline.report.week_briefing import week_briefing
from pipeline.sqlmodels import Project
from pipeline.warehouse.publish import publish
from pipeline.warehouse.schema import TAGGED_TABLES
from resources import PublishedStore, WarehouseResource


def _require_passed(instance: dg.DagsterInstance, keys: Sequence[dg.AssetCheckKey]) -> None:
    """Also a snapshot that is published by hand, without the run that the checks belong to, must not hold what they refused.

    Raises:
        dg.Failure: a blocking check failed when it was evaluated last.
    """
    latest = instance.event_log_storage.get_latest_asset_check_execution_by_key(keys)
    failed = [k for k, r in latest.items() if r.status == AssetCheckExecutionRecordStatus.FAILED]
    if failed:
        names = ", ".join(f"{k.name} of {k.asset_key.to_user_string()}" for k in failed)
        raise dg.Failure(
            f"Not published, the last snapshot stays: {names} failed. Mend it and run the job daily.",
            allow_retries=False,
        )


def published_assets(project: Project, stale_after: timedelta) -> list[dg.AssetsDefinition]:
    """Snapshot and report; the snapshot waits for every mart and its checks."""
    marts = [relation_key(m.full_name) for m in project.models]
    blocking = [dg.AssetCheckKey(key, "tests_error") for key in marts]
    blocking += [dg.AssetCheckKey(dg.AssetKey(["core", t.name]), "rows_are_sound") for t in TAGGED_TABLES]

    @dg.asset(
        key=["published", "warehouse"],
        deps=[*marts, ["core", "alerts"]],
        freshness_policy=dg.FreshnessPolicy.time_window(fail_window=stale_after),
        group_name="published",
        kinds={"duckdb", "parquet"},
        pool="duckdb_write",
    )
    def published_warehouse(
        context: dg.AssetExecutionContext,
        warehouse: WarehouseResource,
        copies: dg.ResourceParam[PublishedStore | None],
    ) -> dg.MaterializeResult:
        """Read-only copy of the warehouse that every reader opens, and the marts as Parquet; replaced in one step."""
        _require_passed(context.instance, blocking)
        store = warehouse.open()
        snapshot = publish(store, Path(warehouse.published))
        copy = {"copy": copies.put(snapshot)} if copies else {}
        with store.connect() as con:
            pairs = tensest_pairs(con)
        return dg.MaterializeResult(
            metadata={
                "path": dg.MetadataValue.path(snapshot.path),
                "bytes": snapshot.bytes,
                "open it": dg.MetadataValue.md(f"```\nduckdb -readonly {snapshot.path}\nfaultline sql 'SELECT …'\n```"),
                **copy,
                **pairs,
                "parquet": dg.MetadataValue.json([str(p) for p in snapshot.parquet]),
            }
        )

    @dg.asset(
        key=["published", "report"],
        deps=[["published", "warehouse"]],
        group_name="published",
        kinds={"html", "markdown"},
    )
    def published_report(warehouse: WarehouseResource) -> dg.MaterializeResult:
        """What moved in the week up to the newest article, with the sentences behind it: report.html and report.md beside the snapshot."""
        folder = Path(warehouse.published)
        with open_snapshot(folder) as snapshot:
            briefing = week_briefing(snapshot)
        page, text = folder / "report.html", folder / "report.md"
        for file in (page, text):
            write_briefing(briefing, file)
        return dg.MaterializeResult(
            metadata={
                "path": dg.MetadataValue.path(page),
                "markdown": dg.MetadataValue.path(text),
                "report": dg.MetadataValue.md(text.read_text(encoding="utf-8")),
            }
        )

    return [published_warehouse, published_report]
