"""CSV and Parquet: columns, rows, faults."""

import csv
import gzip
import io
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.ingest import read_sources
from pipeline.records import Article, Rejected

Read = Callable[..., list[Article | Rejected]]
ROWS = [
    ["id", "Headline", "Body", "Published At", "Outlet", "Link", "Notes"],
    ["1", "Shots", 'Guards fired.\n\nHe said "stop", twice.', "2021-09-10", "Post", "https://p.example/a", "x"],
    ["2", "Talks", "Envoys met;\tall smiled | left.", "September 2021", "Post", "", ""],
]


def table(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_rows_become_articles(read: Read, delimiter: str, encoding: str) -> None:
    first, second = read("a.csv", table(ROWS, delimiter).encode(encoding))
    assert isinstance(first, Article) and isinstance(second, Article)
    assert first.text == 'Guards fired.\n\nHe said "stop", twice.'
    assert (first.doc_id, first.title, first.source, first.url) == ("1", "Shots", "Post", "https://p.example/a")
    assert (first.published, second.published, second.published_precision) == (
        date(2021, 9, 10),
        date(2021, 9, 1),
        "month",
    )
    assert (first.origin, second.origin) == ("a.csv:2", "a.csv:5")
    assert second.url is None


def test_packed_table_with_western_bytes(read: Read) -> None:
    [article] = read("a.csv.gz", gzip.compress("id,text\r\n1,The minister’s café\r\n".encode("cp1252")))
    assert isinstance(article, Article)
    assert article.text == "The minister’s café"


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_table_without_text_column_names_its_columns(read: Read, name: str) -> None:
    content: str | bytes = "id,summary\n1,words\n"
    if name == "a.parquet":
        buffer = io.BytesIO()
        pq.write_table(pa.table({"id": [1], "summary": ["words"]}), buffer)
        content = buffer.getvalue()
    [item] = read(name, content)
    assert isinstance(item, Rejected)
    assert "no column for the text" in item.reason
    assert "id, summary" in item.reason


def test_bad_rows_are_rejected_and_the_others_read(read: Read) -> None:
    lines = ["id,text", "1,One.", "2,", "3,Two, with a comma", '4,"bad"quote', "", "5,Last."]
    items = read("a.csv", "\n".join(lines) + "\n")
    assert [i.text for i in items if isinstance(i, Article)] == ["One.", "Last."]
    rejected = [(i.line, i.reason) for i in items if isinstance(i, Rejected)]
    assert [line for line, _ in rejected] == [3, 4, 5]
    for (_, reason), part in zip(rejected, ("text is empty", "3 columns, the header 2", "no valid CSV"), strict=True):
        assert part in reason


def test_quotation_mark_that_is_never_closed_swallows_nothing_silently(read: Read) -> None:
    items = read("a.csv", 'id,text\n1,One.\n2,"Two.\n3,Three.\n4,Four.\n')
    assert [i.text for i in items if isinstance(i, Article)] == ["One."]
    assert [i.line for i in items if isinstance(i, Rejected)] == [3, 3]
    assert any("rest of the file was not read" in i.reason for i in items if isinstance(i, Rejected))


def test_field_longer_than_the_modules_default_is_read(read: Read) -> None:
    [article] = read("a.csv", f'id,text\n1,"{"word " * 40_000}"\n')
    assert isinstance(article, Article)
    assert len(article.text) == 200_000


def test_field_beyond_the_limit_is_rejected(read: Read) -> None:
    rejected, article = read("a.csv", f"id,text\n1,{'x' * 500}\n2,Short.\n", line_bytes=100)
    assert isinstance(rejected, Rejected) and isinstance(article, Article)
    assert "field larger" in rejected.reason


def test_parquet_rows_become_articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = pa.table(
        {
            "doc_id": pa.array([1, 2, 3]),
            "body": pa.array(["One.\u00a0", "Two.", None]).dictionary_encode(),
            "published": pa.array([datetime(2021, 9, 10, 23, tzinfo=UTC), None, None], pa.timestamp("ns", tz="UTC")),
            "authors": pa.array([["A", "B"], [], None]),
            "vector": pa.array([[0.1], [0.2], [0.3]]),
        }
    )
    pq.write_table(rows, "a.parquet", row_group_size=1)
    first, second, third = read_sources([Path("a.parquet")])
    assert isinstance(first, Article) and isinstance(second, Article) and isinstance(third, Rejected)
    assert (first.doc_id, first.text, first.published, first.author) == ("1", "One.\u00a0", date(2021, 9, 10), "A, B")
    assert (first.origin, second.origin, third.line) == ("a.parquet:1", "a.parquet:2", 3)


@pytest.mark.parametrize("content", [b"PAR1", b"PAR1" + b"\0" * 100, b"PAR1" + b"x" * 100 + b"\xff\xff\x00\x00PAR1"])
def test_damaged_parquet_is_rejected(read: Read, content: bytes) -> None:
    [item] = read("a.parquet", content)
    assert isinstance(item, Rejected)
    assert "no sound Parquet" in item.reason
