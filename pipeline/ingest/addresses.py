"""Lists of addresses and sitemaps: the pages that they name.

What does not belong here: fetching (``fetcher``), pages (``html``, ``pages``).
"""

import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from lxml import etree

from pipeline.ingest.feed import refuse_entities
from pipeline.ingest.fetcher import Fetcher, FetchError
from pipeline.ingest.fields import Naming
from pipeline.ingest.pages import Link, read_pages
from pipeline.ingest.publication import parse_published
from pipeline.ingest.source import Item, Limits, Seen, SourceFailedError, nothing_seen, require
from pipeline.ingest.streams import GZIP_MAGIC
from pipeline.records import Rejected

_MOST_SITEMAPS = 50_000
_DEEPEST = 3
_LONGEST_ADDRESS = 8_000


class UrlListSource:
    """Pages whose addresses the user lists, in the settings or in a file with one a line; ``#`` begins a comment line."""

    kind = "urls"

    def __init__(
        self, name: str, urls: Sequence[str], file: Path | None, fetcher: Fetcher, limits: Limits, naming: Naming
    ) -> None:
        self.name = name
        self._urls = urls
        self._file = file
        self._fetcher = fetcher
        self._limits = limits
        self._naming = naming

    def read(self, seen: Seen = nothing_seen) -> Iterator[Item]:
        """The articles of pages that were not delivered before."""
        require([self._file] if self._file else [], self.name)
        origin = str(self._file or "faultline.toml")
        yield from read_pages(self._links(), origin, self._fetcher, seen, self._limits, self._naming)

    def _links(self) -> Iterator[Link]:
        yield from (Link(url) for url in self._urls)
        if self._file is not None:
            with self._file.open(encoding="utf-8-sig", errors="replace") as lines:
                while line := lines.readline(_LONGEST_ADDRESS):
                    if (url := line.strip()) and not url.startswith("#"):
                        yield Link(url)


class SitemapSource:
    """The pages that a sitemap names, or the sitemaps that it names in turn. A page whose ``lastmod`` is new is fetched again.

    Args:
        name: what the user calls it.
        url: where the sitemap is.
        fetcher: fetches sitemaps and pages.
        limits: bounds of what is read.
        naming: values for fields that pages do not state.
        include: patterns of addresses to fetch; empty: all.
        exclude: patterns of addresses to leave.
        since: pages that changed last before this day are left.
    """

    kind = "sitemap"

    def __init__(
        self,
        name: str,
        url: str,
        fetcher: Fetcher,
        limits: Limits,
        naming: Naming,
        *,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        since: date | None = None,
    ) -> None:
        self.name = name
        self.url = url
        self._fetcher = fetcher
        self._limits = limits
        self._naming = naming
        self._include = include
        self._exclude = exclude
        self._since = since
        self._broken: list[Rejected] = []

    def read(self, seen: Seen = nothing_seen) -> Iterator[Item]:
        """The articles of pages that were not delivered in this version before.

        Raises:
            SourceFailedError: the sitemap does not answer or is none; of sitemaps that it names, that is a reject.
        """
        self._broken = []
        yield from read_pages(self._links(), self.url, self._fetcher, seen, self._limits, self._naming)
        yield from self._broken

    def _links(self) -> Iterator[Link]:
        todo = [(self.url, 0)]
        visited: set[str] = set()
        while todo:
            url, depth = todo.pop(0)
            if url in visited or len(visited) >= _MOST_SITEMAPS:
                continue
            visited.add(url)
            try:
                for kind, link in self._parsed(url):
                    if kind == "sitemap" and depth < _DEEPEST:
                        todo.append((link.url, depth + 1))
                    elif kind == "url" and self._takes(link):
                        yield link
            except SourceFailedError as error:
                if url == self.url:
                    raise
                self._broken.append(Rejected(url, None, str(error)))

    def _takes(self, link: Link) -> bool:
        if self._include and not any(fnmatch(link.url, p) for p in self._include):
            return False
        if any(fnmatch(link.url, p) for p in self._exclude):
            return False
        changed = parse_published(link.version)
        return self._since is None or changed is None or changed[0] >= self._since

    def _parsed(self, url: str) -> list[tuple[str, Link]]:
        """The entries of one sitemap: each "url" or "sitemap" with its link."""
        try:
            data = self._fetcher.fetch(url).body
        except FetchError as error:
            raise error.of_source(url) from error
        data = self._unpacked(data, url)
        refuse_entities(data, url)
        if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return [
                ("url", Link(line.strip())) for line in data.decode("utf-8", "replace").splitlines() if line.strip()
            ]
        return list(_entries(data, url))

    def _unpacked(self, data: bytes, url: str) -> bytes:
        if not data.startswith(GZIP_MAGIC):
            return data
        limit = self._fetcher.manners.max_bytes
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
                unpacked = stream.read(limit + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise SourceFailedError(f"{url}: its compression is damaged. The next run tries again.") from error
        if len(unpacked) > limit:
            raise SourceFailedError(f"{url}: it unpacks to more than {limit:,} bytes, which no sitemap needs.")
        return unpacked


def _entries(data: bytes, url: str) -> Iterator[tuple[str, Link]]:
    """Entries of a sitemap as sitemaps.org and Google's news sitemaps have them, read without entities, DTD and network."""
    parsing = etree.iterparse(
        io.BytesIO(data),
        tag=("{*}url", "{*}sitemap"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        recover=True,
    )
    try:
        for _, element in parsing:
            values = {etree.QName(child).localname: child for child in element.iterchildren("{*}*")}
            if address := _text(values.get("loc")):
                published = next((_text(e) for e in element.iter("{*}publication_date")), None)
                title = next((_text(e) for e in element.iter("{*}title")), None)
                kind = etree.QName(element).localname
                fields = {"title": title} if title else {}
                yield kind, Link(address, _text(values.get("lastmod")) or "", parse_published(published), fields)
            element.clear()
    except etree.XMLSyntaxError as error:
        raise SourceFailedError(f"{url}: it is no XML that can be read ({error}). Check the address.") from error
    root = parsing.root
    if root is None or etree.QName(root).localname not in ("urlset", "sitemapindex"):
        raise SourceFailedError(f"{url}: it is no sitemap. Check the address in faultline.toml.")


def _text(element: Any) -> str | None:
    return (element.text or "").strip() or None if element is not None else None
