"""Lists of addresses and sitemaps of a real server."""

import gzip
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from local_server import Server, page, reply

from pipeline.ingest.addresses import SitemapSource, UrlListSource
from pipeline.ingest.fetcher import Fetcher, Manners
from pipeline.ingest.fields import USUAL_NAMES
from pipeline.ingest.source import DEFAULT_LIMITS, Item, SourceFailedError
from pipeline.records import Article, Done, Rejected

MANNERS = Manners(delay_seconds=0, timeout_seconds=2, tries=1, private_hosts=("127.0.0.1",), max_bytes=2_000_000)


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(MANNERS) as fetcher:
        yield fetcher


def urlset(*entries: str) -> str:
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {space}>{"".join(entries)}</urlset>'


def index(*urls: str) -> str:
    entries = "".join(f"<sitemap><loc>{u}</loc></sitemap>" for u in urls)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>'


def url(address: str, lastmod: str = "2021-09-07", more: str = "") -> str:
    return f"<url><loc> {address} </loc><lastmod>{lastmod}</lastmod>{more}</url>"


def sitemap(server: Server, fetcher: Fetcher, **options: object) -> SitemapSource:
    return SitemapSource("post", f"{server.url}/sitemap.xml", fetcher, DEFAULT_LIMITS, USUAL_NAMES, **options)  # type: ignore[arg-type]


def titles(items: list[Item]) -> list[str | None]:
    return sorted(i.title or "" for i in items if isinstance(i, Article))


def serve(server: Server, *names: str) -> None:
    server.routes |= {f"/{n}": reply(page(n, f"Report {n}.")) for n in names}


def test_pages_of_nested_and_packed_sitemaps_are_read(server: Server, fetcher: Fetcher) -> None:
    serve(server, "a", "b")
    server.routes["/sitemap.xml"] = reply(
        index(f"{server.url}/one.xml", f"{server.url}/two.xml.gz", f"{server.url}/sitemap.xml")
    )
    server.routes["/one.xml"] = reply(urlset(url(f"{server.url}/a")))
    server.routes["/two.xml.gz"] = reply(
        gzip.compress(urlset(url(f"{server.url}/b")).encode()), Content_Type="application/gzip"
    )
    items = list(sitemap(server, fetcher).read())
    assert titles(items) == ["a", "b"]
    assert {i.version for i in items if isinstance(i, Done)} == {"2021-09-07"}


def test_news_sitemap_states_the_publication_date(server: Server, fetcher: Fetcher) -> None:
    serve(server, "a")
    news = "<news:news><news:publication_date>2021-09-06T23:00:00+03:00</news:publication_date><news:title>T</news:title></news:news>"
    server.routes["/sitemap.xml"] = reply(urlset(url(f"{server.url}/a", more=news)))
    [article] = [i for i in sitemap(server, fetcher).read() if isinstance(i, Article)]
    assert article.published == date(2021, 9, 6)


def test_patterns_and_day_choose_the_pages(server: Server, fetcher: Fetcher) -> None:
    serve(server, "world/a", "world/video/b", "sport/c", "world/old")
    entries = [url(f"{server.url}/{n}") for n in ("world/a", "world/video/b", "sport/c")]
    server.routes["/sitemap.xml"] = reply(urlset(*entries, url(f"{server.url}/world/old", "2020-01-01")))
    chosen = sitemap(server, fetcher, include=["*/world/*"], exclude=["*/video/*"], since=date(2021, 1, 1))
    assert titles(list(chosen.read())) == ["world/a"]


def test_page_with_a_new_lastmod_is_fetched_again(server: Server, fetcher: Fetcher) -> None:
    serve(server, "a", "b")
    server.routes["/sitemap.xml"] = reply(urlset(url(f"{server.url}/a"), url(f"{server.url}/b")))
    known = {i.item: i.version for i in sitemap(server, fetcher).read() if isinstance(i, Done)}
    server.routes["/sitemap.xml"] = reply(urlset(url(f"{server.url}/b"), url(f"{server.url}/a", "2021-09-09")))
    assert titles(list(sitemap(server, fetcher).read(lambda items: known))) == ["a"]


def test_plain_list_is_a_sitemap_too_and_an_empty_one_brings_nothing(server: Server, fetcher: Fetcher) -> None:
    serve(server, "a")
    server.routes["/sitemap.xml"] = [reply(f"{server.url}/a\n", Content_Type="text/plain"), reply(urlset())]
    assert titles(list(sitemap(server, fetcher).read())) == ["a"]
    assert not list(sitemap(server, fetcher).read())


def test_broken_sitemap_among_others_is_a_reject_and_the_only_one_a_failure(server: Server, fetcher: Fetcher) -> None:
    serve(server, "a")
    server.routes["/sitemap.xml"] = reply(index(f"{server.url}/gone.xml", f"{server.url}/one.xml"))
    server.routes["/one.xml"] = reply(urlset(url(f"{server.url}/a")))
    items = list(sitemap(server, fetcher).read())
    assert titles(items) == ["a"]
    [rejected] = [i for i in items if isinstance(i, Rejected)]
    assert rejected.origin.endswith("/gone.xml") and "404" in rejected.reason
    server.routes["/sitemap.xml"] = reply("<html><body>Not found</body></html>")
    with pytest.raises(SourceFailedError, match="no sitemap"):
        list(sitemap(server, fetcher).read())


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            b'<!DOCTYPE u [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>',
            "declares entities",
        ),
        (
            b'<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>',
            "declares entities",
        ),
        (gzip.compress(b"<urlset>" + b" " * 50_000_000), "unpacks to more than"),
        (gzip.compress(b"<urlset></urlset>")[:-9], "compression is damaged"),
    ],
    ids=["bomb", "external entity", "gzip bomb", "cut off"],
)
def test_hostile_sitemap_is_refused(server: Server, fetcher: Fetcher, body: bytes, reason: str) -> None:
    server.routes["/sitemap.xml"] = reply(body, Content_Type="application/xml")
    with pytest.raises(SourceFailedError, match=reason):
        list(sitemap(server, fetcher).read())


def test_listed_addresses_are_read_once(server: Server, fetcher: Fetcher, tmp_path: Path) -> None:
    serve(server, "a", "b")
    file = tmp_path / "addresses.txt"
    file.write_text(f"# mine\n\n{server.url}/a\n{server.url}/a\njavascript:alert(1)\n")
    source = UrlListSource("list", [f"{server.url}/b"], file, fetcher, DEFAULT_LIMITS, USUAL_NAMES)
    items = list(source.read())
    assert titles(items) == ["a", "b"]
    assert len(server.asked("/a")) == 1
    known = {i.item: i.version for i in items if isinstance(i, Done)}
    assert set(known) == {f"{server.url}/a", f"{server.url}/b", "javascript:alert(1)"}
    assert not list(source.read(lambda items: known))


def test_missing_list_is_a_failure_of_the_source(fetcher: Fetcher, tmp_path: Path) -> None:
    source = UrlListSource("list", [], tmp_path / "absent.txt", fetcher, DEFAULT_LIMITS, USUAL_NAMES)
    with pytest.raises(SourceFailedError, match=r"nothing at .*absent.txt"):
        list(source.read())
