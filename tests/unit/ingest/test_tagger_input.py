"""The strict reader of ``faultline tag``: order kept, nothing skipped, faults named by file and line."""

import gzip
import io
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.ingest import Limits, read_tagger_input

Write = Callable[[str, str | bytes], Path]
RECORDS = [
    {"doc_id": "b", "text": " Guards\u00a0fired.\r\n", "published": "2021-09-10", "title": "Shots", "source": "Post", "url": None, "more": 1},
    {"doc_id": "a", "text": "Two died.", "published": None},
    {"doc_id": "a", "text": ""},
]  # fmt: skip
LINES = "".join(json.dumps(r) + "\n" for r in RECORDS).encode()


@pytest.mark.parametrize("kind", ["plain", "gzip", "stdin"])
def test_articles_come_in_order_with_their_text_untouched(
    write: Write, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    path: Path | str = write("in.jsonl", gzip.compress(LINES) if kind == "gzip" else LINES)
    if kind == "stdin":
        path = "-"
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINES)))
    articles = list(read_tagger_input(path))
    assert [a.doc_id for a in articles] == ["b", "a", "a"]
    assert [a.text for a in articles] == [r["text"] for r in RECORDS]
    assert [a.published for a in articles] == [date(2021, 9, 10), None, None]
    assert (articles[0].title, articles[0].source) == ("Shots", "Post")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"doc_id": "x", "text": "cut', "no valid JSON"),
        ('{"text": "One."}', "doc_id is missing"),
        ('{"doc_id": "x"}', "text is missing"),
        ('{"doc_id": "x", "text": null}', "text is missing"),
        ('{"doc_id": "x", "text": "One.", "published": "Friday"}', "write an ISO date"),
        ('{"doc_id": "x", "text": "One, two, three, and so on without end."}', "more than 30"),
        ('{"doc_id": "x", "text": "' + "y" * 300 + '"}', "longer than 200 bytes"),
        ('["x"]', "holds a JSON list"),
    ],
    ids=lambda v: v[:40],
)
def test_fault_names_file_and_line(write: Write, line: str, reason: str) -> None:
    path = write("in.jsonl", '{"doc_id": "1", "text": "One."}\n' + line + '\n{"doc_id": "3", "text": "Three."}\n')
    articles = read_tagger_input(path, Limits(text_chars=30, line_bytes=200))
    assert next(articles).doc_id == "1"
    with pytest.raises(InputError, match=r"in\.jsonl, line 2") as error:
        next(articles)
    assert reason in str(error.value)


@pytest.mark.parametrize(
    "content",
    ['{"doc_id": "1", "text": "café"}'.encode("cp1252"), gzip.compress(LINES)[:-9]],
    ids=["not UTF-8", "cut off"],
)
def test_unreadable_bytes_are_an_error(write: Write, content: bytes) -> None:
    with pytest.raises(InputError, match=r"in\.jsonl"):
        list(read_tagger_input(write("in.jsonl", content)))


def test_missing_file_is_an_error_at_the_call(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.jsonl: No such file"):
        read_tagger_input(tmp_path / "absent.jsonl")
