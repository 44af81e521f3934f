"""RSS and Atom feeds: their entries, each with the article that it links to, or with the text that it brings itself.

What does not belong here: fetching (``fetcher``), pages (``html``, ``pages``).
"""

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import feedparser
from lxml import html as lxml_html

from pipeline.ingest.fetcher import Fetched, Fetcher, FetchError
from pipeline.ingest.fields import ArticleMaker, Naming
from pipeline.ingest.identity import digest
from pipeline.ingest.pages import Link, read_pages
from pipeline.ingest.publication import Published, parse_published
from pipeline.ingest.source import Item, Limits, Seen, SourceFailedError, nothing_seen
from pipeline.records import Done, Rejected

_MOST_ENTRIES = 10_000
_BLOCK_END = re.compile(r"</(?:p|div|li|h[1-6]|blockquote|tr)>|<br\s*/?>", re.IGNORECASE)
_BLANK = re.compile(r"\s*\n\s*\n\s*")


class FeedSource:
    """The articles of one feed. An entry whose date of change is new is fetched again.

    Args:
        name: what the user calls it.
        url: where the feed is.
        fetcher: fetches feed and pages.
        limits: bounds of what is read.
        full_text: whether the linked pages are fetched; else the text of the entries is the article.
        naming: values for fields that pages and entries do not state.
    """

    kind = "feed"

    def __init__(
        self, name: str, url: str, fetcher: Fetcher, limits: Limits, *, full_text: bool = True, naming: Naming
    ) -> None:
        self.name = name
        self.url = url
        self.full_text = full_text
        self._fetcher = fetcher
        self._limits = limits
        self._naming = naming

    def read(self, seen: Seen = nothing_seen) -> Iterator[Item]:
        """Articles of entries that were not delivered before.

        Raises:
            SourceFailedError: the feed does not answer or is none.
        """
        entries = read_entries(self.url, self._fetcher)
        if self.full_text:
            links = (_link(e) for e in entries)
            yield from read_pages(links, self.url, self._fetcher, seen, self._limits, self._naming)
            return
        known = seen([_key(e) for e in entries])
        for entry in entries:
            if known.get(_key(entry)) != _version(entry):
                yield self._entry_text(entry)
                yield Done(_key(entry), _version(entry))

    def _entry_text(self, entry: Any) -> Any:
        content = next((c.get("value") for c in entry.get("content", ()) if c.get("value")), entry.get("summary", ""))
        maker = ArticleMaker(_key(entry), self._limits, self._naming)
        fields = {
            "text": fragment_text(content or ""),
            "url": entry.get("link"),
            "doc_id": entry.get("id"),
            "title": entry.get("title"),
            "author": entry.get("author"),
        }
        made = maker.make(fields, published=_published(entry))
        if isinstance(made, Rejected):
            return maker.reject("the feed's entry brings no text: set full_text = true to fetch its page", str(fields))
        return made


def feed_fingerprint(url: str, fetcher: Fetcher) -> str:
    """A hash of what a feed lists now, whatever its order.

    Raises:
        SourceFailedError: the feed does not answer or is none.
    """
    listed = sorted(f"{_key(e)}\t{_version(e)}" for e in read_entries(url, fetcher))
    return digest("feed", *listed)


def read_entries(url: str, fetcher: Fetcher) -> list[Any]:
    """What a feed lists now, each with a link or an id.

    Raises:
        SourceFailedError: the feed does not answer or is none.
    """
    try:
        answer = fetcher.fetch(url)
    except FetchError as error:
        raise error.of_source(url) from error
    parsed = parse_feed(answer)
    if not parsed.get("version") and not parsed.entries:
        raise SourceFailedError(f"{url}: it is neither RSS nor Atom. Check the address in faultline.toml.")
    return [e for e in parsed.entries[:_MOST_ENTRIES] if _key(e)]


def parse_feed(answer: Fetched) -> Any:
    """What a feed says, read from memory only.

    Raises:
        SourceFailedError: it declares entities of its own, as XML bombs do.
    """
    refuse_entities(answer.body, answer.url)
    headers = {"content-type": answer.content_type, "content-location": answer.url}
    return feedparser.parse(io.BytesIO(answer.body), response_headers=headers)


def refuse_entities(data: bytes, where: str) -> None:
    """Refuse XML that declares entities: news has no use for them, bombs and spies have.

    Raises:
        SourceFailedError: it does.
    """
    # NULs are taken out so that UTF-16 does not hide the word.
    if b"<!ENTITY" in data.replace(b"\0", b"").upper():
        raise SourceFailedError(f"{where}: its XML declares entities, as XML bombs do: it was not read.")


def fragment_text(fragment: str) -> str:
    """The words of a piece of HTML, its blocks parted by a blank line."""
    if "<" not in fragment:
        return fragment.strip()
    tree = lxml_html.fromstring(f"<div>{_BLOCK_END.sub(lambda tag: tag[0] + chr(10) * 2, fragment)}</div>")
    return _BLANK.sub("\n\n", tree.text_content()).strip()


def _link(entry: Any) -> Link:
    fields = {"title": entry.get("title"), "author": entry.get("author"), "doc_id": entry.get("id")}
    return Link(_key(entry), _version(entry), _published(entry), {k: v for k, v in fields.items() if v})


def _key(entry: Any) -> str:
    return str(entry.get("link") or entry.get("id") or "")


def _stated(entry: Any, *names: str) -> Any:
    """The first of these that the entry has; asked by ``in``, since feedparser answers some names by others."""
    return next((entry[name] for name in names if name in entry and entry[name]), None)


def _version(entry: Any) -> str:
    return str(_stated(entry, "updated", "published") or "")


def _published(entry: Any) -> Published | None:
    stated = parse_published(_stated(entry, "published", "updated"))
    parsed = _stated(entry, "published_parsed", "updated_parsed")
    if stated is None and parsed:
        return date(*parsed[:3]), "day"
    return stated
