"""Building all models in one step, the changepoints among them."""

from datetime import date, timedelta
from pathlib import Path

from pipeline.indicator_settings import Indicators
from pipeline.sqlmodels import load_project
from pipeline.steps import build_models
from pipeline.warehouse.reference import parameter_rows
from pipeline.warehouse.sources import relation_columns
from pipeline.warehouse.store import Warehouse
from tests.integration.models.test_dashboard import imported

ROOT = Path(__file__).parent.parent.parent
MONDAY = date(2021, 1, 4)


def clashes(weeks: list[int], first: int = 0) -> list[dict[str, object]]:
    """So many assaults in each week from the first on, and a meeting, so that the week was read."""
    rows = []
    for week, count in enumerate(weeks, start=first):
        day = str(MONDAY + timedelta(days=7 * week))
        serial = 1000 * week
        rows.append(imported(serial, "theirs", "CCC", "DDD", "CONSULT", day))
        rows += [
            imported(serial + n, "theirs", "AAA", "BBB", "ASSAULT", day, location=f"{n}") for n in range(1, count + 1)
        ]
    return rows


def test_changepoints_are_found_between_the_series_and_the_marts_and_only_where_something_changed(
    tmp_path: Path,
) -> None:
    warehouse, project = Warehouse(tmp_path / "w.duckdb"), load_project(ROOT / "dbt_like_sql", relation_columns())
    indicators = Indicators()
    warehouse.load_reference({"parameters": parameter_rows(indicators)})
    warehouse.add_imported(clashes([1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 8, 9, 8]))
    build_models(warehouse, project, indicators)
    (series,) = warehouse.conflict_series(indicators.series_min_events, "another method")
    assert (series.pair, series.counts[-3:], series.is_known) == (("theirs", "AAA", "BBB"), [8, 9, 8], False)
    with warehouse.connect() as con:
        newest = "SELECT value > 0.9 FROM marts.dyad_dashboard WHERE indicator = 'changepoint'"
        assert con.execute(newest).fetchall() == [(True,)]
        before = con.execute("FROM core.changepoints ORDER BY ALL").fetchall()
        (made_with,) = con.execute("SELECT made_with FROM built.changepoints").fetchall()[0]
    assert {b.extent for b in build_models(warehouse, project, indicators) if b.model == "marts.dyad_dashboard"} == {
        "nothing"
    }
    assert [s.is_known for s in warehouse.conflict_series(indicators.series_min_events, made_with)] == [True]

    # So many that the square of their sum of scores needs a wide decimal.
    warehouse.add_imported(clashes([9, 140], first=13))
    assert [s.is_known for s in warehouse.conflict_series(indicators.series_min_events, made_with)] == [True]
    build_models(warehouse, project, indicators, "marts.dyad_dashboard")
    with warehouse.connect() as con:
        assert con.execute("FROM core.changepoints ORDER BY ALL").fetchall() == before
    build_models(warehouse, project, indicators)
    with warehouse.connect() as con:
        assert con.execute("SELECT count(*) FROM core.changepoints").fetchall() == [(len(before) + 2,)]

    other = Indicators(hazard_weeks=10)
    warehouse.load_reference({"parameters": parameter_rows(other)})
    build_models(warehouse, project, other)
    with warehouse.connect() as con:
        assert con.execute("FROM core.changepoints ORDER BY ALL").fetchall()[: len(before)] != before
