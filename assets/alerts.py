"""``core/alerts``: facts worth an alert, each once; ``published/alerts``: their way out, to a webhook and a file."""

import dagster as dg

from assets.metadata import column_schema, preview
from pipeline.errors import DeliveryError
from pipeline.notify import send_alerts
from pipeline.warehouse.alerts import raise_alerts
from pipeline.warehouse.imported_tables import alerts
from resources import AlertSettings, Channels, WarehouseResource

_DELIVERED = "alerts_delivered"


@dg.asset(
    key=["core", "alerts"],
    deps=[["marts", "surge_week"], ["marts", "arrow_month"], ["marts", "evidence"], ["core", "actor_mentions"]],
    description=alerts.comment,
    group_name="core",
    kinds={"sql", "duckdb"},
    pool="duckdb_write",
    metadata=column_schema(alerts),
)
def core_alerts(warehouse: WarehouseResource, alerting: dg.ResourceParam[AlertSettings]) -> dg.MaterializeResult:
    """Surges, turns of the arrow and actors never seen before, each raised once with the sentence behind it."""
    store = warehouse.open()
    new = store.write(lambda con: raise_alerts(con, alerting.window_days, alerting.first_seen_min_articles))
    with store.connect() as con:
        newest = preview(
            con,
            "SELECT raised_at, kind, message, sentence, source FROM core.alerts ORDER BY raised_at DESC, period_start DESC LIMIT 10",
        )
        rows = con.execute("SELECT count(*) FROM core.alerts").fetchall()[0][0]
    return dg.MaterializeResult(metadata={"dagster/row_count": rows, "new": new, "newest": newest})


@dg.asset(
    key=["published", "alerts"],
    deps=[["published", "warehouse"], ["core", "alerts"]],
    group_name="published",
    kinds={"json"},
    pool="duckdb_write",
    check_specs=[
        dg.AssetCheckSpec(
            _DELIVERED,
            asset=["published", "alerts"],
            description="Webhook and file took every alert. What they did not take is sent again by the next run.",
        )
    ],
)
def published_alerts(warehouse: WarehouseResource, channels: dg.ResourceParam[Channels]) -> dg.MaterializeResult:
    """New alerts sent to the webhook and the file that faultline.toml names."""
    sent, failure = 0, ""
    try:
        sent = send_alerts(warehouse.open(), channels)
    except DeliveryError as error:
        failure = str(error)
    return dg.MaterializeResult(
        metadata={"sent": sent},
        check_results=[
            dg.AssetCheckResult(
                check_name=_DELIVERED,
                passed=not failure,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"failure": failure} if failure else {},
            )
        ],
    )
