"""WARC files, written by the library that archives use."""

import gzip
import io
import os
import tracemalloc
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import pytest
from local_server import page
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.ingest import FileSource, read_sources
from pipeline.records import Article, Done, Rejected

# The library's writer leaves temporary files to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

Write = Callable[[str, str | bytes], Path]
Record = tuple[str, str, bytes, dict[str, str]]


def warc(records: Iterable[Record], *, packed: bool = True) -> bytes:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=packed)
    for kind, url, body, headers in records:
        http = None
        if kind == "response":
            status = headers.pop("status", "200 OK")
            fields = {"Content-Type": "text/html; charset=utf-8", **headers}
            http = StatusAndHeaders(status, list(fields.items()), protocol="HTTP/1.1")
        dated = {"WARC-Date": "2021-09-08T05:00:00Z"}
        writer.write_record(
            writer.create_warc_record(url, kind, payload=io.BytesIO(body), http_headers=http, warc_headers_dict=dated)
        )
    return buffer.getvalue()


def answer(url: str, body: str | bytes, **headers: str) -> Record:
    return (
        "response",
        url,
        body.encode() if isinstance(body, str) else body,
        {k.replace("_", "-"): v for k, v in headers.items()},
    )


def test_pages_are_read_and_other_records_passed_over(write: Write) -> None:
    records: list[Record] = [
        ("warcinfo", "", b"software: x\r\n", {}),
        ("request", "https://post.example/a", b"GET /a HTTP/1.1\r\n\r\n", {}),
        answer("https://post.example/2021/09/07/a", page("Pass closed", "Guards shot at a lorry.")),
        answer("https://post.example/b.png", b"\x89PNG", Content_Type="image/png"),
        answer("https://post.example/c", page("Gone", "Not here."), status="404 Not Found"),
        answer("https://post.example/d", page("Talks", "Envoys met on 5 May.")),
    ]
    for name, packed in (("a.warc.gz", True), ("b.warc", False)):
        first, second = read_sources([write(name, warc([*map(_copy, records)], packed=packed))])
        assert isinstance(first, Article) and isinstance(second, Article)
        assert (first.title, first.published, first.published_source) == ("Pass closed", date(2021, 9, 7), "url")
        assert (first.url, first.origin) == ("https://post.example/2021/09/07/a", f"{name}:3")
        assert first.fetched_at is not None and first.fetched_at.isoformat() == "2021-09-08T05:00:00+00:00"
        assert second.title == "Talks" and second.published is None


def _copy(record: Record) -> Record:
    return (*record[:3], dict(record[3]))


def test_servers_encoding_and_packing_are_undone(write: Write) -> None:
    text = page("Переход", "Стрельба.").encode("cp1251", "replace")
    headers = {"Content_Type": "text/html; charset=windows-1251", "Content_Encoding": "gzip"}
    [article] = read_sources(
        [write("a.warc.gz", warc([answer("https://post.example/a", gzip.compress(text), **headers)]))]
    )
    assert isinstance(article, Article) and article.title == "Переход"


def test_bad_records_do_not_end_the_reading(write: Write) -> None:
    records = [
        answer("javascript:alert(1)", page("x", "Words.")),
        answer("file:///etc/passwd", page("x", "Words.")),
        answer("https://post.example/empty", "<html><body></body></html>"),
        answer("https://post.example/deep", "<html>" + "<div>" * 100_000),
        answer("https://post.example/large", b"<html>" + b"x" * 25_000_000),
        answer("https://post.example/a", page("Pass closed", "Guards shot at a lorry.")),
    ]
    items = list(read_sources([write("a.warc.gz", warc(records))]))
    assert [type(i) for i in items] == [Rejected] * 5 + [Article]
    reasons = [i.reason for i in items if isinstance(i, Rejected)]
    for reason, words in zip(
        reasons, ["none of the web", "none of the web", "no article text", "nested", "too large"], strict=True
    ):
        assert words in reason
    assert [i.line for i in items if isinstance(i, Rejected)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("packed", [True, False])
def test_file_that_is_cut_off_keeps_what_came_before(write: Write, packed: bool) -> None:
    content = warc(
        [answer(f"https://post.example/{i}", page(f"Title {i}", f"Report {i}.")) for i in range(60)], packed=packed
    )
    items = list(read_sources([write("a.warc", content[: len(content) * 7 // 10])]))
    assert len([i for i in items if isinstance(i, Article)]) >= 10


@pytest.mark.parametrize("packing", ["records", "whole", "none"])
def test_reading_that_was_stopped_goes_on_where_it_was(
    write: Write, monkeypatch: pytest.MonkeyPatch, packing: str
) -> None:
    monkeypatch.setattr("pipeline.ingest.warc.RECORDS_PER_MARK", 4)
    content = warc(
        (answer(f"https://post.example/{i}", page(f"Title {i}", f"Report {i}.")) for i in range(20)),
        packed=packing == "records",
    )
    path = write("a.warc", gzip.compress(content) if packing == "whole" else content)
    source = FileSource([path], name="archive")
    first = list(source.read())
    everything = [(i.title, i.origin, i.text) for i in first if isinstance(i, Article)]
    marks = [(n, i) for n, i in enumerate(first) if isinstance(i, Done)]
    assert len(everything) == 20 and len(marks) == 5, "four on the way and one at the end"
    for place, mark in marks:
        before = [(i.title, i.origin, i.text) for i in first[:place] if isinstance(i, Article)]
        rest = list(source.read(lambda items, mark=mark: {mark.item: mark.version}))  # type: ignore[misc]
        assert before + [(i.title, i.origin, i.text) for i in rest if isinstance(i, Article)] == everything
    os.utime(path, (1, 1))
    _, mark = marks[1]
    changed = list(source.read(lambda items: {mark.item: mark.version}))
    assert sum(isinstance(i, Article) for i in changed) == 20, "a file that has changed is read from its beginning"


def test_memory_does_not_grow_with_the_file(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.ingest.html._PAGES_BETWEEN_RESETS", 20)

    def peak(records: int) -> int:
        pages = (
            answer(f"https://post.example/{i}", page(f"Title {i}", f"Report {i}. " + "word " * 2000))
            for i in range(records)
        )
        path = write("a.warc.gz", warc(pages))
        tracemalloc.start()
        count = sum(isinstance(i, Article) for i in read_sources([path]))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert count == records
        return found

    peak(10)  # loads what is loaded once
    assert peak(120) < 1.5 * peak(30) + 2_000_000
