"""GDELT's files: the pages that their events, mentions, GKG records and Web NGrams name.

What belongs here: where an address and a date stand in GDELT's tables. What does not: GDELT's own codings, which are not read;
which files there are (``gdelt_files``), fetching (``fetcher``), pages (``html``, ``pages``).

The tables have no header; their number of columns tells them apart (The GDELT Event Database Data Format Codebook V2.0, 2015;
GDELT Global Knowledge Graph Codebook V2.1, 2015). Only GKG states when a document was published; the others say when GDELT came
upon it, which is no date of publication.

Web NGrams 3.0 (a JSON object for each word of an article, with up to seven words on either side) are read for their addresses
only. Texts can be put together from the overlaps of such pieces (Fronzetti Colladon and Vestrelli 2026, "Free Access to World News"),
but not as they were published: without paragraphs, in an order that repeated phrases leave open, with gaps and joins at wrong places. No
number could be traced to a sentence of the article, so no text is made of them.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatch
from itertools import batched
from pathlib import Path

from pipeline.ingest.fetcher import Fetcher, FetchError
from pipeline.ingest.fields import Naming
from pipeline.ingest.files import file_version, find_files, safely, unpacked_files
from pipeline.ingest.gdelt_files import PublishedFile
from pipeline.ingest.pages import Link, read_pages
from pipeline.ingest.publication import parse_published
from pipeline.ingest.remote import Downloads
from pipeline.ingest.source import (
    Item,
    Limits,
    Seen,
    SourceFailedError,
    UnreadableError,
    item_of,
    nothing_seen,
    origin_of,
    require,
)
from pipeline.ingest.source_file import SourceFile
from pipeline.records import Done, Rejected

_LONGEST_LINE = 5_000_000
_LARGEST_FILE = 500_000_000
_FILES_PER_LOOKUP = 200
_AS_PUBLISHED = "as published"
# How late a file may still come, and how long its pages that do not answer are asked again.
_LATE = timedelta(hours=2)
_GIVEN_UP = timedelta(days=2)
# So many missing files and none that is there are no gap but a wrong address.
_MANY = 4


@dataclass(frozen=True, slots=True)
class _Table:
    address: int
    published: int | None = None
    collection: int | None = None  # "1" where the document is on the open web


_TABLES = {
    58: _Table(address=57),  # events 1.0
    61: _Table(address=60),  # events 2.0
    16: _Table(address=5, collection=3),  # mentions 2.0
    27: _Table(address=4, published=1, collection=2),  # GKG 2.1
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Which pages are read: those whose address matches ``include`` (empty: any) and none of ``exclude``.

    ``languages`` are GDELT's codes ("en") and hold for Web NGrams, which alone state one; empty: any.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def takes(self, url: str) -> bool:
        """Whether a page is read."""
        if self.include and not any(fnmatch(url, p) for p in self.include):
            return False
        return not any(fnmatch(url, p) for p in self.exclude)


EVERY_PAGE = Choice()


class GdeltSource:
    """The articles of pages that GDELT's files name. A file whose pages were all delivered is not read again.

    Args:
        name: what the user calls it.
        paths: files as GDELT publishes them (zip, gz), also unpacked, and folders of them.
        published: files on GDELT's server, asked for when the source is read.
        downloads: where those lie while they are read.
        fetcher: fetches files and pages.
        choice: which pages are read.
        limits: bounds of what is read.
        naming: values for fields that pages do not state.
    """

    kind = "gdelt"

    def __init__(
        self,
        name: str,
        paths: Sequence[Path],
        fetcher: Fetcher,
        limits: Limits,
        naming: Naming,
        *,
        choice: Choice = EVERY_PAGE,
        published: Callable[[], Iterable[PublishedFile]] = tuple,
        downloads: Downloads | None = None,
    ) -> None:
        self.name = name
        self.paths = tuple(paths)
        self._published = published
        self._downloads = downloads
        self._fetcher = fetcher
        self._choice = choice
        self._limits = limits
        self._naming = naming

    def read(self, seen: Seen = nothing_seen) -> Iterator[Item]:
        """The articles of pages that were not delivered before.

        Raises:
            SourceFailedError: files are not there, or GDELT's server has none of those that it should have.
        """
        require(self.paths, self.name)
        for found in find_files(self.paths) if self.paths else ():
            if isinstance(found, Rejected):
                yield found
                continue
            path = found[0]
            key, version = item_of(path), file_version(path)
            if not version or seen([key]).get(key) != version:
                yield from self._pages_of(path, origin_of(path), seen, Done(key, version))
        yield from self._read_published(seen)

    def _read_published(self, seen: Seen) -> Iterator[Item]:
        missing = 0
        found = False
        gaps: list[Done] = []
        for some in batched(self._published(), _FILES_PER_LOOKUP):
            known = seen([file.url for file in some])
            for file in some:
                if file.url in known:
                    continue
                try:
                    path = self._fetch(file)
                except _MissingFileError:
                    missing += 1
                    # GDELT's files come late, and some never; but where none is there, the server is at fault.
                    if file.age > _LATE:
                        gaps.append(Done(file.url, "not published"))
                    continue
                except FetchError as error:
                    yield Rejected(file.url, None, f"{error.reason}: the next run tries again")
                    continue
                yield from self._pages_of(path, file.url, seen, Done(file.url, "read"), given_up=file.age > _GIVEN_UP)
                if self._downloads:
                    self._downloads.drop(path)
                found = True
                yield from gaps
                gaps.clear()
        if found or missing < _MANY:
            yield from gaps
        else:
            raise SourceFailedError(
                f"{self.name}: GDELT's server has none of {missing:,} files. Check base_url, since and until in faultline.toml."
            )

    def _fetch(self, file: PublishedFile) -> Path:
        assert self._downloads is not None  # noqa: S101 - whoever names files gives a folder for them
        path = self._downloads.path(file.url, _AS_PUBLISHED)
        if path.exists():
            return path

        def save(part: Path) -> str:
            self._fetcher.download(file.url, part, "", _LARGEST_FILE)
            return _AS_PUBLISHED

        try:
            self._downloads.fetch(file.url, save)
        except FetchError as error:
            raise _MissingFileError if error.missing else error from error
        return path

    def _pages_of(self, path: Path, origin: str, seen: Seen, whole: Done, *, given_up: bool = False) -> Iterator[Item]:
        broken: list[Rejected] = []
        links = self._links(path, origin, broken)
        open_links = 0
        for item in read_pages(links, origin, self._fetcher, seen, self._limits, self._naming):
            # Behind each page stands a Done, unless it is to be asked again.
            open_links += -1 if isinstance(item, Done) else 1
            yield item
        yield from broken
        if open_links == 0 or given_up:
            yield whole

    def _links(self, path: Path, origin: str, broken: list[Rejected]) -> Iterator[Link]:
        def content() -> Iterator[Link | Rejected]:
            for file in unpacked_files(path, self._limits, origin=origin):
                if isinstance(file, Rejected):
                    yield file
                else:
                    yield from _links_of(file, self._choice.languages)

        for item in safely(origin, content):
            if isinstance(item, Link) and self._choice.takes(item.url):
                yield item
            elif isinstance(item, Rejected):
                broken.append(item)


class _MissingFileError(Exception):
    """GDELT's server has no such file."""


def _links_of(file: SourceFile, languages: Collection[str]) -> Iterator[Link]:
    with file.open() as stream:
        number = 0
        named: set[int] = set()  # hashes: every word of an article names it
        while line := stream.readline(_LONGEST_LINE):
            number += 1
            link = _ngram(line, number, languages) if line.startswith(b"{") else _row(line, number)
            if link and hash(link.url) not in named:
                named.add(hash(link.url))
                yield link


def _row(line: bytes, number: int) -> Link | None:
    cells = line.decode("utf-8", "replace").rstrip("\r\n").split("\t")
    table = _TABLES.get(len(cells))
    if table is None:
        reason = (
            f"the line has {len(cells)} columns, which no table of GDELT has (events 58 or 61, mentions 16, GKG 27): "
            "give the file as GDELT publishes it"
        )
        raise UnreadableError(reason, line[:400].decode("utf-8", "replace"), number)
    if not cells[table.address] or (table.collection is not None and cells[table.collection] != "1"):
        return None
    stamp = cells[table.published][:8] if table.published is not None else None
    return Link(cells[table.address], published=parse_published(stamp))


def _ngram(line: bytes, number: int, languages: Collection[str]) -> Link | None:
    try:
        record = json.loads(line)
        url, language = record["url"], record.get("lang")
    except (ValueError, KeyError, AttributeError) as error:
        reason = "the line is no record of GDELT's Web NGrams (an object with url, lang, ngram …): give the file as GDELT publishes it"
        raise UnreadableError(reason, line[:400].decode("utf-8", "replace"), number) from error
    return Link(str(url)) if url and (not languages or language in languages) else None
