"""The same article has the same id, however its address or its spacing is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.identity import article_id, canonical_url, host, text_hash, web_url


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/2021/border-talks",
        "http://news.example/2021/border-talks",
        "HTTPS://NEWS.Example/2021/border-talks/",
        "https://news.example:443/2021/border-talks#comments",
        "https://news.example/2021/border-talks?utm_source=feed&utm_medium=rss&fbclid=abc",
        "https://news.example/2021/border-talks/?gclid=1&UTM_Campaign=x",
        "  https://news.example/2021/border-talks ",
        "news.example/2021/border-talks",
        "//news.example/2021/border-talks",
    ],
)
def test_spellings_of_one_address_give_one_id(url: str) -> None:
    assert canonical_url(url) == "https://news.example/2021/border-talks"
    assert article_id(url, "A", "one text") == article_id("https://news.example/2021/border-talks", "B", "another text")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/story?id=1", "https://a.example/story?id=2"),
        ("https://a.example/Story", "https://a.example/story"),
        ("https://a.example:8080/story", "https://a.example/story"),
        ("https://a.example/story", "https://b.example/story"),
    ],
)
def test_different_addresses_stay_different(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


def test_order_of_parameters_does_not_matter() -> None:
    assert canonical_url("https://a.example/?b=2&a=1") == canonical_url("https://a.example?a=1&b=2")


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "urn:isbn:1", "n/a", "", None, "https://", "http://[bad", "https://a.example:99999/x", "mailto:x@a.example"],
)  # fmt: skip
def test_what_is_no_web_address_is_dropped(url: str | None) -> None:
    assert web_url(url) is None
    assert canonical_url(url) is None
    assert host(url) is None


def test_home_page_is_no_identity() -> None:
    assert canonical_url("https://news.example/") is None
    assert article_id("https://news.example/", "A", "first") != article_id("https://news.example/", "A", "second")


def test_without_address_source_and_normalized_text_decide() -> None:
    one = article_id(None, "The Post", "Guards fired.\n\nTwo died.")
    assert one == article_id(None, "the post ", "GUARDS fired.\u00a0Two  died.")
    assert one != article_id(None, "The Times", "Guards fired.\n\nTwo died.")
    assert one != article_id(None, "The Post", "Guards fired. Three died.")
    assert len(one) == 24


def test_ids_do_not_change_between_versions() -> None:
    assert article_id("https://news.example/a", None, "x") == "01b37d2ab21f3b04a08f6eaa"
    assert text_hash("Two died.") == "757740225cbff5294386068c"


@given(st.text(max_size=200))
def test_text_hash_ignores_space_around_and_between(text: str) -> None:
    assert text_hash(text) == text_hash(f"\n {text}\t") == text_hash(text.replace(" ", " \n "))


@given(st.text(max_size=80))
def test_canonical_form_is_stable(url: str) -> None:
    once = canonical_url(url)
    assert once is None or canonical_url(once) == once
