"""Packed files and archives, honest and hostile ones."""

import gzip
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.ingest import FileSource, Limits, read_sources
from pipeline.ingest.fields import Naming
from pipeline.ingest.files import Selection
from pipeline.records import Article, Done, Rejected

Write = Callable[[str, str | bytes], Path]
Read = Callable[..., list[Article | Rejected]]
TEXT = "Guards closed the crossing on Monday."


def zstd(content: bytes) -> bytes:
    return bytes(pa.Codec("zstd").compress(content, asbytes=True))


def zipped(members: dict[str, bytes], **options: object) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def reasons(items: list[Article | Rejected]) -> dict[str, str]:
    return {i.origin: i.reason for i in items if isinstance(i, Rejected)}


def texts(items: list[Article | Rejected]) -> list[str]:
    return [i.text for i in items if isinstance(i, Article)]


def test_zstd_is_unpacked(read: Read) -> None:
    assert texts(read("a.txt.zst", zstd(TEXT.encode()))) == [TEXT]
    lines = b'{"text": "One."}\n{"text": "Two."}\n'
    assert texts(read("a.jsonl.zst", zstd(lines) + zstd(b'{"text": "Three."}\n'))) == ["One.", "Two.", "Three."]


def test_members_of_a_zip_are_read_in_the_order_of_their_names(read: Read) -> None:
    members = {
        "b/lines.jsonl.gz": gzip.compress(b'{"text": "One."}\n{"text": "Two."}\n'),
        "a.md": b"---\ntitle: T\n---\nThree.",
        "table.csv": b"title,text\nT,Four.\n",
        ".hidden.txt": b"not this",
        "c.txt.zst": zstd(b"Five."),
    }
    items = read("news.zip", zipped(members))
    assert texts(items) == ["Three.", "One.", "Two.", "Five.", "Four."]
    assert [i.origin for i in items][:2] == ["news.zip!a.md", "news.zip!b/lines.jsonl.gz:1"]


def test_bad_member_does_not_end_the_reading_of_the_others(read: Read) -> None:
    items = read(
        "news.zip", zipped({"a.txt": b"\x7fELF\0\0", "b.txt": TEXT.encode(), "c.parquet": b"PAR1xx", "d.exe": b"MZ"})
    )
    assert texts(items) == [TEXT]
    found = reasons(items)
    assert "binary" in found["news.zip!a.txt"]
    assert "unpack it" in found["news.zip!c.parquet"]
    assert "not read from a folder" in found["news.zip!d.exe"]


@pytest.mark.parametrize("name", ["../../etc/cron.d/x.txt", "/etc/x.txt", "a/../../x.txt", "..\\x.txt", "C:/x.txt"])
def test_member_that_leads_out_of_the_archive_is_refused_and_nothing_written(
    read: Read, tmp_path: Path, name: str
) -> None:
    items = read("in/evil.zip", zipped({name: b"evil words", "good.txt": TEXT.encode()}))
    assert texts(items) == [TEXT]
    [reason] = reasons(items).values()
    assert "leads out of the archive" in reason
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["evil.zip"]


def test_link_in_an_archive_is_not_followed(read: Read) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    [item] = read("a.zip", buffer.getvalue())
    assert isinstance(item, Rejected) and "link inside an archive" in item.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "office document"),
        (zipped({}), "empty"),
        (zipped({"a.txt": b"x"})[:-8], "damaged"),
        (zipped({"a.zip": zipped({"b.txt": b"x"})}), "inside another one"),
        (zipped({"a.txt": gzip.compress(gzip.compress(b"x"))}), "compressed twice"),
    ],
)
def test_archives_that_are_not_read_say_why(read: Read, content: bytes, reason: str) -> None:
    [item] = read("a.zip", content)
    assert isinstance(item, Rejected) and reason in item.reason, item


def test_damaged_member_is_rejected(read: Read) -> None:
    content = bytearray(zipped({"a.txt": os.urandom(3000).hex().encode(), "b.txt": TEXT.encode()}))
    content[500:510] = b"\xff" * 10
    items = read("a.zip", bytes(content))
    assert texts(items) == [TEXT]
    assert "damaged" in reasons(items)["a.zip!a.txt"]


def test_encrypted_member_is_rejected(read: Read) -> None:
    content = bytearray(zipped({"a.txt": TEXT.encode()}))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + offset] |= 1
    [item] = read("a.zip", bytes(content))
    assert isinstance(item, Rejected) and "encrypted" in item.reason


BOMB_LIMITS = {"unpacked_free": 1_000_000, "unpacked_ratio": 100}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.jsonl.gz", gzip.compress(b'{"text": "One."}' + b"\n" * 30_000_000)),
        ("bomb.csv.gz", gzip.compress(b"text,title\n" + b"a,b\n" * 5_000_000)),
        ("bomb.jsonl.zst", zstd(b'{"text": "One."}' + b"\n" * 30_000_000)),
        ("bomb.zip", zipped({"a.jsonl": b"\n" * 30_000_000})),
        ("many.zip", zipped({f"{i}.jsonl": b"\n" * 900_000 for i in range(30)})),
    ],
)
def test_bombs_are_not_unpacked(read: Read, name: str, content: bytes) -> None:
    items = read(name, content, **BOMB_LIMITS)
    assert isinstance(items[-1], Rejected)
    assert "100 times its size" in items[-1].reason


def test_honest_text_is_no_bomb(read: Read) -> None:
    line = b'{"text": "Guards closed the crossing on Monday, and traders waited with their lorries."}\n'
    assert len(texts(read("a.jsonl.gz", gzip.compress(line * 5000), unpacked_free=1000, unpacked_ratio=500))) == 5000


def test_archive_of_too_many_files_is_refused(read: Read) -> None:
    [item] = read("a.zip", zipped({f"{i}.txt": b"x" for i in range(20)}), archive_members=10)
    assert isinstance(item, Rejected) and "more than 10" in item.reason


def test_patterns_choose_the_files_of_a_folder(write: Write) -> None:
    for name in ("in/a.txt", "in/b.md", "in/draft-c.txt", "in/2021/d.txt", "in/2020/e.txt"):
        write(name, f"{TEXT} {name}")

    def origins(**selection: object) -> list[str | None]:
        source = FileSource([Path("in")], name="x", selection=Selection(**selection))  # type: ignore[arg-type]
        return [i.origin for i in source.read() if isinstance(i, Article)]

    assert origins(include=("*.txt",), exclude=("draft*",)) == ["in/a.txt", "in/2020/e.txt", "in/2021/d.txt"]
    assert origins(include=("2021/*",)) == ["in/2021/d.txt"]
    assert origins(recursive=False) == ["in/a.txt", "in/b.md", "in/draft-c.txt"]


def test_columns_and_defaults_name_what_has_other_names(write: Write) -> None:
    naming = Naming({"text": "Volltext", "published": "Tag"}, {"source": "Grenzpost", "language": "de"})
    write("in/a.csv", "Tag;text;Volltext\n2021-09-07;not this;Guards closed it.\n")
    write(
        "in/b.jsonl", '{"Volltext": "Guards opened it.", "Tag": "2021-09-08", "source": "Other", "body": "not this"}\n'
    )
    items = [i for i in FileSource([Path("in")], name="x", naming=naming).read() if isinstance(i, Article)]
    assert [(i.text, str(i.published), i.source) for i in items] == [
        ("Guards closed it.", "2021-09-07", "Grenzpost"),
        ("Guards opened it.", "2021-09-08", "Other"),
    ]


def test_mapped_column_that_is_missing_is_named(write: Write) -> None:
    write("in/a.csv", "day;body\n2021-09-07;Guards closed it.\n")
    [item, _] = FileSource([Path("in")], name="x", naming=Naming({"text": "Volltext"})).read()
    assert isinstance(item, Rejected)
    assert "no column Volltext, which faultline.toml names" in item.reason and "day, body" in item.reason


def test_files_of_a_declared_source_are_read_once_and_again_when_they_change(write: Write) -> None:
    path = write("in/a.txt", TEXT)
    write("in/b.txt", "Two.")
    source = FileSource([Path("in")], name="x")
    known = {i.item: i.version for i in source.read() if isinstance(i, Done)}
    assert [Path(k).name for k in known] == ["a.txt", "b.txt"]
    assert all(Path(k).is_absolute() for k in known), "wherever a run is started from"
    assert not list(source.read(lambda items: known))
    path.write_text("Changed.")
    assert texts([i for i in source.read(lambda items: known) if not isinstance(i, Done)]) == ["Changed."]


def test_real_size_fifty_megabytes_on_one_line(read: Read) -> None:
    items = read("a.jsonl", b'{"text": "' + b"words " * 9_000_000 + b'"}\n{"text": "Guards closed it."}\n')
    assert texts(items) == ["Guards closed it."]
    assert "longer than 50,000,000 bytes" in reasons(items)["a.jsonl"]
    [item] = read("b.txt", b"words " * 9_000_000)
    assert isinstance(item, Rejected) and "too large for one article" in item.reason


def test_huge_sparse_file_is_rejected_at_once(write: Write) -> None:
    path = write("huge.txt", TEXT)
    os.truncate(path, 1 << 30)
    [item] = read_sources([path], Limits())
    assert isinstance(item, Rejected)


@pytest.mark.parametrize("tag", ["div", "span", "b", "table", "blockquote"])
def test_deeply_nested_page_is_rejected(read: Read, tag: str) -> None:
    [item] = read("a.html", "<!DOCTYPE html><html><body>" + f"<{tag}>" * 200_000 + "words" + f"</{tag}>" * 200_000)
    assert isinstance(item, Rejected) and "nested more than" in item.reason


@pytest.mark.parametrize("tag", ["p", "li", "td"])
def test_a_million_elements_without_end_tags_end(read: Read, tag: str) -> None:
    [item] = read("a.html", "<!DOCTYPE html><html><body><article>" + f"<{tag}>word word" * 20_000)
    assert item.origin


@pytest.mark.parametrize(
    "content",
    [b"words\0words " * 50, b"\0" * 5000, bytes(range(256)) * 50, "words \u0000 and more".encode("utf-16")],
    ids=["nul", "nuls", "all bytes", "utf-16 nul"],
)
def test_bytes_that_are_no_text_are_rejected(read: Read, content: bytes) -> None:
    [item] = read("a.txt", content)
    assert isinstance(item, Rejected)
    assert "\0" not in (item.excerpt or "")
