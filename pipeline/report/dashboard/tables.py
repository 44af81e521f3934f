"""Tables that sort, filter, turn pages and export, all through the address of their page.

A table ``t`` of a page listens to ``t.sort`` (a column, with - for descending), ``t.q`` (a text that a row must contain) and ``t.page``;
``csv=t`` gives all its rows as CSV instead of the page. What belongs here: that. What does not: what a table holds.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any
from urllib.parse import urlencode

from pipeline.warehouse.snapshot import Row, SnapshotReader

_CHUNK = 64 * 1024
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in SQL, what stands above it, and how it is shown.

    ``kind`` is text, quote, number, score (with sign), share, date, month or flag. ``link`` gives the address that a cell leads to.
    """

    name: str
    label: str
    kind: str = "text"
    link: Callable[[Row], str] | None = None
    help: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it stands at the right."""
        return self.kind in ("number", "score", "share", "decimal")


@dataclass(frozen=True, slots=True)
class Table:
    """A SELECT with what is shown of it. ``grey`` names a boolean column: rows where it is false rest on too little."""

    key: str
    title: str
    sql: str
    columns: tuple[Column, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    order: str = ""
    note: str = ""
    grey: str = ""
    size: int = 15
    empty: str = "Nothing here."


@dataclass(frozen=True, slots=True)
class TableView:
    """What a page shows of a table, with the addresses of its other states. ``total`` counts the rows that pass the filter."""

    table: Table
    rows: list[Row]
    total: int
    page: int
    pages: int
    query: str
    sort: str
    state: Mapping[str, str]

    def address(self, **changes: Any) -> str:
        """The page's address with other states of this table: sort, q, page, csv."""
        kept = {k: v for k, v in self.state.items() if k != "csv"}
        for name, value in changes.items():
            key = name if name == "csv" else f"{self.table.key}.{name}"
            kept.pop(key, None)
            if value not in (None, "", 1):
                kept[key] = str(value)
        return "?" + urlencode(kept) + ("" if "csv" in changes else f"#{self.table.key}")

    def sorting(self, column: Column) -> str:
        """The address that sorts by a column; once more turns it round. Numbers begin with the greatest."""
        first, second = (
            (f"-{column.name}", column.name)
            if column.is_number or column.kind in ("date", "month")
            else (column.name, f"-{column.name}")
        )
        return self.address(sort=second if self.sort == first else first, page=None)

    def sorted_by(self, column: Column) -> str:
        """For aria-sort: ascending, descending or none."""
        return {column.name: "ascending", f"-{column.name}": "descending"}.get(self.sort, "none")

    def hidden(self) -> list[tuple[str, str]]:
        """Parameters of the page that the filter's form must carry along."""
        return [
            (k, v) for k, v in self.state.items() if k not in ("csv", f"{self.table.key}.q", f"{self.table.key}.page")
        ]


def view(table: Table, snapshot: SnapshotReader, state: Mapping[str, str]) -> TableView:
    """Read the part of a table that the address asks for."""
    sql, parameters, query, sort = _selected(table, state)
    total = int(snapshot.rows(f"SELECT count(*) AS n FROM ({sql})", parameters)[0]["n"])  # noqa: S608 - built from our own names
    pages = max(1, ceil(total / table.size))
    page = min(max(1, _number(state.get(f"{table.key}.page"))), pages)
    rows = snapshot.rows(f"{sql} {_order(table, sort)} LIMIT {table.size} OFFSET {(page - 1) * table.size}", parameters)
    return TableView(table, rows, total, page, pages, query, sort, state)


def csv_lines(table: Table, snapshot: SnapshotReader, state: Mapping[str, str]) -> Iterator[str]:
    """All rows that pass the filter, as CSV with the SQL names of all columns, in pieces of some kilobytes.

    Text that a spreadsheet would take for a formula gets an apostrophe in front: it comes from articles.
    """
    sql, parameters, _, sort = _selected(table, state)
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in snapshot.stream(f"{sql} {_order(table, sort)}", parameters):
        writer.writerow([f"'{v}" if isinstance(v, str) and v.startswith(_FORMULA) else _plain(v) for v in row])
        if buffer.tell() > _CHUNK:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _plain(value: Any) -> Any:
    return "; ".join(map(str, value)) if isinstance(value, list) else value


def _selected(table: Table, state: Mapping[str, str]) -> tuple[str, dict[str, Any], str, str]:
    """The SELECT with its filter, its parameters, the filter's text and the column to sort by ('' where the address names none)."""
    parameters = dict(table.parameters)
    query = state.get(f"{table.key}.q", "").strip()
    sql = f"SELECT * FROM ({table.sql})"  # noqa: S608 - our own SQL
    if query:
        texts = ", ".join(f'"{c.name}"::VARCHAR' for c in table.columns)
        sql += f" WHERE contains(lower(concat_ws(' ', {texts})), lower($wanted))"
        parameters["wanted"] = query
    asked = state.get(f"{table.key}.sort", "")
    sort = asked if asked.removeprefix("-") in {c.name for c in table.columns} else ""
    return sql, parameters, query, sort


def _order(table: Table, sort: str) -> str:
    if sort:
        by = f'ORDER BY "{sort.removeprefix("-")}" {"DESC" if sort.startswith("-") else "ASC"} NULLS LAST'
        return f"{by}, {table.order}" if table.order else by
    return f"ORDER BY {table.order}" if table.order else ""


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else 1
