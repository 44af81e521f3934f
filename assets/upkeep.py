"""The job ``maintenance``: an op, for it makes nothing, it keeps what is there in order."""

import dagster as dg

from pipeline.maintenance import maintain
from resources import MaintenanceSettings, WarehouseResource


class MaintenanceConfig(dg.Config):
    """``unwanted_coder``: a coder_version whose codings are dropped, as after an upgrade that is taken back."""

    unwanted_coder: str = ""


@dg.op(pool="duckdb_write")
def keep_in_order(
    context: dg.OpExecutionContext,
    config: MaintenanceConfig,
    warehouse: WarehouseResource,
    maintenance: dg.ResourceParam[MaintenanceSettings],
) -> None:
    """Drop superseded codings, compact the warehouse, prove the snapshot sound; fails when it is not."""
    store = warehouse.open()
    report = maintain(store, warehouse.snapshot, maintenance.keep_superseded_days, config.unwanted_coder or None)
    problems = report.problems or ()
    context.add_output_metadata(
        {
            "codings dropped": report.dropped,
            "bytes before": report.bytes_before,
            "bytes after": report.bytes_after,
            "snapshot": "\n".join(problems) or ("sound" if report.problems is not None else "none yet"),
        }
    )
    if problems:
        raise dg.Failure(
            "The published snapshot is damaged; the next daily run publishes a new one from the warehouse.",
            metadata={"problems": "\n".join(problems)},
            allow_retries=False,
        )


@dg.job(
    name="maintenance",
    description="Drop superseded codings, compact the warehouse, prove the snapshot sound.",
    executor_def=dg.in_process_executor,
)
def maintenance_job() -> None:
    """One op."""
    keep_in_order()
