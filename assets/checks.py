"""Asset checks that stand beside the assets: columns as declared, and drift of the newest month."""

from collections.abc import Iterator

import dagster as dg

from assets.core import CORE_TABLES
from assets.metadata import markdown_table
from pipeline.warehouse.drift import newest_month
from pipeline.warehouse.integrity import wrong_columns
from resources import WarehouseResource

_COLUMNS = "columns_are_as_declared"


@dg.multi_asset_check(
    name=_COLUMNS,
    specs=[
        dg.AssetCheckSpec(
            _COLUMNS,
            asset=[str(table.schema), table.name],
            blocking=True,
            description="The table has the columns and types that pipeline/warehouse/schema.py declares.",
        )
        for table in CORE_TABLES
    ],
)
def columns_are_as_declared(warehouse: WarehouseResource) -> Iterator[dg.AssetCheckResult]:
    """Blocks what is built on a table that somebody altered by hand."""
    with warehouse.open().connect() as con:
        for table in CORE_TABLES:
            wrong = wrong_columns(con, table)
            yield dg.AssetCheckResult(
                check_name=_COLUMNS,
                asset_key=[str(table.schema), table.name],
                passed=not wrong,
                metadata={"wrong": "\n".join(wrong)} if wrong else {},
            )


@dg.asset_check(
    asset=["marts", "quality_month"],
    name="newest_month_is_like_those_before",
    description="Shares resolved, dated and actual, and events per article, of the newest month against the mean of six before it.",
)
def newest_month_is_like_those_before(warehouse: WarehouseResource) -> dg.AssetCheckResult:
    """Warns of drift: a source that changed, a month half read, a tagger that broke."""
    with warehouse.open().connect() as con:
        measures = newest_month(con)
    rows = [(d.measure, d.month, d.value, d.mean, d.deviation, d.months, d.is_drift) for d in measures]
    return dg.AssetCheckResult(
        passed=not any(d.is_drift for d in measures),
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "measures": markdown_table(
                ["measure", "month", "value", "mean before", "deviation", "months", "drift"], rows
            )
            if rows
            else "Too few months of 30 articles to compare."
        },
    )
