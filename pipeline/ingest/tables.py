"""Tables: CSV (also with tabs, semicolons or bars) and Parquet, one article a row, streamed.

What does not belong here: what the columns mean (``fields``).
"""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.ingest.decoding import LENIENT, utf16_name
from pipeline.ingest.fields import Naming
from pipeline.ingest.recognise import delimiter_of
from pipeline.ingest.source import RECORDS_PER_MARK, Reached, UnreadableError
from pipeline.ingest.source_file import SourceFile
from pipeline.records import Article, Rejected

_PARQUET_ROWS = 256


def read_csv(file: SourceFile) -> Iterator[Article | Rejected | Reached]:
    """An article or a reject for every row. A row's line is the one that it begins on.

    Quoting is taken strictly: a quotation mark that is never closed would otherwise swallow the rest of the file into one text.
    After such a fault the reading goes on only if the next row surely begins with the next line.
    """
    maker = file.maker()
    encoding = utf16_name(file.head())
    with (
        _field_limit(file.limits.line_bytes),
        file.open() as stream,
        io.TextIOWrapper(
            stream, encoding=encoding or "utf-8-sig", errors="strict" if encoding else LENIENT, newline=""
        ) as text,
    ):
        first = text.readline(file.limits.document_bytes)
        delimiter = delimiter_of(first)
        header = _header(next(csv.reader([first], delimiter=delimiter), []), file.naming)
        rows = csv.reader(text, delimiter=delimiter, strict=True)
        made = 0
        while True:
            begin = rows.line_num + 2
            try:
                row = next(rows, None)
            except csv.Error as error:
                yield maker.reject(f"the row is no valid CSV ({error}): check its quotation marks", line=begin)
                if rows.line_num + 1 > begin:
                    raise UnreadableError(
                        "the rest of the file was not read because of the row before", line=begin
                    ) from error
                continue
            if row is None:
                break
            if begin <= file.begin.records:
                continue
            if len(row) > len(header):
                reason = f"the row has {len(row)} columns, the header {len(header)}: put fields that hold the delimiter in quotes"
                yield maker.reject(reason, delimiter.join(row), begin)
            elif any(row):
                yield maker.make(dict(zip(header, row, strict=False)), begin)
                made += 1
                if made % RECORDS_PER_MARK == 0:
                    yield Reached(begin)
    maker.log_unread_dates()


@contextmanager
def _field_limit(characters: int) -> Iterator[None]:
    """Set the csv module's one, process-wide bound while a file is read; its default is shorter than a long article."""
    before = csv.field_size_limit(characters)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def read_parquet(file: SourceFile) -> Iterator[Article | Rejected | Reached]:
    """An article or a reject for every row, counted from 1 as its line. Only the columns that we know are read."""
    if file.path is None:
        raise UnreadableError("a Parquet file inside gzip, zstd or zip cannot be read piece by piece: unpack it")
    maker = file.maker()
    try:
        with pq.ParquetFile(file.path) as table:
            header = _header(table.schema_arrow.names, file.naming)
            known = [c for c in header if file.naming.field_of(c)]
            number = 0
            for batch in table.iter_batches(batch_size=_PARQUET_ROWS, columns=known):
                if number + batch.num_rows <= file.begin.records:
                    number += batch.num_rows
                    continue
                for row in batch.to_pylist():
                    number += 1
                    yield maker.make(row, number)
                yield Reached(number)
    except pa.ArrowException as error:
        raise UnreadableError(f"it is no sound Parquet file ({error}): write it again") from error
    maker.log_unread_dates()


def _header(names: Sequence[str], naming: Naming) -> list[str]:
    header = [n.strip() for n in names]
    shown = ", ".join(header[:12])
    if missing := naming.missing(header):
        raise UnreadableError(
            f"it has no column {', '.join(missing)}, which faultline.toml names under columns; its columns are: {shown}"
        )
    if "text" not in map(naming.field_of, header):
        raise UnreadableError(
            f"it has no column for the text: name one text (or body, content, …); its columns are: {shown}"
        )
    return header
