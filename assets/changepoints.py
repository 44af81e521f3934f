"""``core/changepoints``: the one indicator that is Python and no SQL, between the weekly series and the marts that read it."""

import dagster as dg

from assets.metadata import column_schema, preview
from pipeline.indicator_settings import Indicators
from pipeline.steps import find_changepoints
from pipeline.warehouse.imported_tables import changepoints
from resources import WarehouseResource


@dg.asset(
    key=["core", "changepoints"],
    deps=[["staging", "series"], ["staging", "weeks"], ["staging", "dyad_weeks"]],
    description=changepoints.comment,
    group_name="core",
    kinds={"python", "duckdb"},
    pool="duckdb_write",
    metadata=column_schema(changepoints),
)
def core_changepoints(warehouse: WarehouseResource, indicators: dg.ResourceParam[Indicators]) -> dg.MaterializeResult:
    """Bayesian online changepoint detection on the weekly conflict of each pair."""
    store = warehouse.open()
    series = find_changepoints(store, indicators)
    with store.connect() as con:
        recent = preview(
            con,
            "SELECT dataset, a, b, week, round(p_recent, 3) AS p_recent, round(rate, 2) AS rate FROM core.changepoints "
            "QUALIFY row_number() OVER (PARTITION BY dataset, a, b ORDER BY week DESC) = 1 ORDER BY p_recent DESC, rate DESC, a, b LIMIT 10",
        )
        rows = con.execute("SELECT count(*) FROM core.changepoints").fetchall()[0][0]
    return dg.MaterializeResult(metadata={"dagster/row_count": rows, "series": series, "changed lately": recent})
