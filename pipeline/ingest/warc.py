"""WARC files, as Common Crawl and web archives write them: a page a record, streamed, so that a file may have any size.

What does not belong here: finding the article in a page (``html``).
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from pipeline.ingest.html import page_to_article
from pipeline.ingest.identity import web_url
from pipeline.ingest.source import RECORDS_PER_MARK, Reached, UnreadableError
from pipeline.ingest.source_file import SourceFile
from pipeline.ingest.streams import DAMAGED
from pipeline.records import Article, Rejected

_PAGES = ("text/html", "application/xhtml+xml")


def read_warc(file: SourceFile) -> Iterator[Article | Rejected | Reached]:
    """The article of each page that a server answered with; records of other kinds, and answers without a page, are passed over.

    A record's line is its number in the file, from 1.
    """
    with file.open_at_begin() as stream:
        number = file.begin.records
        try:
            records = ArchiveIterator(stream)
            # Its offsets count from where it began, or from the beginning of a file that tells its own position.
            base = file.begin.offset - records.offset
            for record in records:
                if number % RECORDS_PER_MARK == 0 and number > file.begin.records:
                    yield Reached(number, base + records.offset)
                number += 1
                address = record.rec_headers.get_header("WARC-Target-URI") or ""
                if record.rec_type != "response" or address.startswith("dns:"):
                    continue
                if web_url(address) is None:
                    reason = "its address is none of the web (http or https): it was not read"
                    yield file.maker().reject(reason, address, number)
                elif _is_page(record):
                    yield _article(file, record, address, number)
        except (UnreadableError, OSError, *DAMAGED):
            raise
        except Exception as error:  # warcio's own for bad records, and whatever else they make it stumble over
            raise UnreadableError(
                f"the WARC file is damaged ({error}): fetch it again; the records before were read", line=number + 1
            ) from error
        if not number:
            raise UnreadableError("the WARC file holds no whole record: fetch it again")


def _is_page(record: Any) -> bool:
    if record.http_headers is None:
        return False
    kind = (record.http_headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()
    return record.http_headers.get_statuscode() == "200" and kind in _PAGES


def _article(file: SourceFile, record: Any, url: str, number: int) -> Article | Rejected:
    maker = file.maker()
    limit = file.limits.document_bytes
    page = record.content_stream().read(limit + 1)
    if len(page) > limit:
        return maker.reject(f"{url} is larger than {limit:,} bytes, too large for one article", page[:400], number)
    declared = record.http_headers.get_header("Content-Type") or ""
    try:
        return page_to_article(page, maker, declared, url, line=number, fetched_at=_fetched(record))
    except UnreadableError as error:
        return maker.reject(f"{url}: {error.reason}", error.excerpt or "", number)
    except Exception as error:  # noqa: BLE001 - one page must never end the reading of a million others
        return maker.reject(f"{url} cannot be read ({type(error).__name__}: {error})", page[:400], number)


def _fetched(record: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(record.rec_headers.get_header("WARC-Date") or "").astimezone(UTC)
    except ValueError:
        return None
