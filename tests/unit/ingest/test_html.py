"""Web pages: the article, and what the page declares about it."""

from collections.abc import Callable
from datetime import date

import pytest

from pipeline.records import Article, Rejected

Read = Callable[..., list[Article | Rejected]]
BODY = """<nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><h1>Talks resume</h1>
<p>Officials of both countries met in the border town and agreed to reopen the crossing for lorries, a spokesman said. He
added that <a href="/x">more talks</a> would follow within a month.</p>
<p>The crossing had been closed after a shooting in which three guards died, according to the interior ministry. Traders lost
millions while it was shut.</p></article><footer>All rights reserved 2019</footer>"""
HEAD = """<title>Talks resume | The Border Post</title><meta property="og:site_name" content="The Border Post">
<meta name="author" content="Jane Doe"><link rel="canonical" href="https://borderpost.example/world/talks">"""


def page(head: str = HEAD, body: str = BODY, lang: str = "en-GB") -> str:
    return f'<!DOCTYPE html><html lang="{lang}"><head>{head}</head><body>{body}</body></html>'


def one(items: list[Article | Rejected]) -> Article:
    [article] = items
    assert isinstance(article, Article), article
    return article


def test_article_is_extracted_with_its_metadata(read: Read) -> None:
    article = one(
        read("a.html", page(HEAD + '<meta property="article:published_time" content="2021-09-07T22:30:00-07:00">'))
    )
    first, second = article.text.split("\n\n")
    assert first.startswith("Officials of both countries") and first.endswith("within a month.")
    assert second.startswith("The crossing had been closed")
    assert (article.title, article.source, article.author) == ("Talks resume", "The Border Post", "Jane Doe")
    assert (article.url, article.language) == ("https://borderpost.example/world/talks", "en")
    assert (article.published, article.published_precision) == (date(2021, 9, 7), "day")


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ('<meta name="date" content="2021-09">', "", (date(2021, 9, 1), "month")),
        ('<meta name="DC.date.issued" content="2021">', "", (date(2021, 1, 1), "year")),
        ('<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "datePublished": "2021-09-07T10:00:00Z", "dateModified": "2022-01-01"}]}</script>', "", (date(2021, 9, 7), "day")),
        ('<script type="application/ld+json">{broken</script><meta name="pubdate" content="Tue, 07 Sep 2021 10:00:00 GMT">', "", (date(2021, 9, 7), "day")),
        ("", '<time itemprop="datePublished" datetime="2021-09-07">yesterday</time>', (date(2021, 9, 7), "day")),
        ("", '<time datetime="2021-09-07">Tuesday</time>', (date(2021, 9, 7), "day")),
        ('<meta property="og:url" content="https://borderpost.example/2021/09/07/talks.html">', "", (date(2021, 9, 7), "day")),
        ('<meta property="article:modified_time" content="junk"><meta name="date" content="Friday">', "", (None, None)),
        ("", "", (None, None)),
    ],
)  # fmt: skip
def test_date_is_what_the_page_declares(read: Read, head: str, body: str, expected: object) -> None:
    article = one(read("a.html", page(head, body + BODY)))
    assert (article.published, article.published_precision) == expected


def test_year_in_the_running_text_is_no_publication_date(read: Read) -> None:
    told = (
        "<article>"
        + "<p>The truce of March 3, 2014 was broken in 2016, and guards at the crossing fired on lorries again.</p>" * 6
        + "</article>"
    )
    assert one(read("a.html", page("<title>Truce</title>", told))).published is None


def test_declared_charset_is_used(read: Read) -> None:
    body = (
        "<p>"
        + "Официальные лица двух стран встретились в приграничном городе и договорились открыть переход. " * 3
        + "</p>"
    )
    text = page('<meta charset="windows-1251"><title>x</title>', f"<article>{body}</article>", lang="en")
    article = one(read("a.html", text.encode("cp1251")))
    assert "Официальные лица" in article.text
    assert article.language == "ru"


def test_same_page_under_another_tracking_parameter_is_the_same_article(read: Read) -> None:
    one_id = one(read("a.html", page())).article_id
    assert one(read("b.html", page(HEAD.replace("/talks", "/talks?utm_source=x#top")))).article_id == one_id


@pytest.mark.parametrize(
    "content",
    [
        "<!DOCTYPE html><html><head><title>x</title></head><body></body></html>",
        "<html><body><script>var a = 'words';</script></body></html>",
        "<html>",
    ],
)
def test_page_without_an_article_is_rejected(read: Read, content: str) -> None:
    [item] = read("a.html", content)
    assert isinstance(item, Rejected)
    assert item.reason


def test_page_that_is_too_large_is_rejected(read: Read) -> None:
    [item] = read("a.html", page(), document_bytes=500)
    assert isinstance(item, Rejected)
    assert "larger than 500 bytes" in item.reason


def test_deep_nesting_does_not_end_the_reading(read: Read) -> None:
    [item] = read("a.html", "<html><body>" + "<div>" * 20_000 + "words" + "</div>" * 20_000 + "</body></html>")
    assert isinstance(item, Article | Rejected)
