"""``core/imported_events``: events that others coded. ``faultline import-events`` brings them; no run does."""

import dagster as dg

from assets.metadata import column_schema
from pipeline.warehouse.imported_tables import imported_events

imported_events_asset = dg.AssetSpec(
    key=["core", "imported_events"],
    description=imported_events.comment,
    group_name="core",
    kinds={"duckdb"},
    metadata=column_schema(imported_events),
)
