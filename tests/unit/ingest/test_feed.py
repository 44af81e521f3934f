"""Feeds of a real server: new entries, changed ones, broken ones."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from local_server import Server, conditional, page, reply

from pipeline.ingest.feed import FeedSource, feed_fingerprint, fragment_text
from pipeline.ingest.fetcher import Fetcher, Manners
from pipeline.ingest.fields import Naming
from pipeline.ingest.http_cache import HttpCache
from pipeline.ingest.source import DEFAULT_LIMITS, Item, SourceFailedError
from pipeline.records import Article, Done, Rejected

MANNERS = Manners(delay_seconds=0, timeout_seconds=2, tries=1, private_hosts=("127.0.0.1",))


@pytest.fixture
def fetcher(tmp_path: Path) -> Iterator[Fetcher]:
    with Fetcher(MANNERS, HttpCache(tmp_path, 10_000_000)) as fetcher:
        yield fetcher


def item(
    link: str, title: str = "Talks", date_line: str = "<pubDate>Tue, 07 Sep 2021 10:00:00 GMT</pubDate>", more: str = ""
) -> str:
    return f"<item><title>{title}</title><link>{link}</link>{date_line}{more}</item>"


def rss(*items: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Post</title>{"".join(items)}</channel></rss>'


def feed(server: Server, fetcher: Fetcher, **options: object) -> FeedSource:
    naming = Naming(defaults={"source": "The Border Post"})
    return FeedSource("post", f"{server.url}/rss", fetcher, DEFAULT_LIMITS, naming=naming, **options)  # type: ignore[arg-type]


def memory(items: Sequence[Item]) -> Mapping[str, str]:
    return {i.item: i.version for i in items if isinstance(i, Done)}


def articles(items: Sequence[Item]) -> list[Article]:
    return [i for i in items if isinstance(i, Article)]


def test_entries_bring_the_text_of_their_pages(server: Server, fetcher: Fetcher) -> None:
    server.routes["/rss"] = reply(rss(item(f"{server.url}/a", "Feed title")), Content_Type="application/rss+xml")
    server.routes["/a"] = reply(page("Pass closed", "Guards shot at a lorry."))
    article, done = feed(server, fetcher).read()
    assert isinstance(article, Article) and article.text.count("Guards shot at a lorry.") == 3
    assert (article.title, article.published, article.published_source) == ("Pass closed", date(2021, 9, 7), "metadata")
    assert article.url == article.origin == f"{server.url}/a" and article.language == "en"
    assert article.fetched_at is not None
    assert done == Done(f"{server.url}/a", "Tue, 07 Sep 2021 10:00:00 GMT")


def test_atom_is_read_too_and_relative_links_are_resolved(server: Server, fetcher: Fetcher) -> None:
    server.routes["/rss"] = reply(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><id>urn:1</id><title>t</title>'
        '<link href="/world/a"/><updated>2021-09-08T01:00:00Z</updated></entry></feed>', Content_Type="application/atom+xml",
    )  # fmt: skip
    server.routes["/world/a"] = reply(page("Pass closed", "Guards shot at a lorry."))
    [article] = articles(list(feed(server, fetcher).read()))
    assert (article.url, article.published) == (f"{server.url}/world/a", date(2021, 9, 8))


def test_delivered_entries_are_not_fetched_again_whatever_their_order(server: Server, fetcher: Fetcher) -> None:
    names = ["a", "b", "c"]
    entries = [item(f"{server.url}/{n}") for n in names]
    server.routes |= {f"/{n}": reply(page(n, f"Report {n}.")) for n in names}
    server.routes["/rss"] = reply(rss(*entries))
    known = memory(list(feed(server, fetcher).read()))
    server.routes["/d"] = reply(page("d", "Report d."))
    server.routes["/rss"] = reply(rss(item(f"{server.url}/d"), *reversed(entries)))
    again = list(feed(server, fetcher).read(lambda items: known))
    assert [a.title for a in articles(again)] == ["d"]
    assert all(len(server.asked(f"/{n}")) == 1 for n in names)


def test_entry_that_was_updated_is_fetched_again(server: Server, fetcher: Fetcher) -> None:
    server.routes["/a"] = [reply(page("Pass closed", "First report.")), reply(page("Pass closed", "Corrected report."))]
    server.routes["/rss"] = reply(rss(item(f"{server.url}/a")))
    first = list(feed(server, fetcher).read())
    server.routes["/rss"] = reply(
        rss(item(f"{server.url}/a", date_line="<pubDate>Wed, 08 Sep 2021 10:00:00 GMT</pubDate>"))
    )
    second = list(feed(server, fetcher).read(lambda items: memory(first)))
    assert "Corrected report." in articles(second)[0].text
    assert articles(second)[0].article_id == articles(first)[0].article_id


def test_page_that_fails_for_the_moment_is_tried_by_the_next_run_and_a_missing_one_not(
    server: Server, fetcher: Fetcher
) -> None:
    server.routes["/rss"] = reply(rss(item(f"{server.url}/busy"), item(f"{server.url}/gone")))
    server.routes["/busy"] = reply(status=503)
    server.routes["/gone"] = reply(status=410)
    items = list(feed(server, fetcher).read())
    reasons = {i.origin: i.reason for i in items if isinstance(i, Rejected)}
    assert "next run tries again" in reasons[f"{server.url}/busy"]
    assert "not asked again" in reasons[f"{server.url}/gone"]
    assert set(memory(items)) == {f"{server.url}/gone"}


def test_links_that_are_no_web_addresses_are_rejected(server: Server, fetcher: Fetcher) -> None:
    server.routes["/rss"] = reply(rss(item("javascript:alert(1)"), item("file:///etc/passwd"), item(f"{server.url}/a")))
    server.routes["/a"] = reply(page("Pass closed", "Guards shot at a lorry."))
    items = list(feed(server, fetcher).read())
    rejected = [i for i in items if isinstance(i, Rejected)]
    assert len(articles(items)) == 1 and len(rejected) == 2
    assert all("only http and https are fetched" in r.reason for r in rejected)
    assert len(memory(items)) == 3


def test_page_cannot_pass_for_an_article_of_another_site(server: Server, fetcher: Fetcher) -> None:
    head = '<link rel="canonical" href="https://famous.example/world/a">'
    server.routes["/rss"] = reply(rss(item(f"{server.url}/a")))
    server.routes["/a"] = reply(page("Pass closed", "Guards shot at a lorry.", head))
    [article] = articles(list(feed(server, fetcher).read()))
    assert article.url == f"{server.url}/a"


def test_what_is_no_page_is_rejected(server: Server, fetcher: Fetcher) -> None:
    server.routes["/rss"] = reply(rss(item(f"{server.url}/a"), item(f"{server.url}/b"), item(f"{server.url}/c")))
    server.routes["/a"] = reply(b"%PDF-1.7", Content_Type="application/pdf")
    server.routes["/b"] = reply(b"\0\1\2" * 100, Content_Type="text/html")
    server.routes["/c"] = reply("Guards closed the crossing.", Content_Type="text/plain")
    items = list(feed(server, fetcher).read())
    assert sorted(i.reason.partition(":")[0] for i in items if isinstance(i, Rejected)) == [
        "it is no page but application/pdf", "this is a binary file, not text",
    ]  # fmt: skip
    assert [a.text for a in articles(items)] == ["Guards closed the crossing."]


def test_entries_own_text_is_the_article_where_pages_are_not_wanted(server: Server, fetcher: Fetcher) -> None:
    content = "<content:encoded><![CDATA[<p>Guards closed it.</p><p>Traders <b>waited</b>.</p>]]></content:encoded>"
    body = rss(item("https://post.example/a", more=content)).replace(
        "<rss", '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    )
    server.routes["/rss"] = reply(body)
    [article] = articles(list(feed(server, fetcher, full_text=False).read()))
    assert article.text == "Guards closed it.\n\nTraders waited."
    assert (article.url, article.source) == ("https://post.example/a", "The Border Post")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (reply(status=500), "answers 500"),
        (reply(status=404), "answers 404"),
        (reply("<html><body>No feed here</body></html>"), "neither RSS nor Atom"),
        (reply(b"\x89PNG\r\n"), "neither RSS nor Atom"),
    ],
)
def test_feed_that_fails_says_why(server: Server, fetcher: Fetcher, answer: object, reason: str) -> None:
    server.routes["/rss"] = answer  # type: ignore[assignment]
    with pytest.raises(SourceFailedError, match=reason):
        list(feed(server, fetcher).read())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_bomb_is_not_unfolded(server: Server, fetcher: Fetcher, encoding: str) -> None:
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    bomb = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE rss [<!ENTITY l0 "ha">{entities}]>'
        + rss(item("http://x/", "&l9;"))[21:]
    )
    server.routes["/rss"] = reply(bomb.encode(encoding))
    with pytest.raises(SourceFailedError, match="declares entities"):
        list(feed(server, fetcher).read())


def test_feed_that_is_cut_off_gives_what_is_whole(server: Server, fetcher: Fetcher) -> None:
    server.routes["/a"] = reply(page("Pass closed", "Guards shot at a lorry."))
    server.routes["/rss"] = reply(rss(item(f"{server.url}/a"), item(f"{server.url}/b"))[:-60])
    items = list(feed(server, fetcher).read())
    assert len(articles(items)) == 1


def test_fingerprint_changes_with_the_entries_and_not_with_their_order(server: Server, fetcher: Fetcher) -> None:
    one, two = item("https://x.example/1"), item("https://x.example/2")
    prints = []
    for number, items in enumerate(((one, two), (two, one), (one, two, item("https://x.example/3")))):
        server.routes["/rss"] = conditional(rss(*items), f'"{number}"')
        prints.append(feed_fingerprint(f"{server.url}/rss", fetcher))
    assert prints[0] == prints[1] != prints[2]


def test_fragment_keeps_words_and_paragraphs() -> None:
    assert fragment_text("plain words") == "plain words"
    assert fragment_text("<div>One<br>two</div><ul><li>three &amp; four</li></ul>") == "One\n\ntwo\n\nthree & four"
