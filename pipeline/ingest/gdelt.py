"""GDELT's files: the pages that their events, mentions and GKG records name.

What belongs here: where an address and a date stand in GDELT's tables. What does not: GDELT's own codings, which are not read;
fetching (``fetcher``), pages (``html``, ``pages``).

The tables have no header; their number of columns tells them apart (The GDELT Event Database Data Format Codebook V2.0, 2015;
GDELT Global Knowledge Graph Codebook V2.1, 2015). Only GKG states when a document was published; events and mentions say when
GDELT came upon it, which is no date of publication.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.ingest.fetcher import Fetcher
from pipeline.ingest.fields import Naming
from pipeline.ingest.files import file_version, find_files, safely, unpacked_files
from pipeline.ingest.pages import Link, read_pages
from pipeline.ingest.publication import parse_published
from pipeline.ingest.source import Item, Limits, Seen, UnreadableError, item_of, nothing_seen, origin_of, require
from pipeline.ingest.source_file import SourceFile
from pipeline.records import Done, Rejected

_LONGEST_LINE = 5_000_000


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


class GdeltSource:
    """The articles of pages that GDELT's files name. A file whose pages were all delivered is not read again.

    Args:
        name: what the user calls it.
        paths: files as GDELT publishes them (zip), also unpacked, and folders of them.
        fetcher: fetches the pages.
        limits: bounds of what is read.
        naming: values for fields that pages do not state.
    """

    kind = "gdelt"

    def __init__(self, name: str, paths: Sequence[Path], fetcher: Fetcher, limits: Limits, naming: Naming) -> None:
        self.name = name
        self.paths = tuple(paths)
        self._fetcher = fetcher
        self._limits = limits
        self._naming = naming

    def read(self, seen: Seen = nothing_seen) -> Iterator[Item]:
        """The articles of pages that were not delivered before."""
        require(self.paths, self.name)
        for found in find_files(self.paths):
            if isinstance(found, Rejected):
                yield found
                continue
            path = found[0]
            key, version = item_of(path), file_version(path)
            if not version or seen([key]).get(key) != version:
                yield from self._pages_of(path, seen, Done(key, version))

    def _pages_of(self, path: Path, seen: Seen, whole: Done) -> Iterator[Item]:
        broken: list[Rejected] = []
        links = self._links(path, broken)
        open_links = 0
        for item in read_pages(links, origin_of(path), self._fetcher, seen, self._limits, self._naming):
            # Behind each page stands a Done, unless it is to be asked again.
            open_links += -1 if isinstance(item, Done) else 1
            yield item
        yield from broken
        if open_links == 0:
            yield whole

    def _links(self, path: Path, broken: list[Rejected]) -> Iterator[Link]:
        def content() -> Iterator[Link | Rejected]:
            for file in unpacked_files(path, self._limits):
                if isinstance(file, Rejected):
                    yield file
                else:
                    yield from _links_of(file)

        for item in safely(origin_of(path), content):
            if isinstance(item, Link):
                yield item
            elif isinstance(item, Rejected):
                broken.append(item)


def _links_of(file: SourceFile) -> Iterator[Link]:
    with file.open() as stream:
        number = 0
        while line := stream.readline(_LONGEST_LINE):
            number += 1
            cells = line.decode("utf-8", "replace").rstrip("\r\n").split("\t")
            table = _TABLES.get(len(cells))
            if table is None:
                reason = (
                    f"the line has {len(cells)} columns, which no table of GDELT has (events 58 or 61, mentions 16, GKG 27): "
                    "give the file as GDELT publishes it"
                )
                raise UnreadableError(reason, line[:400].decode("utf-8", "replace"), number)
            if cells[table.address] and (table.collection is None or cells[table.collection] == "1"):
                stamp = cells[table.published][:8] if table.published is not None else None
                yield Link(cells[table.address], published=parse_published(stamp))
