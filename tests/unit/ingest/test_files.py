"""Which files are read, in which order, and what becomes of the others."""

import csv
import gzip
import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import InputError
from pipeline.ingest import FileSource, read_sources
from pipeline.ingest.source_file import SourceFile
from pipeline.records import Article, Done, Rejected

Write = Callable[[str, str | bytes], Path]
TEXT = "Guards closed the crossing on Monday."


def origins(*paths: Path) -> list[str | None]:
    return [i.origin for i in read_sources(paths)]


def test_folder_is_read_recursively_in_a_fixed_order(write: Write) -> None:
    for name in ("in/b.txt", "in/a.txt", "in/sub/d.md", "in/sub/c.txt"):
        write(name, f"{TEXT} {name}")
    assert origins(Path("in")) == ["in/a.txt", "in/b.txt", "in/sub/c.txt", "in/sub/d.md"]


def test_hidden_files_readmes_and_licences_are_passed_over(write: Write) -> None:
    for name in (
        "in/a.txt",
        "in/.hidden.txt",
        "in/.git/b.txt",
        "in/README.md",
        "in/sub/readme.txt",
        "in/LICENSE",
        "in/sub/License.txt",
    ):
        write(name, TEXT)
    assert origins(Path("in")) == ["in/a.txt"]


def test_hidden_file_that_is_named_is_read(write: Write) -> None:
    assert origins(write(".notes.txt", TEXT)) == [".notes.txt"]


def test_missing_path_is_an_error_at_the_call(write: Write) -> None:
    with pytest.raises(InputError, match=r"nothing at .*absent\.jsonl.*check the spelling"):
        read_sources([write("a.txt", TEXT), Path("absent.jsonl")])


def test_empty_folder_is_reported(tmp_path: Path) -> None:
    [item] = read_sources([tmp_path])
    assert isinstance(item, Rejected)
    assert "nothing to read in this folder" in item.reason


def test_file_that_two_paths_hold_is_read_once(write: Write) -> None:
    path = write("in/a.txt", TEXT)
    assert origins(path, Path("in"), path) == ["in/a.txt"]


def test_origin_outside_of_the_working_directory_is_absolute(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("in/a.txt", TEXT)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert origins(path) == [path.as_posix()]


def test_links_out_of_the_folder_are_not_followed(write: Write) -> None:
    secret = write("outside/secret.txt", TEXT)
    write("in/a.txt", "Another text.")
    Path("in/link.txt").symlink_to(secret)
    Path("in/folder").symlink_to(secret.parent)
    Path("in/loop").symlink_to(Path("in").absolute())
    Path("in/dangling.txt").symlink_to("nowhere.txt")
    items = list(read_sources([Path("in")]))
    assert [i.origin for i in items if isinstance(i, Article)] == ["in/a.txt"]
    reasons = {i.origin: i.reason for i in items if isinstance(i, Rejected)}
    assert "leads out of the folder" in reasons["in/link.txt"]
    assert set(reasons) == {"in/link.txt", "in/dangling.txt"}


def test_pipe_does_not_block_the_reading(write: Write) -> None:
    write("in/a.txt", TEXT)
    os.mkfifo("in/pipe.txt")
    items = list(read_sources([Path("in")]))
    assert [type(i) for i in items] == [Article, Rejected]


def test_file_name_that_is_no_unicode_gives_a_storable_origin(write: Write, tmp_path: Path) -> None:
    write("in/a.txt", TEXT)
    Path("in/a.txt").rename(os.fsdecode(b"in/caf\xe9.txt"))
    [origin] = origins(Path("in"))
    assert origin == "in/caf\ufffd.txt"


def test_unknown_kind_in_a_folder_is_rejected_but_read_when_named(write: Write) -> None:
    path = write("in/notes.log", TEXT)
    [rejected] = read_sources([Path("in")])
    assert isinstance(rejected, Rejected)
    assert "files named .log are not read" in rejected.reason
    [article] = read_sources([path])
    assert isinstance(article, Article)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "the file is empty"),
        ("blank.jsonl", b" \n\n", "the file is empty"),
        ("empty.html", b"", "the file is empty"),
        ("program.txt", b"\x7fELF\x02\x01\x00\x00" + bytes(range(256)) * 20, "binary"),
        ("picture.jsonl", b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
        ("late.txt", b"Words, many words. " * 10_000 + b"\0\0", "binary"),
        ("noise.txt", bytes(range(1, 32)) * 40, "binary"),
        ("paper.txt", b"%PDF-1.7 ...", "PDF"),
        ("archive.jsonl", b"PK\x03\x04....", "zip"),
        ("pages.warc", b"WARC/1.0\r\nWARC-Type: response\r\n", "WARC"),
        ("feed.xml", b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>', "XML"),
        ("twice.txt.gz", gzip.compress(gzip.compress(TEXT.encode())), "compressed twice"),
        ("fake.parquet", b"doc_id,text\n1,words\n", "no Parquet file"),
        ("array.json", b'[{"text": "a"}]', "jq"),
        ("pretty.json", b'{\n  "text": "a"\n}\n', "jq"),
        ("pretty2.json", b'{ "meta": {"a": 1},\n  "text": "a"\n}\n', "jq"),
    ],
)
def test_what_is_no_article_is_rejected_with_advice(
    read: Callable[..., list[Article | Rejected]], name: str, content: bytes, reason: str
) -> None:
    [item] = read(name, content)
    assert isinstance(item, Rejected)
    assert item.origin == name
    assert reason in item.reason


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("lines.txt", b'{"text": "Guards closed the crossing."}\n'),
        ("lines", b'{"text": "Guards closed the crossing."}\n'),
        ("table.txt", b"date;headline;body\n2021-09-10;Title;Guards closed the crossing.\n"),
        ("page.txt", b"<!-- saved --><!DOCTYPE html><html><body><p>Guards closed the crossing.</p></body></html>"),
        ("page.jsonl", b"<html><body><p>Guards closed the crossing.</p></body></html>"),
        ("plain.jsonl.txt", b"Guards closed the crossing."),
        ("packed.txt", gzip.compress(b"Guards closed the crossing.")),
        ("lines.gz", gzip.compress(b'{"text": "Guards closed the crossing."}\n')),
        ("notzipped.jsonl.gz", b'{"text": "Guards closed the crossing."}\n'),
        ("sentence.txt", b"Guards closed the crossing."),
    ],
)
def test_content_decides_over_the_suffix(
    read: Callable[..., list[Article | Rejected]], name: str, content: bytes
) -> None:
    [article] = read(name, content)
    assert isinstance(article, Article), article
    assert article.text == "Guards closed the crossing."


@pytest.mark.parametrize(
    "first", ["text, content", "Text, body and soul: a report from the border", "Source: agency. Text follows"]
)
def test_prose_is_not_taken_for_a_table(read: Callable[..., list[Article | Rejected]], first: str) -> None:
    [article] = read("a.txt", f"{first}\nGuards closed it.")
    assert isinstance(article, Article)
    assert article.text.startswith(first)


def test_one_bad_file_does_not_end_the_reading(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write("in/a.txt", "One.")
    write("in/b.txt", "Two.")
    original = SourceFile.read

    def fail(self: SourceFile) -> bytes:
        if self.name == "a.txt":
            raise RuntimeError("unforeseen")
        return original(self)

    monkeypatch.setattr(SourceFile, "read", fail)
    rejected, article = read_sources([Path("in")])
    assert isinstance(rejected, Rejected)
    assert "unforeseen" in rejected.reason
    assert isinstance(article, Article)


def test_interrupt_passes(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(self: SourceFile) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(SourceFile, "read", interrupt)
    with pytest.raises(KeyboardInterrupt):
        list(read_sources([write("a.txt", TEXT)]))


def test_gzip_that_is_cut_off_keeps_what_came_before(read: Callable[..., list[Article | Rejected]]) -> None:
    lines = b"".join(b'{"doc_id": %d, "text": "%s"}\n' % (i, os.urandom(40).hex().encode()) for i in range(4000))
    items = read("a.jsonl.gz", gzip.compress(lines)[:-20_000])
    assert len(items) > 1000
    assert all(isinstance(i, Article) for i in items[:-1])
    assert isinstance(items[-1], Rejected)
    assert "damaged or cut off" in items[-1].reason


def test_small_bomb_is_not_unpacked_whole(read: Callable[..., list[Article | Rejected]]) -> None:
    [item] = read("bomb.txt.gz", gzip.compress(b"A" * 1_000_000), document_bytes=10_000)
    assert isinstance(item, Rejected)
    assert "larger than 10,000 bytes" in item.reason


def test_reading_twice_gives_the_same_articles(write: Write) -> None:
    write("in/a.txt", TEXT)
    write("in/b.jsonl", '{"text": "One."}\n{"text": "Two."}\n')
    assert list(read_sources([Path("in")])) == list(read_sources([Path("in")]))


def table(rows: int) -> list[dict[str, str]]:
    return [{"title": f"Report {i}", "text": f'Guards closed crossing {i}.\nNobody said "why".'} for i in range(rows)]


def packed_table(kind: str) -> bytes:
    buffer = io.BytesIO()
    if kind == "jsonl":
        buffer.write("".join(json.dumps(r) + "\n" for r in table(250)).encode())
    elif kind == "csv":
        with io.TextIOWrapper(buffer, "utf-8", newline="", write_through=True) as text:
            writer = csv.DictWriter(text, ["title", "text"])
            writer.writeheader()
            writer.writerows(table(250))
            return buffer.getvalue()
    else:
        pq.write_table(pa.Table.from_pylist(table(600)), buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_file_of_many_records_is_read_on_where_it_was_stopped(write: Write, kind: str) -> None:
    source = FileSource([write(f"a.{kind}", packed_table(kind))], name="archive")
    first = list(source.read())
    everything = [i.origin for i in first if isinstance(i, Article)]
    marks = [(place, item) for place, item in enumerate(first) if isinstance(item, Done)]
    assert len(everything) >= 250 and len(marks) >= 3
    for place, mark in marks:
        before = [i.origin for i in first[:place] if isinstance(i, Article)]
        rest = source.read(lambda items, mark=mark: {mark.item: mark.version})  # type: ignore[misc]
        assert before + [i.origin for i in rest if isinstance(i, Article)] == everything
