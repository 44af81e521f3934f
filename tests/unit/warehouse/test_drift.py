"""The newest month of reading against the months before it."""

import duckdb
import pytest

from pipeline.warehouse.drift import newest_month


def months(*rows: tuple[int, float, float]) -> duckdb.DuckDBPyConnection:
    """quality_month with (articles, share of names resolved, events an article) a month, the oldest first."""
    con = duckdb.connect()
    con.execute("CREATE SCHEMA marts")
    con.execute(
        "CREATE TABLE marts.quality_month (month DATE, n_articles INTEGER, n_tagged INTEGER, n_events INTEGER, "
        "share_names_resolved DOUBLE, share_dated DOUBLE, share_actual DOUBLE)"
    )
    for i, (articles, resolved, events) in enumerate(rows):
        con.execute(
            "INSERT INTO marts.quality_month VALUES (?, ?, ?, ?, ?, 0.5, 0.9)",
            [f"2021-{i + 1:02d}-01", articles, articles, round(articles * events), resolved],
        )
    return con


def test_a_month_that_stands_out_is_named_and_an_ordinary_one_is_not() -> None:
    before = [(100, 0.60, 3.0), (100, 0.62, 3.1), (100, 0.58, 2.9), (100, 0.61, 3.0)]
    assert [d.measure for d in newest_month(months(*before, (100, 0.30, 3.2))) if d.is_drift] == [
        "share_names_resolved"
    ]
    assert [d.measure for d in newest_month(months(*before, (100, 0.60, 0.5))) if d.is_drift] == ["events_per_article"]
    assert not any(d.is_drift for d in newest_month(months(*before, (100, 0.65, 3.3))))


@pytest.mark.parametrize("months_before", [2, 0])
def test_too_little_past_says_nothing(months_before: int) -> None:
    assert newest_month(months(*[(100, 0.6, 3.0)] * months_before, (100, 0.1, 0.1))) == []


def test_months_of_few_articles_are_neither_compared_nor_compared_with() -> None:
    before = [(100, 0.60, 3.0), (5, 0.0, 0.0), (100, 0.62, 3.1), (100, 0.58, 2.9), (100, 0.60, 3.0)]
    found = newest_month(months(*before, (3, 0.0, 9.0)))
    assert {(str(d.month), d.months) for d in found} == {("2021-05-01", 3)}
    assert not any(d.is_drift for d in found)
