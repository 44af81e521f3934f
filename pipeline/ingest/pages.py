"""Links -> articles: what feeds, sitemaps and lists of addresses have in common.

What belongs here: which links are still to be fetched, and what becomes of each. What does not: where the links come from, how they
are fetched (``fetcher``), what a page holds (``html``).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import batched

from pipeline.ingest.decoding import decode
from pipeline.ingest.fetcher import Fetched, Fetcher, FetchError
from pipeline.ingest.fields import ArticleMaker, Naming
from pipeline.ingest.html import page_to_article
from pipeline.ingest.identity import web_url
from pipeline.ingest.publication import Published
from pipeline.ingest.source import Item, Limits, Seen, UnreadableError, excerpt_of
from pipeline.records import Article, Done, Rejected

_LINKS_PER_LOOKUP = 200
_HTML = ("text/html", "application/xhtml+xml", "")


@dataclass(frozen=True, slots=True)
class Link:
    """An address with what whoever names it says about it.

    ``version`` changes when the page does (a date of change); ``fields`` fill what the page itself leaves open.
    """

    url: str
    version: str = ""
    published: Published | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


def read_pages(
    links: Iterable[Link], origin: str, fetcher: Fetcher, seen: Seen, limits: Limits, naming: Naming
) -> Iterator[Item]:
    """The article of each page that was not delivered in this version before, as they come in.

    A page that is not there or must not be fetched is done with its reject; one that may answer another time is not.

    Args:
        links: what to fetch; an address that comes twice is fetched once.
        origin: who names them, for rejects of what is no address.
        fetcher: fetches.
        seen: what was delivered before.
        limits: bounds of what is read.
        naming: values for fields that neither page nor link states.
    """

    def due() -> Iterator[tuple[str, Link] | Rejected | Done]:
        known_here: set[int] = set()  # hashes: a list may have millions of addresses
        for some in batched(links, _LINKS_PER_LOOKUP):
            known = seen([link.url for link in some])
            for link in some:
                if known.get(link.url) == link.version or hash(link.url) in known_here:
                    continue
                known_here.add(hash(link.url))
                if web_url(link.url) is None:
                    reason = "it is no web address: only http and https are fetched"
                    yield Rejected(excerpt_of(link.url) or origin, None, f"{reason} (named by {origin})")
                    yield Done(link.url, link.version)
                else:
                    yield link.url, link

    yield from _fetched(due(), fetcher, lambda link, page: _article(link, page, limits, naming))


def _fetched(
    due: Iterator[tuple[str, Link] | Rejected | Done],
    fetcher: Fetcher,
    made: Callable[[Link, Fetched], Article | Rejected],
) -> Iterator[Item]:
    aside: list[Rejected | Done] = []

    def jobs() -> Iterator[tuple[str, Link]]:
        for item in due:
            if isinstance(item, tuple):
                yield item
            else:
                aside.append(item)

    for link, answer in fetcher.fetch_many(jobs()):
        while aside:
            yield aside.pop(0)
        if isinstance(answer, FetchError):
            yield Rejected(link.url, None, _advice(answer))
            if answer.permanent:
                yield Done(link.url, link.version)
        else:
            yield made(link, answer)
            yield Done(link.url, link.version)
    yield from aside


def _advice(error: FetchError) -> str:
    return f"{error.reason}: {'not asked again without --again' if error.permanent else 'the next run tries again'}"


def _article(link: Link, page: Fetched, limits: Limits, naming: Naming) -> Article | Rejected:
    maker = ArticleMaker(page.url, limits, Naming(defaults={**naming.defaults, **link.fields}))
    kind = page.content_type.partition(";")[0].strip().lower()
    try:
        if kind in _HTML:
            return page_to_article(
                page.body, maker, page.content_type, page.url, fetched_at=page.fetched_at, published=link.published
            )
        if kind == "text/plain":
            fields = {"text": decode(page.body), "url": page.url}
            return maker.make(fields, published=link.published, fetched_at=page.fetched_at)
    except UnreadableError as error:
        return maker.reject(error.reason, error.excerpt or "")
    except Exception as error:  # one page must never end the reading of a thousand others
        return maker.reject(f"it cannot be read ({type(error).__name__}: {error}): report this", page.body[:400])
    return maker.reject(f"it is no page but {excerpt_of(kind)}: save its text and read that", page.body[:400])
