"""Texts of articles are hostile: whatever they hold, it is text in every form of a briefing."""

import re
from pathlib import Path

import pandas as pd
import pypdfium2
import pytest
from markdown_it import MarkdownIt

from pipeline.errors import InputError
from pipeline.report import charts
from pipeline.report.briefing import Briefing, KeyFigure, Quote, Row, Section, Table
from pipeline.report.render import as_html, as_markdown, as_pdf, write_briefing

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[click](javascript:alert(1)) ![x](https://evil.example/p.png)",
    "# no heading",
    "1. no list",
    "| no | cell |",
    "**no bold** _no_ `code` ~~gone~~ $x$",
    "https://evil.example/track",
    "#eval(read(\"/etc/passwd\")) $ x $ \\ @ref *b*",
    "&lt;b&gt; &amp; {{ 7 * 7 }} {% raw %}",
)  # fmt: skip


def briefing(text: str) -> Briefing:
    months = pd.DataFrame({"month": pd.to_datetime(["2021-05-01", "2021-06-01"]), "tension": [40.0, 60.0], "tension_low": [10.0, 30.0], "tension_high": [70.0, 90.0], "n": [2, 9], "enough": [False, True]})  # fmt: skip
    table = Table(text, (text, "n"), [Row([text, "1"], is_grey=True), Row(["fine", "2"])], frozenset({1}))
    evidence = Quote(text, text, "counted", text, text, text, text, "https://example.org/a?b=1&c=<d>", text)
    sections = [
        Section(text, [text], [text], [charts.tension_months(months, text, text)], [table], [evidence]),
        Section("Empty"),
    ]
    made = Table("How this was made", ("", ""), [Row(["Snapshot", text])])
    return Briefing(
        text, text, [text], [KeyFigure(text, text, text, True)], sections, made, pd.Timestamp("2021-07-01", tz="UTC")
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_html_shows_hostile_text_as_text(text: str) -> None:
    page = as_html(briefing(text))
    assert not re.search(r"<(script|img|b|iframe|object)\b", page)
    assert not re.search(r"<[^>]*\son\w+=", re.sub(r'"[^"]*"', '""', page))
    assert re.findall(r'(?:src|href)="([^"#][^"]*)"', page) == ["https://example.org/a?b=1&amp;c=&lt;d&gt;"]
    assert "Content-Security-Policy" in page


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_hostile_text_as_text(text: str) -> None:
    made = as_markdown(briefing(text))
    page = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(made)
    assert not re.search(r"<(script|img|s|code|b)\b", page)
    assert page.count("<h1>") == 1
    assert page.count("<h2>") == 3
    assert "<ol>" not in page
    assert set(re.findall(r'href="([^"]*)"', page)) == {"https://example.org/a?b=1&amp;c=%3Cd%3E"}
    assert page.count("<td") == 4
    assert not re.search(r"(?<!<)https://evil", made), (
        "an address in a text is no link, also where readers make links of addresses"
    )


def test_pdf_shows_hostile_text_as_text_and_is_accessible() -> None:
    for text in HOSTILE:
        document = pypdfium2.PdfDocument(as_pdf(briefing(text)))
        said = " ".join(page.get_textpage().get_text_bounded() for page in document)
        assert re.sub(r"\W", "", text) in re.sub(r"\W", "", said)
        assert document.get_metadata_value("Title")
        assert document.is_tagged()


def test_one_briefing_gives_the_same_bytes_twice() -> None:
    one = briefing("Northland")
    assert as_html(one) == as_html(one)
    assert as_pdf(one) == as_pdf(one)


def test_pages_have_what_readers_without_eyes_or_colours_need() -> None:
    page = as_html(briefing("Northland"))
    assert re.search(r'<svg role="img" aria-label="Tension between Northland\.', page)
    assert '<html lang="en">' in page
    assert page.count("<h1>") == 1
    assert page.count("<th scope=") == 2 + 2
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert "too little to rely on" in page, "grey is said in words too"
    assert "#1c2127" not in page.split("</style>")[1], "charts take the inks of the page"


def test_ids_of_charts_on_one_page_do_not_collide() -> None:
    one = briefing("Northland")
    page = as_html(Briefing(one.title, one.subtitle, [], [], [one.sections[0], one.sections[0]], one.made, one.made_at))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert {*re.findall(r"url\(#([^)]+)\)", page)} <= set(ids)


def test_an_unknown_form_and_a_missing_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"report\.docx: the ending says the form: \.html, \.pdf or \.md"):
        write_briefing(briefing("x"), tmp_path / "report.docx")
    with pytest.raises(InputError, match=r"Cannot write .*nowhere"):
        write_briefing(briefing("x"), tmp_path / "nowhere" / "report.md")
    write_briefing(briefing("x"), tmp_path / "report.MD")
    assert [f.name for f in tmp_path.iterdir()] == ["report.MD"]
