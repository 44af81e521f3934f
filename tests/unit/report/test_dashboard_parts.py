import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import WarehouseError
from pipeline.report.dashboard.pages.article import Piece, Reading, paragraphs
from pipeline.report.dashboard.pages.network import force_layout
from pipeline.report.dashboard.pages.overview import reason
from pipeline.report.dashboard.selection import Selection, address, regions
from pipeline.report.dashboard.serve import is_loopback
from pipeline.report.dashboard.tables import Column, Table, csv_lines, view
from pipeline.report.dashboard.words import cell, percent, web
from pipeline.warehouse.snapshot import SnapshotReader

TABLE = Table(
    "t", "Things", "SELECT * FROM core.things WHERE n <> $without", (Column("name", "Name"), Column("n", "Number", "number")), {"without": 99}, order="name", size=2
)  # fmt: skip


def write(path: Path, *rows: tuple[str, int | None]) -> None:
    partial = path.with_suffix(".new")
    partial.unlink(missing_ok=True)
    with duckdb.connect(str(partial)) as con:
        con.execute("CREATE SCHEMA core; CREATE TABLE core.things (name VARCHAR, n INTEGER)")
        con.executemany("INSERT INTO core.things VALUES (?, ?)", list(rows))
    partial.replace(path)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[SnapshotReader]:
    path = tmp_path / "w.duckdb"
    write(path, ("pear", 3), ("apple", 10), ("Fig 100%", 1), ("=HYPERLINK()", 7), ("gone", 99))
    reader = SnapshotReader(path)
    yield reader
    reader.close()


def names(reader: SnapshotReader, **state: str) -> list[str]:
    return [r["name"] for r in view(TABLE, reader, {k.replace("_", "."): v for k, v in state.items()}).rows]


def test_a_table_sorts_filters_and_turns_pages_as_the_address_says(reader: SnapshotReader) -> None:
    assert names(reader) == ["=HYPERLINK()", "Fig 100%"]
    assert names(reader, t_sort="-n") == ["apple", "=HYPERLINK()"]
    assert names(reader, t_sort="-n", t_page="2") == ["pear", "Fig 100%"]
    assert names(reader, t_q="P") == ["=HYPERLINK()", "apple"]
    assert names(reader, t_q="100%") == ["Fig 100%"]
    assert names(reader, t_q="%") == ["Fig 100%"]  # what is looked for is text and no pattern


@pytest.mark.parametrize("sort", ["nothing", "n; DROP TABLE things", "-", '"n"'])
def test_what_is_no_column_does_not_sort(reader: SnapshotReader, sort: str) -> None:
    assert names(reader, t_sort=sort) == names(reader)


@pytest.mark.parametrize("page", ["0", "-1", "9", "99999999999", "two"])
def test_pages_that_are_not_there_give_one_that_is(reader: SnapshotReader, page: str) -> None:
    shown = view(TABLE, reader, {"t.page": page})
    assert 1 <= shown.page <= shown.pages == 2 and shown.rows


def test_addresses_of_a_table_keep_the_rest_of_the_page(reader: SnapshotReader) -> None:
    shown = view(TABLE, reader, {"a": "AFG", "u.sort": "x", "t.page": "2", "t.sort": "n"})
    assert shown.sorting(TABLE.columns[1]) == "?a=AFG&u.sort=x&t.sort=-n#t"
    assert shown.address(page=1) == "?a=AFG&u.sort=x&t.sort=n#t"
    assert shown.address(csv="t") == "?a=AFG&u.sort=x&t.page=2&t.sort=n&csv=t"


def test_csv_has_all_selected_rows_and_no_formula_for_a_spreadsheet(reader: SnapshotReader) -> None:
    rows = list(csv.reader(io.StringIO("".join(csv_lines(TABLE, reader, {"t.sort": "-n"})))))
    assert rows == [["name", "n"], ["apple", "10"], ["'=HYPERLINK()", "7"], ["pear", "3"], ["Fig 100%", "1"]]


def test_a_snapshot_that_was_replaced_is_opened_anew(reader: SnapshotReader) -> None:
    assert reader.rows("SELECT count(*) AS n FROM core.things") == [{"n": 5}]
    stream = reader.stream("SELECT name FROM core.things")
    assert next(stream) == ("name",)
    write(reader.path, ("new", 1))
    assert reader.rows("SELECT count(*) AS n FROM core.things") == [{"n": 1}]
    assert len(list(stream)) == 5  # who reads the old one reads it to its end


def test_a_snapshot_is_read_only_and_cut_off_from_files(reader: SnapshotReader, tmp_path: Path) -> None:
    for sql in ("DELETE FROM core.things", f"SELECT * FROM read_csv('{tmp_path}/x.csv')"):
        with pytest.raises(duckdb.Error):
            reader.rows(sql)


def test_without_a_snapshot_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="faultline run"):
        SnapshotReader(tmp_path / "none.duckdb").rows("SELECT 1")


def test_a_selection_is_read_from_months_and_days() -> None:
    assert Selection.of({"from": "2020-02", "to": "2020-02"}).period() == {
        "start": date(2020, 2, 1),
        "end": date(2020, 2, 29),
    }
    assert Selection.of({"from": "2020-02-03", "to": "2019-12"}).period() == {
        "start": date(2020, 2, 3),
        "end": date(2019, 12, 31),
    }
    assert Selection.of({"from": "2020-13", "to": "x"}).period() == {"start": None, "end": None}


def test_an_address_leaves_out_what_is_not_given() -> None:
    assert (
        address("/pair", a="AFG", b="org:a b", dataset="faultline", start=date(2020, 1, 1), end=None)
        == "/pair?a=AFG&b=org%3Aa+b&from=2020-01-01"
    )


def test_every_region_has_countries() -> None:
    assert {"AFG", "PAK"} <= set(regions()["Southern Asia"])
    assert sum(map(len, regions().values())) > 240


def letters(text: str) -> str:
    """Without blanks: those between paragraphs are left out."""
    return "".join(text.split())


def reading(start: int, end: int, layer: str = "actor", inferred: bool = False) -> Reading:
    return Reading(layer, f"{start}-{end}", start, end, ("LINE",), inferred)


@given(
    st.text(alphabet="ab \n", min_size=1, max_size=60),
    st.lists(st.tuples(st.integers(0, 59), st.integers(1, 20)), max_size=8),
)
def test_marks_never_change_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    readings = [reading(s, min(s + n, len(text))) for s, n in spans if s < len(text)]
    pieces: list[Piece] = [
        p for paragraph in paragraphs(text, readings, [], None) for sentence in paragraph for p in sentence
    ]
    assert letters("".join(p.text for p in pieces)) == letters(text)
    for r in readings:
        marked = "".join(p.text for p in pieces if r in p.readings)
        assert letters(marked) == letters(text[r.start : r.end])


def test_readings_that_overlap_are_shown_together() -> None:
    (paragraph,) = paragraphs(
        "Twelve attacks in May.", [reading(0, 14, "count"), reading(7, 14, "event", inferred=True)], [], (7, 14)
    )
    assert [(p.text, p.classes) for p in paragraph[0]] == [
        ("Twelve ", "count"), ("attacks", "count event inferred here"), (" in May.", ""),
    ]  # fmt: skip


def test_the_arrow_gives_its_reason_or_says_that_there_is_none() -> None:
    row = {
        "arrow": "deteriorated",
        "arrow_n": 6,
        "arrow_now": -4.2,
        "arrow_before": 1.0,
        "base_months": 5,
        "arrow_month": date(2021, 8, 1),
        "arrow_z": -2.5,
    }
    assert reason(row) == "deteriorated: mean score -4.2 in Aug 2021 against +1.0 in the 5 months before (z -2.5, n 6)"
    assert "too few events" in reason({**row, "arrow": "insufficient data", "arrow_n": 1})


def test_places_in_the_network_are_the_same_every_time_and_never_the_same_for_two() -> None:
    edges = [(0, 1), (0, 2), (0, 3), (4, 5)]
    first = force_layout(6, edges)
    assert (first == force_layout(6, edges)).all()
    assert abs(first).max() <= 1
    assert len({(round(x, 2), round(y, 2)) for x, y in first}) == 6


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [("score", -0.04, "0.0"), ("score", -4.25, "-4.2"), ("share", 0.834, "83%"), ("number", 12345, "12,345"), ("decimal", 0.046, "0.05"), ("decimal", 33.0, "33"),
     ("date", date(2021, 8, 4), "4 Aug 2021"), ("month", date(2021, 8, 1), "Aug 2021"), ("text", None, "–"), ("number", float("nan"), "–")],
)  # fmt: skip
def test_values_in_words(kind: str, value: object, text: str) -> None:
    assert cell({"x": value}, Column("x", "X", kind)) == text


def test_only_web_addresses_become_links() -> None:
    assert web("https://example.org/a") == "https://example.org/a"
    assert web("javascript:alert(1)") == web("data:text/html,x") == web(None) == ""


def test_a_value_beyond_a_scale_stands_at_its_end() -> None:
    assert [percent(v, -10, 10) for v in (-17, -10, 0, 12)] == [0, 0, 50, 100]


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104
        ("192.0.2.1", False),
        ("example.org", False),
    ],
)
def test_what_is_loopback(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone
