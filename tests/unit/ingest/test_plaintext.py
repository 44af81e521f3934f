"""Text and Markdown files with and without front matter."""

from collections.abc import Callable
from datetime import date

import pytest

from pipeline.records import Article, Rejected

Read = Callable[..., list[Article | Rejected]]
FRONT = '---\ntitle: "Talks: round two"\npublished: 2021-09-10\nsource: Border Post\nurl: https://post.example/a\nauthors: [A, B]\nlang: en\n---\n'


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a"])
def test_front_matter_gives_the_fields_and_the_rest_is_the_text(read: Read, name: str) -> None:
    [article] = read(name, f"{FRONT}\n\n  Envoys met.\n\nThey left.\n \n")
    assert isinstance(article, Article)
    assert article.text.strip() == "Envoys met.\n\nThey left."
    assert (article.title, article.source, article.author) == ("Talks: round two", "Border Post", "A, B")
    assert (article.published, article.published_precision, article.language) == (date(2021, 9, 10), "day", "en")
    assert article.origin == name


def test_text_is_stripped_of_blank_lines_only(read: Read) -> None:
    [article] = read("a.txt", "\n \t\n  Indented\u00a0start.\r\nNext.  \r\n\r\n")
    assert isinstance(article, Article)
    assert article.text == "  Indented\u00a0start.\nNext.  "


@pytest.mark.parametrize(
    ("written", "day", "precision"),
    [("2021-09", date(2021, 9, 1), "month"), ("2021", date(2021, 1, 1), "year"), ("2021-09-10 14:00:00", date(2021, 9, 10), "day"),
     ("2021-13-45", None, None), ("Friday", None, None), ("", None, None), ("null", None, None)],
)  # fmt: skip
def test_dates_of_front_matter(read: Read, written: str, day: date | None, precision: str | None) -> None:
    [article] = read("a.txt", f"---\ndate: {written}\n---\nEnvoys met.")
    assert isinstance(article, Article)
    assert (article.published, article.published_precision) == (day, precision)


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        ("title: [unclosed\n---\n", "no valid YAML"),
        ("title: a: b\n---\n", "no valid YAML"),
        ("- just\n- a list\n---\n", "holds no fields"),
        ("title: never closed\nEnvoys met.\n", "not closed"),
        ("a: &a [x]\nb: *a\n---\n", "aliases are not allowed"),
        ("x: !!python/object/apply:os.getcwd []\n---\n", "no valid YAML"),
        ("x: " + "[" * 20_000 + "\n---\n", "no valid YAML"),
        ("title: x\n" + "pad: y\n" * 20_000 + "---\n", "not closed by a line --- within 64,000"),
    ],
    ids=lambda v: v[:20],
)
def test_bad_front_matter_is_rejected(read: Read, front: str, reason: str) -> None:
    [item] = read("a.txt", f"---\n{front}Envoys met.")
    assert isinstance(item, Rejected)
    assert reason in item.reason


def test_alias_bomb_is_refused_before_it_unfolds(read: Read) -> None:
    levels = "".join(f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 9)}]\n" for i in range(1, 9))
    [item] = read("a.md", f"---\nl0: &l0 [x, x]\n{levels}title: *l8\n---\nEnvoys met.")
    assert isinstance(item, Rejected)
    assert "aliases" in item.reason


def test_rule_above_a_text_is_no_front_matter(read: Read) -> None:
    [article] = read("a.txt", "---\nEnvoys met on Monday.\n\nThey left.")
    assert isinstance(article, Article)
    assert article.text.startswith("---\nEnvoys")


def test_front_matter_cannot_replace_the_text(read: Read) -> None:
    [article] = read("a.txt", "---\ntext: something else\nbody: more\n---\nEnvoys met.")
    assert isinstance(article, Article)
    assert article.text == "Envoys met."


@pytest.mark.parametrize("content", ["---\ntitle: x\n---\n", "---\ntitle: x\n---\n\n  \n", "---\n---\n"])
def test_front_matter_without_text_is_rejected(read: Read, content: str) -> None:
    [item] = read("a.txt", content)
    assert isinstance(item, Rejected)
    assert "text is empty" in item.reason


def test_markdown_heading_is_the_title_unless_front_matter_names_one(read: Read) -> None:
    [article] = read("a.md", "# Talks resume\n\nEnvoys **met**.")
    assert isinstance(article, Article)
    assert (article.title, article.text) == ("Talks resume", "Envoys met.")
    [named] = read("b.md", "---\nheadline: Named\n---\n# Talks resume\n\nEnvoys **met**.")
    assert isinstance(named, Article)
    assert (named.title, named.text) == ("Named", "Envoys met.")


def test_plain_text_keeps_marks_that_markdown_would_take(read: Read) -> None:
    [article] = read("a.txt", "*** URGENT *** Envoys_met")
    assert isinstance(article, Article)
    assert article.text == "*** URGENT *** Envoys_met"


def test_text_that_is_too_long_is_rejected(read: Read) -> None:
    [item] = read("a.txt", "word " * 100, text_chars=100)
    assert isinstance(item, Rejected)
    assert "more than 100" in item.reason


def test_a_million_blank_lines_take_no_time(read: Read) -> None:
    [article] = read("a.txt", "Envoys met." + "\n" * 500_000 + "They left." + " \n" * 200_000)
    assert isinstance(article, Article)
    assert article.text.endswith("\nThey left. ")
