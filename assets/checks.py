"""Asset checks that stand beside the assets: columns as declared, and drift of the newest month."""

from collections.abc import Iterator

import dagster as dg
from sqlalchemy import Table

from assets.core import CORE_TABLES
from assets.metadata import markdown_table
from pipeline.warehouse.drift import newest_month
from pipeline.warehouse.imported_tables import alerts, changepoints
from pipeline.warehouse.integrity import repeated_keys, wrong_columns
from pipeline.warehouse.schema import TAGGED_TABLES, full_name, metadata
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


_KEYS = "keys_are_unique"
# What is made in one step is looked at in one step. Tables without an asset of their own are looked at with the articles; those that the
# tagger fills have no index in a file either, and ``rows_are_sound`` looks at their keys. (An article that came twice has its sentences twice.)
_KEYED: dict[str, dict[tuple[str, str], list[Table]]] = {
    "raw": {("raw", "articles"): [t for t in metadata.sorted_tables if t.schema == "raw"]},
    "core": {("core", t.name): [t] for t in CORE_TABLES if t not in TAGGED_TABLES},
    "changepoints": {("core", "changepoints"): [changepoints]},
    "alerts": {("core", "alerts"): [alerts]},
}


def key_checks() -> list[dg.AssetChecksDefinition]:
    """Blocking checks that prove on a lake what a file's indexes refuse: that no two rows have the same key."""
    return [_key_check(step, keyed) for step, keyed in _KEYED.items()]


def _key_check(step: str, keyed: dict[tuple[str, str], list[Table]]) -> dg.AssetChecksDefinition:
    @dg.multi_asset_check(
        name=f"{_KEYS}_{step}",
        specs=[
            dg.AssetCheckSpec(_KEYS, asset=list(key), blocking=True, description="No two rows have the same key.")
            for key in keyed
        ],
    )
    def keys_are_unique(warehouse: WarehouseResource) -> Iterator[dg.AssetCheckResult]:
        with warehouse.open().connect() as con:
            for key, tables in keyed.items():
                repeated = {full_name(t): repeated_keys(con, t) for t in tables}
                yield dg.AssetCheckResult(
                    check_name=_KEYS, asset_key=list(key), passed=not any(repeated.values()), metadata=dict(repeated)
                )

    return keys_are_unique


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
