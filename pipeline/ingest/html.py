"""Web pages: the article in a page (trafilatura) and what the page says about it.

What belongs here: finding text, title, author, site, language, canonical address and publication date in HTML. What does not:
fetching pages.

The date is taken from what the page declares (JSON-LD, meta elements, ``<time>``), then from a date in its address, then from
a date line that htmldate finds near the article; never from the running text alone and never from the clock.
"""

import json
import logging
import re
from collections.abc import Iterable, Iterator
from typing import Any

import trafilatura
from lxml.html import HtmlElement  # type: ignore[import-untyped,unused-ignore]
from trafilatura.settings import Document

from pipeline.ingest.decoding import decode
from pipeline.ingest.fields import ArticleMaker
from pipeline.ingest.files import SourceFile
from pipeline.ingest.publication import Published, parse_published
from pipeline.ingest.source import UnreadableError, excerpt_of
from pipeline.records import Article, Rejected

# Its complaints about single pages come back as rejects.
logging.getLogger("trafilatura").addHandler(logging.NullHandler())
logging.getLogger("htmldate").addHandler(logging.NullHandler())

# The newest possible date is fixed: htmldate's default is today, which would make a reading depend on its day.
_DATE_SEARCH = {"extensive_search": False, "original_date": True, "max_date": "2199-12-31"}
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_META_DATES = (
    "article:published_time", "og:article:published_time", "datepublished", "date.published", "publication_date", "publish-date",
    "publishdate", "pubdate", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "dcterms.date",
    "citation_publication_date", "citation_date", "parsely-pub-date", "sailthru.date", "date",
)  # fmt: skip
_DATE_IN_URL = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?:[/_-]|$)")
_LONGEST_JSON = 500_000


def read_html(file: SourceFile) -> Iterator[Article | Rejected]:
    """The article of a page."""
    data = file.read()
    charset = _CHARSET.search(data[:4096])
    page = decode(data, charset[1].decode("ascii") if charset else None)
    yield html_to_article(page, ArticleMaker(file.origin, file.limits))


def html_to_article(page: str, maker: ArticleMaker, url: str | None = None) -> Article | Rejected:
    """The article of a page that is at hand as a string.

    Args:
        page: the page.
        maker: makes the article of the fields found.
        url: where the page was fetched, for those that do not say.
    """
    tree = trafilatura.load_html(page)
    if tree is None:
        raise UnreadableError("it is no HTML that can be parsed: save the page again", excerpt_of(page))
    declared = _declared_date(tree)
    language = (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip()
    found = trafilatura.bare_extraction(
        tree, url=url, with_metadata=True, include_comments=False, date_extraction_params=_DATE_SEARCH
    )
    if not isinstance(found, Document) or not found.text or not found.text.strip():
        return maker.reject("no article text was found in this page: save the article's own page, or its text", page)
    address = found.url or url
    published = declared or _url_date(address) or parse_published(found.date)
    fields = {
        "text": _paragraphs(found.text, found.title),
        "title": found.title,
        "author": found.author,
        "source": found.sitename or found.hostname,
        "url": address,
        "language": language or found.language,
    }
    return maker.make(fields, published=published)


def _paragraphs(text: str, title: str | None) -> str:
    """Blocks parted by a blank line, as everywhere (one line break is a wrapped line), without a heading that is the title."""
    blocks = [b for b in text.split("\n") if b.strip()]
    if len(blocks) > 1 and title and blocks[0].strip() == title.strip():
        del blocks[0]
    return "\n\n".join(blocks)


def _declared_date(tree: HtmlElement) -> Published | None:
    """The publication date that the page declares."""
    return next((found for found in map(parse_published, _declared_values(tree)) if found), None)


def _declared_values(tree: HtmlElement) -> Iterator[object]:
    for script in tree.xpath('//script[@type="application/ld+json"]/text()'):
        if len(script) <= _LONGEST_JSON:
            try:
                yield from _dates_published(json.loads(script), depth=4)
            except (ValueError, RecursionError):
                continue
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        metas.setdefault(name, meta.get("content") or "")
    yield from (metas[name] for name in _META_DATES if name in metas)
    for time in tree.xpath('//time[@itemprop="datePublished" or @pubdate] | //*[@itemprop="datePublished"]'):
        yield time.get("datetime") or time.get("content") or (time.text or "").strip()
    # A lone <time> is the article's; of several, some belong to teasers.
    times = tree.xpath("//article//time[@datetime]") or tree.xpath("//time[@datetime]")
    if len(times) == 1:
        yield times[0].get("datetime")


def _dates_published(value: Any, depth: int) -> Iterable[object]:
    if isinstance(value, dict):
        if "datePublished" in value:
            yield value["datePublished"]
        for key in ("@graph", "mainEntity"):
            if key in value and depth:
                yield from _dates_published(value[key], depth - 1)
    elif isinstance(value, list) and depth:
        for item in value[:50]:
            yield from _dates_published(item, depth - 1)


def _url_date(url: str | None) -> Published | None:
    found = _DATE_IN_URL.search(url or "")
    return parse_published(f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}") if found else None
