"""What a file holds: told by its content first, by its suffix where the content leaves it open.

What does not belong here: reading it.
"""

import codecs
import csv
import json
import re
from enum import Enum
from pathlib import PurePath

from pipeline.ingest.decoding import BINARY, LENIENT, utf16_name
from pipeline.ingest.fields import field_of
from pipeline.ingest.source import UnreadableError, excerpt_of
from pipeline.ingest.streams import GZIP_MAGIC, ZSTD_MAGIC

HEAD_BYTES = 65_536
_PARQUET_MAGIC = b"PAR1"


class Kind(Enum):
    """The kinds of content that can be read."""

    TEXT = "text"
    MARKDOWN = "Markdown"
    HTML = "HTML"
    JSONL = "JSON lines"
    CSV = "CSV"
    PARQUET = "Parquet"
    WARC = "WARC"


SUFFIXES = {
    **dict.fromkeys(("", ".txt", ".text"), Kind.TEXT),
    **dict.fromkeys((".md", ".markdown"), Kind.MARKDOWN),
    **dict.fromkeys((".html", ".htm", ".xhtml"), Kind.HTML),
    **dict.fromkeys((".jsonl", ".ndjson", ".json"), Kind.JSONL),
    **dict.fromkeys((".csv", ".tsv"), Kind.CSV),
    ".parquet": Kind.PARQUET,
}

_FOREIGN = (
    (GZIP_MAGIC, "it is compressed twice: unpack it once with gunzip"),
    (ZSTD_MAGIC, "it is compressed twice: unpack it once with zstd -d"),
    (
        b"PK\x03\x04",
        "it is a zip archive inside another one (or an office document): unpack the outer one, or save the document as text",
    ),
    (b"BZh", "it is compressed with bzip2: unpack it with bunzip2, or use gzip"),
    (b"\xfd7zXZ\x00", "it is compressed with xz: unpack it with unxz, or use gzip"),
    (b"7z\xbc\xaf", "it is a 7z archive: unpack it"),
    (b"%PDF-", "it is a PDF: convert it to text first, for example with pdftotext"),
    (b"{\\rtf", "it is an RTF document: save it as plain text"),
    (b"SQLite format 3", "it is an SQLite database: export its articles as CSV or JSON lines"),
)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_FRAGMENT = re.compile(r"<(?:article|main|section|div|h1|p|meta|title)\b[^<>]*>", re.IGNORECASE)
_XML = re.compile(r"<(?:\?xml|!doctype|rss|feed|urlset|sitemapindex)\b", re.IGNORECASE)
_JSON_OBJECT = re.compile(r'\{[ \t]*"[^"\n]*"[ \t]*:')
_ONE_OBJECT_A_LINE = "it is JSON, but not one object a line: convert it with jq -c '{}' IN.json > OUT.jsonl"


def recognise(head: bytes, name: str, *, named: bool) -> Kind:
    """The kind of a file.

    Args:
        head: its first HEAD_BYTES bytes, decompressed.
        name: its name without ``.gz`` or ``.zst``.
        named: whether a user named this very file; one met in a folder must be more certain to be an article.

    Raises:
        UnreadableError: it is empty, binary, or of a kind that is not read.
    """
    suffix = PurePath(name).suffix.lower()
    expected = SUFFIXES.get(suffix)
    if head.startswith(_PARQUET_MAGIC):
        return Kind.PARQUET
    if head.startswith(b"WARC/"):
        return Kind.WARC
    if head[257:262] == b"ustar":
        raise UnreadableError("it is a tar archive: unpack it into a folder, or use zip")
    for magic, reason in _FOREIGN:
        if head.startswith(magic):
            raise UnreadableError(reason)
    text = _text_of(head)
    if not text.strip():
        raise UnreadableError("the file is empty: remove it or fill it")
    if found := _by_content(text, expected):
        return found
    if expected is Kind.PARQUET:
        raise UnreadableError(
            "it is named .parquet but is no Parquet file: rename it or write it again", excerpt_of(text)
        )
    if expected is None and not named:
        known = " ".join(s for s in SUFFIXES if s)
        reason = (
            f"files named {suffix} are not read from a folder: rename it ({known}), move it away, or name it directly"
        )
        raise UnreadableError(reason, excerpt_of(text))
    return expected or Kind.TEXT


def _text_of(head: bytes) -> str:
    if encoding := utf16_name(head):
        return head.decode(encoding, "replace").removeprefix("\ufeff")
    if b"\0" in head:
        raise UnreadableError(BINARY, excerpt_of(head))
    return head.removeprefix(codecs.BOM_UTF8).decode("utf-8", LENIENT)


def _by_content(text: str, expected: Kind | None) -> Kind | None:
    """The kind that the content alone shows; None where it may be any text."""
    start = _without_comments(text.lstrip())
    after_declaration = start.split("?>", 1)[1].lstrip() if start.startswith("<?xml") and "?>" in start else start
    if _PAGE.match(after_declaration):
        return Kind.HTML
    if _XML.match(start):
        raise UnreadableError(
            "it is XML, not a page or an article: convert it to HTML, text or JSON lines", excerpt_of(text)
        )
    if _FRAGMENT.match(start) and expected is not Kind.MARKDOWN:
        return Kind.HTML
    if expected is Kind.JSONL or _JSON_OBJECT.match(start):
        return _json_lines(start)
    if expected in (Kind.TEXT, None) and _has_header(start):
        return Kind.CSV
    return None


def _without_comments(text: str) -> str:
    while text.startswith("<!--") and "-->" in text:
        text = text.split("-->", 1)[1].lstrip()
    return text


def _json_lines(start: str) -> Kind:
    first, line_end, _ = start.partition("\n")
    if first.startswith("["):
        raise UnreadableError(_ONE_OBJECT_A_LINE.format(".[]"), excerpt_of(start))
    if line_end and _is_cut_short(first):
        raise UnreadableError(_ONE_OBJECT_A_LINE.format("."), excerpt_of(start))
    return Kind.JSONL


def _is_cut_short(line: str) -> bool:
    """Whether a line is the beginning of a pretty-printed object: sound as far as it goes, and it ends between two members."""
    if line.rstrip() in ("{", ""):
        return True
    try:
        json.loads(line.rstrip().rstrip(",") + "}")
    except (ValueError, RecursionError):
        return False
    return True


def delimiter_of(header: str) -> str:
    """The character that parts the columns of a table, from its first line."""
    unquoted = re.sub(r'"[^"]*"', "", header)
    return max(",\t;|", key=unquoted.count)


def _has_header(text: str) -> bool:
    """Whether the first line is the header of a table with a text column and another one that we know."""
    first = text.partition("\n")[0].rstrip("\r")
    if len(first) > 1000:
        return False
    cells = next(csv.reader([first], delimiter=delimiter_of(first)), [])
    known = {field_of(c) for c in cells} - {None}
    return "text" in known and len(known) >= 2 and all(0 < len(c) <= 40 and "." not in c for c in cells)
