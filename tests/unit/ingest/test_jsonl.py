"""JSON lines: fields, faults, sizes, encodings."""

import gzip
import json
import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest import Limits, read_sources
from pipeline.ingest.fields import ArticleMaker
from pipeline.records import Article, Rejected

Read = Callable[..., list[Article | Rejected]]


def test_fields_are_read_and_unknown_ones_ignored(read: Read) -> None:
    record = {
        "doc_id": "w-1", "text": " Guards\u00a0fired.\r\n\nTwo died. ", "title": "Shots", "published": "2021-09-10T08:00:00Z",
        "source": "Border Post", "url": "https://post.example/a?utm_source=x", "author": "A. Reporter", "language": "English",
        "topics": ["border"], "score": 0.5,
    }  # fmt: skip
    [article] = read("wire.jsonl", json.dumps(record))
    assert isinstance(article, Article)
    assert article.text == " Guards\u00a0fired.\r\n\nTwo died. "  # exactly as given: offsets point into it
    assert (article.doc_id, article.title, article.source, article.author) == (
        "w-1",
        "Shots",
        "Border Post",
        "A. Reporter",
    )
    assert (article.published, article.published_precision) == (date(2021, 9, 10), "day")
    assert (article.url, article.language) == ("https://post.example/a?utm_source=x", "en")
    assert article.origin == "wire.jsonl:1"
    assert article.text_hash
    assert article.duplicate_of is None


@pytest.mark.parametrize(
    "record",
    [
        {"id": 7, "headline": "Shots", "body": "Two died.", "date": "2021-09", "publisher": "Post", "link": "https://p.example/a", "byline": "A, B", "lang": "en-GB"},
        {"guid": "7", "Headline": "Shots", "Content": "Two died.", "publishedAt": "2021-09", "source": {"id": "p", "name": "Post"}, "permalink": "https://p.example/a", "authors": ["A", "B"], "Language": "eng"},
        {"uid": "7", "title": "Shots", "full_text": "Two died.", "text": "", "pub_date": "2021-09", "outlet": "Post", "web_url": "https://p.example/a", "author": [{"name": "A"}, {"name": "B"}], "locale": "en_US"},
    ],
)  # fmt: skip
def test_usual_synonyms_mean_the_same(read: Read, record: dict[str, object]) -> None:
    [article] = read("a.jsonl", json.dumps(record))
    assert isinstance(article, Article)
    found = (article.doc_id, article.title, article.text, article.published, article.published_precision)
    assert found == ("7", "Shots", "Two died.", date(2021, 9, 1), "month")
    assert (article.source, article.url, article.author, article.language) == (
        "Post",
        "https://p.example/a",
        "A, B",
        "en",
    )


def test_missing_fields_stay_null_and_the_host_stands_for_the_source(read: Read) -> None:
    bare, linked = read("a.jsonl", '{"text": "One."}\n{"text": "Two.", "url": "https://www.post.example/a"}\n')
    assert isinstance(bare, Article) and isinstance(linked, Article)
    assert (bare.source, bare.url, bare.title, bare.published, bare.published_precision, bare.language) == (None,) * 6
    assert linked.source == "post.example"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": "cut o', "no valid JSON"),
        ("plain words", "no valid JSON"),
        ('["a"]', "holds a JSON list"),
        ("12", "holds a JSON int"),
        ('{"title": "x", "summary": "y"}', "it has no text: a field named text"),
        ("{}", "it has no text"),
        ('{"text": ""}', "its text is empty"),
        ('{"text": " \\n "}', "its text is empty"),
        ('{"text": null}', "its text is empty"),
        ('{"text": 5}', "not a string but of type int"),
        ('{"text": ["a", "b"]}', "not a string but of type list"),
        ("[" * 100_000, "no JSON"),
        ('{"text": ' + "9" * 5000 + "}", "no JSON"),
    ],
    ids=lambda v: str(v)[:30],
)
def test_bad_line_is_rejected_and_the_others_are_read(read: Read, line: str, reason: str) -> None:
    first, rejected, last = read("a.jsonl", f'{{"text": "One."}}\n{line}\n\n{{"text": "Two."}}\n')
    assert isinstance(first, Article) and isinstance(last, Article)
    assert isinstance(rejected, Rejected)
    assert (rejected.origin, rejected.line, last.origin) == ("a.jsonl", 2, "a.jsonl:4")
    assert reason in rejected.reason
    assert rejected.excerpt is None or len(rejected.excerpt) <= 200


@pytest.mark.parametrize("lines", [1, 3])
def test_too_long_line_is_rejected_without_losing_the_next(read: Read, lines: int) -> None:
    long = "".join(f'{{"text": "{"x" * 5000}"}}\n' for _ in range(lines))
    *rejected, last = read("a.jsonl", f'{long}{{"text": "Two."}}', line_bytes=1000)
    assert [(r.line, "longer than 1,000 bytes" in r.reason) for r in rejected if isinstance(r, Rejected)] == [
        (i + 1, True) for i in range(lines)
    ]
    assert isinstance(last, Article)


def test_line_of_exactly_the_limit_is_read(read: Read) -> None:
    line = '{"text": "abc"}'
    assert all(isinstance(i, Article) for i in read("a.jsonl", f"{line}\n{line}\n", line_bytes=len(line)))


def test_too_long_text_is_rejected(read: Read) -> None:
    fits, too_long = read("a.jsonl", '{"text": "12345"}\n{"text": "123456"}', text_chars=5)
    assert isinstance(fits, Article)
    assert isinstance(too_long, Rejected)
    assert "6 characters, more than 5" in too_long.reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("packed", [False, True])
def test_unicode_encodings(read: Read, encoding: str, packed: bool) -> None:
    lines = '{"text": "Łódź – 東京\u2028next"}\n{"text": "Two."}\n'.encode(encoding)
    items = read("a.jsonl", gzip.compress(lines) if packed else lines)
    assert [i.text for i in items if isinstance(i, Article)] == ["Łódź – 東京\u2028next", "Two."]


def test_stray_western_bytes_are_read_as_such(read: Read) -> None:
    [article] = read("a.jsonl", '{"text": "The minister’s café"}'.encode("cp1252"))
    assert isinstance(article, Article)
    assert article.text == "The minister’s café"


def test_lone_surrogate_is_replaced_one_for_one(read: Read) -> None:
    [article] = read("a.jsonl", '{"text": "a\\ud800b \\ud83d\\ude00", "title": "\\udc00"}')
    assert isinstance(article, Article)
    assert (article.text, article.title) == ("a\ufffdb \U0001f600", "\ufffd")


def test_unread_dates_are_told_once_per_file(read: Read, caplog: pytest.LogCaptureFixture) -> None:
    items = read(
        "a.jsonl",
        '{"text": "One.", "date": "Friday"}\n{"text": "Two.", "date": "03/04/2021"}\n{"text": "3.", "date": ""}',
    )
    assert [i.published for i in items if isinstance(i, Article)] == [None, None, None]
    [message] = [r.getMessage() for r in caplog.records]
    assert "a.jsonl: 2 publication dates could not be read" in message


@pytest.mark.parametrize("packed", [False, True])
def test_memory_does_not_grow_with_the_file(write: Callable[[str, str | bytes], Path], packed: bool) -> None:
    lines = (f'{{"text": "{"word " * 2000}"}}\n' * 400).encode()  # 4 MB
    path = write("a.jsonl", gzip.compress(lines) if packed else lines)
    next(iter(read_sources([path])))  # what is loaded once, such as the model of languages, is no part of it
    tracemalloc.start()
    count = sum(1 for _ in read_sources([path]))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 400
    assert peak < 1_500_000


@given(st.text(min_size=1).filter(lambda t: not t.isspace()))
def test_text_is_kept_to_the_character(text: str) -> None:
    article = ArticleMaker("a", Limits()).make({"text": text})
    assert isinstance(article, Article)
    assert article.text == text
