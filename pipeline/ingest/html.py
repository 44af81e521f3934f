"""Web pages: the article in a page (trafilatura) and what the page says about it.

What belongs here: finding text, title, author, site, language, canonical address and publication date in HTML. What does not:
fetching pages.

The date is taken from what the page declares (JSON-LD, meta elements, ``<time>``), then from a date in its address, then from
a date line that htmldate finds near the article; never from the running text alone and never from the clock.

An address that the page declares as its own is believed only of the site that it was fetched from: nobody's page may pass for
another site's article.
"""

import itertools
import json
import logging
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import trafilatura
from lxml.html import HtmlElement  # type: ignore[import-untyped,unused-ignore]
from trafilatura.meta import reset_caches
from trafilatura.settings import Document

from pipeline.ingest.decoding import decode
from pipeline.ingest.fields import ArticleMaker
from pipeline.ingest.identity import host, web_url
from pipeline.ingest.publication import Published, parse_published, url_date
from pipeline.ingest.quality import PageSigns
from pipeline.ingest.source import UnreadableError, excerpt_of
from pipeline.ingest.source_file import SourceFile
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
_CHARSET_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_VOID = frozenset(
    (
        "br",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "p",
        "li",
        "td",
        "tr",
        "th",
        "source",
        "wbr",
        "area",
        "option",
        "dt",
        "dd",
    )
)
_DEEPEST = 3000
# The extractor remembers strings that it has trimmed; over a large archive they add up.
_PAGES_BETWEEN_RESETS = 500
_pages_read = itertools.count(1)
_LONGEST_JSON = 500_000
# schema.org's word for pages behind a paywall.
_NOT_FREE = re.compile(r'"isAccessibleForFree"\s*:\s*"?false', re.IGNORECASE)


def read_html(file: SourceFile) -> Iterator[Article | Rejected]:
    """The article of a page."""
    yield page_to_article(file.read(), file.maker())


def page_to_article(
    data: bytes,
    maker: ArticleMaker,
    content_type: str = "",
    url: str | None = None,
    *,
    line: int | None = None,
    fetched_at: datetime | None = None,
    published: Published | None = None,
) -> Article | Rejected:
    """The article of a page.

    Args:
        data: the page as it was sent.
        maker: makes the article of the fields found.
        content_type: what the server called it, for its character encoding.
        url: where the page was fetched.
        line: the page's number in its file.
        fetched_at: when it was fetched.
        published: the date that whoever linked to it states, for pages that declare none.

    Raises:
        UnreadableError: it is no HTML.
    """
    charset = _CHARSET_IN_HEADER.search(content_type)
    inner = _CHARSET.search(data[:4096])
    declared = charset[1] if charset else inner[1].decode("ascii") if inner else None
    page = decode(data, declared)
    if _deepest(page) > _DEEPEST:
        raise UnreadableError(f"its elements are nested more than {_DEEPEST} deep, as no article is", excerpt_of(page))
    tree = trafilatura.load_html(page)
    if tree is None:
        raise UnreadableError("it is no HTML that can be parsed: save the page again", excerpt_of(page))
    signs = _signs(tree, page)
    stated = _declared_date(tree) or published
    language = (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip()
    found = trafilatura.bare_extraction(
        tree, url=url, with_metadata=True, include_comments=False, date_extraction_params=_DATE_SEARCH
    )
    if next(_pages_read) % _PAGES_BETWEEN_RESETS == 0:
        reset_caches()
    if not isinstance(found, Document) or not found.text or not found.text.strip():
        return maker.reject(
            "no article text was found in this page: save the article's own page, or its text", page, line
        )
    address = _own_address(found.url, url)
    if stated is None and url_date(address) is None:
        stated = parse_published(found.date)
    fields = {
        "text": _paragraphs(found.text, found.title),
        "title": found.title,
        "author": found.author,
        "source": found.sitename or host(address) or found.hostname,
        "url": address,
        "language": language or found.language,
    }
    return maker.make(fields, line, stated, fetched_at, signs)


def _signs(tree: HtmlElement, page: str) -> PageSigns:
    """What tells captions and lists of links in a text; read before the extractor, which changes the tree."""
    captions = {" ".join(c.text_content().split()) for c in tree.iter("figcaption")}
    links = {" ".join(a.text_content().split()) for a in tree.iter("a")}
    return PageSigns(captions - {""}, links - {""}, is_free=not _NOT_FREE.search(page))


def _own_address(declared: str | None, fetched: str | None) -> str | None:
    """The address that a page declares, if it is one of the site that the page was fetched from (saved pages: any)."""
    if fetched is None or declared is None or web_url(declared) is None:
        return fetched or declared
    ours, theirs = host(fetched) or "", host(declared) or ""
    same = ours == theirs or ours.endswith(f".{theirs}") or theirs.endswith(f".{ours}")
    return declared if same else fetched


def _deepest(page: str) -> int:
    """How deep the tags of a page are nested, counted without a parser: parsers are what deep nesting is meant to break."""
    depth = deepest = 0
    for tag in _TAG.finditer(page):
        if tag[1]:
            depth = max(depth - 1, 0)
        elif tag[2].lower() not in _VOID:
            depth += 1
            deepest = max(deepest, depth)
    return deepest


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
