"""The input of ``faultline tag``: JSON lines of articles, read strictly.

Every line must become one line of output in the same place, so nothing is rejected or skipped here: the first fault ends the
reading with an error that names its line. Texts are kept to the character, because offsets count from them.
"""

import gzip
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, Any, cast

from pipeline.errors import InputError
from pipeline.ingest.fields import label, well_formed
from pipeline.ingest.identity import article_id, text_hash, web_url
from pipeline.ingest.jsonl import numbered_lines, parse_line
from pipeline.ingest.publication import parse_published, with_dateline
from pipeline.ingest.source import DEFAULT_LIMITS, Limits, UnreadableError
from pipeline.ingest.streams import GZIP_MAGIC
from pipeline.records import Article


def read_tagger_input(path: Path | str, limits: Limits = DEFAULT_LIMITS) -> Iterator[Article]:
    """Articles of a JSON-lines file, in order: ``doc_id``, ``text``, ``published`` (ISO date or null), ``title``, ``source``, ``url``.

    Args:
        path: the file, plain or compressed with gzip; ``-`` for standard input.
        limits: bounds of what is read.

    Raises:
        InputError: the file cannot be read (raised at the call), or a line is no such article (raised when it is reached).
    """
    name = str(path)
    if name == "-":
        return _articles(lambda: nullcontext(sys.stdin.buffer), "standard input", limits)
    try:
        with Path(path).open("rb") as stream:
            compressed = stream.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    except OSError as error:
        msg = f"Cannot read {name}: {error.strerror}."
        raise InputError(msg) from error
    return _articles(lambda: _open(Path(path), compressed), name, limits)


def _open(path: Path, compressed: bool) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if compressed else path.open("rb")


def _articles(open_: Callable[[], AbstractContextManager[IO[bytes]]], name: str, limits: Limits) -> Iterator[Article]:
    number = 0
    try:
        with open_() as stream:
            for number, line in numbered_lines(stream, None, limits.line_bytes, errors="strict"):
                if isinstance(line, UnreadableError):
                    raise line
                yield _article(parse_line(line), limits, f"{name}:{number}")
    except UnreadableError as error:
        msg = f"{name}, line {number}: {error.reason}."
        raise InputError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{name}, line {number + 1} or soon after: it is not in UTF-8 ({error.reason}). Save the file as UTF-8."
        raise InputError(msg) from error
    except (EOFError, zlib.error, OSError) as error:
        msg = f"{name}: reading stopped after line {number} ({error})."
        raise InputError(msg) from error


def _article(record: Mapping[str, Any], limits: Limits, origin: str) -> Article:
    given = record.get("doc_id")
    doc_id = well_formed(given) if isinstance(given, str) else label(given)
    if not doc_id:
        raise UnreadableError("doc_id is missing: give every article one")
    text = record.get("text")
    if not isinstance(text, str):
        raise UnreadableError("text is missing or no string")
    if len(text) > limits.text_chars:
        raise UnreadableError(f"text has {len(text):,} characters, more than {limits.text_chars:,}: split the article")
    published = record.get("published") or None
    dated = parse_published(published)
    if published is not None and dated is None:
        raise UnreadableError(f"published is {published!r}: write an ISO date such as 2021-09-10, or null")
    text = well_formed(text)
    dated = with_dateline(dated, text)
    source, url = label(record.get("source")), web_url(label(record.get("url")))
    return Article(
        article_id=article_id(url, source, text),
        text=text,
        doc_id=doc_id,
        url=url,
        source=source,
        title=label(record.get("title")),
        published=dated[0] if dated else None,
        published_precision=dated[1] if dated else None,
        text_hash=text_hash(text),
        origin=origin,
    )
