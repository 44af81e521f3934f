"""What a page is, and what it may ask for: between the server (``app.py``) and the pages.

What belongs here: the records that they exchange, and the small things that several pages say alike (a pair's address, a month in words).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pandas as pd

from pipeline.report.dashboard.selection import OWN, Selection, address
from pipeline.report.dashboard.tables import Table
from pipeline.report.figure import Figure
from pipeline.warehouse.snapshot import Row, SnapshotReader

ARROWS = {"deteriorated": "↘", "improved": "↗", "unchanged": "→", "insufficient data": "·"}


class NotFoundError(Exception):
    """The address names something that the snapshot does not hold."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request: the snapshot, the parameters of the address, and the selection among them."""

    snapshot: SnapshotReader
    state: Mapping[str, str]
    selection: Selection

    def get(self, name: str) -> str:
        """A parameter, '' where it is not given."""
        return self.state.get(name, "").strip()


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure, and the key of the table that holds its numbers."""

    figure: Figure
    table: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A template with what it is filled with."""

    template: str
    title: str
    context: Mapping[str, Any] = field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    charts: Mapping[str, Chart] = field(default_factory=dict)


def pair_address(row: Row, dataset: str = OWN, **more: Any) -> str:
    """The page of the pair in columns a and b."""
    return address("/pair", a=row["a"], b=row["b"], dataset=dataset, **more)


def actor_address(actor_id: str | None) -> str:
    """The page of an actor; '' for none."""
    return address("/actor", id=actor_id) if actor_id else ""


def article_address(article_id: str | None, kind: str = "", item: str = "") -> str:
    """An article, at one of its coded rows; '' for none."""
    if not article_id:
        return ""
    return (
        address("/article", id=article_id, at=f"{kind}:{item}") + "#here"
        if item
        else address("/article", id=article_id)
    )


def with_links(frame: pd.DataFrame, link: Any) -> pd.DataFrame:
    """The frame with a column ``href``, made of each of its rows."""
    rows: list[Any] = frame.to_dict("records")
    return frame.assign(href=[link(row) for row in rows])


def linked(visit: Visit, table: Table) -> pd.DataFrame:
    """The rows of a table for its chart, each with the link of its first column."""
    return with_links(visit.snapshot.frame(table.sql, table.parameters), table.columns[0].link)


def month_of(value: Any) -> tuple[date, date]:
    """First and last day of the month that a date lies in."""
    first = pd.Timestamp(value).date().replace(day=1)
    return first, (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def week_of(value: Any) -> tuple[date, date]:
    """Monday, as given, and Sunday."""
    first = pd.Timestamp(value).date()
    return first, first + timedelta(days=6)


def sourced(visit: Visit, what: str = "events") -> str:
    """Where a chart's numbers come from, in a line."""
    if visit.selection.dataset != OWN:
        return f"Source: imported data set {visit.selection.dataset}."
    row = visit.snapshot.row(
        "SELECT count(*) AS n, count(DISTINCT source) AS publishers, max(published) AS newest FROM raw.articles WHERE duplicate_of IS NULL"
    )
    assert row is not None  # noqa: S101 - a count has one row
    until = f", the newest of {row['newest']:%-d %B %Y}" if row["newest"] else ""
    return f"Source: {what} that Faultline coded in {row['n']:,} articles of {row['publishers']:,} publishers{until}."
