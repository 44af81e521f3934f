"""JSON lines: one object a line, streamed, so that a file may have any size.

What does not belong here: what the keys mean (``fields``).
"""

import io
import json
from collections.abc import Iterator
from typing import IO, Any

from pipeline.ingest.decoding import LENIENT, utf16_name
from pipeline.ingest.source import RECORDS_PER_MARK, Reached, UnreadableError, excerpt_of
from pipeline.ingest.source_file import SourceFile
from pipeline.records import Article, Rejected

_SKIP_BYTES = 1 << 20


def read_jsonl(file: SourceFile) -> Iterator[Article | Rejected | Reached]:
    """An article or a reject for every line that is not blank. Unknown keys are ignored."""
    maker = file.maker()
    encoding = utf16_name(file.head())
    with file.open() as stream:
        for number, line in numbered_lines(stream, encoding, file.limits.line_bytes):
            if number <= file.begin.records:
                continue
            if isinstance(line, UnreadableError):
                yield maker.reject(line.reason, line.excerpt or "", number)
                continue
            try:
                record = parse_line(line)
            except UnreadableError as error:
                yield maker.reject(error.reason, line, number)
            else:
                yield maker.make(record, number)
            if number % RECORDS_PER_MARK == 0:
                yield Reached(number)
    maker.log_unread_dates()


def numbered_lines(
    stream: IO[bytes], encoding: str | None, limit: int, errors: str = LENIENT
) -> Iterator[tuple[int, str | UnreadableError]]:
    """Lines that are not blank with their numbers from 1, ended by LF only; a longer one than ``limit`` as an error.

    Args:
        stream: the content.
        encoding: "utf-16…" or None for UTF-8.
        limit: longest line, in bytes (UTF-16: characters).
        errors: how bytes that are no UTF-8 are decoded.

    Raises:
        UnicodeDecodeError: with ``errors="strict"``, or in UTF-16.
    """
    if encoding:
        with io.TextIOWrapper(stream, encoding=encoding, newline="\n") as lines:
            yield from _bounded(lines, limit, errors)
    else:
        yield from _bounded(stream, limit, errors)


def _bounded(lines: IO[bytes] | IO[str], limit: int, errors: str) -> Iterator[tuple[int, str | UnreadableError]]:
    number = 0
    while line := lines.readline(limit + 1):
        number += 1
        end = "\n" if isinstance(line, str) else b"\n"
        if len(line) > limit and not line.endswith(end):  # type: ignore[arg-type]
            head = excerpt_of(line)
            while line and not line.endswith(end):  # type: ignore[arg-type]
                line = lines.readline(_SKIP_BYTES)
            reason = (
                f"the line is longer than {limit:,} bytes: one line is one article; check that lines end as they should"
            )
            yield number, UnreadableError(reason, head)
            continue
        text = line if isinstance(line, str) else line.decode("utf-8", errors)
        if number == 1:
            text = text.removeprefix("\ufeff")
        if text and not text.isspace():
            yield number, text


def parse_line(line: str) -> dict[str, Any]:
    """The object of one line.

    Raises:
        UnreadableError: the line is no JSON object.
    """
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise UnreadableError(
            f"the line is no valid JSON ({error.msg.removesuffix(' at')} at character {error.pos + 1}): mend or drop it"
        ) from error
    except (ValueError, RecursionError) as error:  # an endless number, nesting without end
        raise UnreadableError("the line is no JSON that can be read: mend or drop it") from error
    if not isinstance(record, dict):
        raise UnreadableError(f"the line holds a JSON {type(record).__name__}, not an object: write one object a line")
    return record
