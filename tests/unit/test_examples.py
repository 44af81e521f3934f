"""The bundled corpus ``examples/`` is what its README says it is.

What belongs here: facts about the files themselves (formats, dates, reposts, the one broken line, nobody else's sentences).
How the ingest room reads them is tested there. The small readers below are this test's own, so that it does not depend on that room.
"""

import csv
import datetime
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import trafilatura
import yaml

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
BROKEN = EXAMPLES / "broken.jsonl"
SHINGLE = 12  # words in a row that no two authors write by chance
WEEKDAY_AND_DATE = re.compile(
    r"\b(Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday), "
    r"(January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan\.|Feb\.|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.)\s(\d{1,2})\b"
)


@dataclass(frozen=True)
class Example:
    """One article of the corpus: where it is, its format, its metadata and its text."""

    origin: str
    form: str
    title: str
    published: datetime.date | None
    source: str
    url: str
    text: str


def from_fields(origin: str, form: str, fields: Mapping[str, object], text: str) -> Example:
    day = fields.get("published")
    published = datetime.date.fromisoformat(str(day)[:10]) if day else None
    return Example(
        origin, form, str(fields["title"]), published, str(fields["source"]), str(fields["url"]), text.strip()
    )


def read_front_matter(path: Path) -> Example:
    opening, header, body = path.read_text(encoding="utf-8").split("---\n", 2)
    assert opening == "", f"{path}: front matter must open the file"
    return from_fields(str(path), path.suffix, yaml.safe_load(header), body)


def read_html(path: Path) -> Example:
    page = path.read_text(encoding="utf-8")
    meta = trafilatura.extract_metadata(page)
    text = trafilatura.extract(page, include_comments=False)
    assert text, f"{path}: no article text found"
    fields = {"title": meta.title, "published": meta.date, "source": meta.sitename, "url": meta.url}
    return from_fields(str(path), path.suffix, fields, text)


@cache
def corpus() -> tuple[Example, ...]:
    """Every article that can be read, the two whole lines of the broken file included."""
    found: list[Example] = []
    for path in sorted(EXAMPLES.rglob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if path == BROKEN and number == 2:
                continue
            record = json.loads(line)
            found.append(from_fields(f"{path}:{number}", ".jsonl", record, record["text"]))
    with (EXAMPLES / "briefs.csv").open(encoding="utf-8", newline="") as table:
        found += [from_fields("briefs.csv", ".csv", dict(row), row["text"]) for row in csv.DictReader(table)]
    for suffix in ("*.md", "*.txt"):
        found += [read_front_matter(p) for p in sorted(EXAMPLES.rglob(suffix)) if not p.name.startswith("README")]
    found += [read_html(p) for p in sorted(EXAMPLES.rglob("*.html"))]
    return tuple(found)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def shingles(text: str) -> Iterator[tuple[str, ...]]:
    tokens = words(text)
    return zip(*(tokens[start:] for start in range(SHINGLE)), strict=False)


def test_every_format_is_present_in_the_promised_number() -> None:
    forms = Counter(example.form for example in corpus())
    assert {".jsonl", ".csv", ".md", ".txt", ".html"} <= set(forms)
    assert forms[".md"] >= 6
    assert forms[".txt"] >= 6
    assert forms[".html"] >= 5
    assert forms[".csv"] >= 3
    assert len(corpus()) >= 24


def test_articles_are_of_readable_length() -> None:
    for example in corpus():
        shortest = 50 if example.form == ".csv" else 150
        assert shortest <= len(words(example.text)) <= 650, example.origin


def test_publication_dates_cover_many_months() -> None:
    months = {(example.published.year, example.published.month) for example in corpus() if example.published}
    assert len(months) >= 6


def test_some_article_is_undated() -> None:
    assert [example.origin for example in corpus() if example.published is None]


def test_only_line_two_of_the_broken_file_is_invalid_json() -> None:
    lines = BROKEN.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3
    json.loads(lines[0])
    json.loads(lines[2])
    with pytest.raises(json.JSONDecodeError):
        json.loads(lines[1])


def test_urls_are_unique_and_on_the_reserved_domain() -> None:
    urls = Counter(example.url for example in corpus())
    assert max(urls.values()) == 1, urls.most_common(3)
    assert all(url.startswith("https://example.org/") for url in urls)


def test_two_articles_are_reposted_word_for_word_by_another_source_a_day_later() -> None:
    first_seen: dict[str, Example] = {}
    reposts = 0
    for example in sorted(corpus(), key=lambda item: item.published or datetime.date.min):
        original = first_seen.setdefault(example.text, example)
        if original is example:
            continue
        assert original.published and example.published
        assert example.published - original.published == datetime.timedelta(days=1)
        assert example.source != original.source
        reposts += 1
    assert reposts >= 2


def test_html_extraction_keeps_the_article_and_drops_the_page_around_it() -> None:
    furniture = re.compile(
        r"cookie|subscribe|sign me up|read also|most read|privacy|more from the region|filed under", re.I
    )
    for example in corpus():
        if example.form == ".html":
            assert not furniture.search(example.text), example.origin
            assert example.published is not None, example.origin


def test_curly_quotes_and_no_break_spaces_occur() -> None:
    assert sum("\u00a0" in example.text for example in corpus()) >= 3
    assert sum("\u2019" in example.text for example in corpus()) >= 3


def test_weekdays_agree_with_their_dates() -> None:
    checked = 0
    for example in corpus():
        for weekday, month, day in WEEKDAY_AND_DATE.findall(example.text):
            assert example.published, example.origin
            date = datetime.datetime.strptime(f"{day} {month[:3]} {example.published.year} +0000", "%d %b %Y %z")
            assert date.strftime("%A") == weekday, f"{example.origin}: {weekday}, {month} {day}"
            checked += 1
    assert checked >= 10


def test_readme_lists_every_file() -> None:
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    for path in EXAMPLES.rglob("*"):
        if path.is_file() and path.name != "README.md":
            assert str(path.relative_to(EXAMPLES)) in readme, path


def readme_rows() -> list[list[str]]:
    """The cells of the README's table: file, kind, relationship, date."""
    lines = (EXAMPLES / "README.md").read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]


def test_readme_gives_each_file_its_own_date() -> None:
    by_file = {str(Path(e.origin).relative_to(EXAMPLES)): e for e in corpus() if e.form in {".md", ".txt", ".html"}}
    listed = {cells[0].strip("`"): cells[3] for cells in readme_rows() if "," not in cells[0]}
    assert listed == {name: str(e.published or "none") for name, e in by_file.items()}


def test_several_relationships_are_followed_over_four_or_more_months() -> None:
    months: dict[str, set[str]] = {}
    for _, _, relationship, date in readme_rows():
        months.setdefault(relationship, set()).add(date[:7])
    followed = {relationship for relationship, seen in months.items() if len(seen) >= 4}
    assert {"Pakistan – TTP", "Pakistan – Taliban", "India – Pakistan", "Russia – Ukraine"} <= followed


def outside_texts(shared: Path) -> Iterator[tuple[str, str]]:
    yield "seed", (shared / "seed/article.txt").read_text(encoding="utf-8")
    for name in ("wikievents/dev.jsonl", "re3d/dev.jsonl", "tempeval3/train_timebank.jsonl", "muc4/tst1.jsonl"):
        for line in (shared / "gold" / name).read_text(encoding="utf-8").splitlines():
            yield name, json.loads(line)["text"]
    with gzip.open(shared / "gold/corpora/newswire.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield "newswire", json.loads(line)["text"]


def test_no_article_shares_a_dozen_words_in_a_row_with_other_peoples_texts(shared: Path) -> None:
    ours = {shingle: example.origin for example in corpus() for shingle in shingles(example.text)}
    copied = {
        (ours[shingle], name) for name, text in outside_texts(shared) for shingle in shingles(text) if shingle in ours
    }
    assert copied == set()
