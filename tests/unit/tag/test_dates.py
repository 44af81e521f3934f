"""The date layer: forms, values and intervals, and what must not be read as a date."""

from collections.abc import Callable, Iterable
from datetime import date

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.records import Article, DateMention, TaggedArticle
from pipeline.tag.dates import DateLayer
from pipeline.tag.draft import Draft

_NLP = spacy.blank("en")
_NLP.add_pipe("sentencizer")
_LAYER = DateLayer(_NLP.vocab)
_PUBLISHED = date(2021, 9, 10)  # a Friday


def read(text: str, published: date | None = _PUBLISHED) -> list[DateMention]:
    return _LAYER(Draft(Article("test", text, published=published), _NLP(text)))


def values(mentions: Iterable[DateMention]) -> list[tuple[str, str]]:
    return [(m.text, m.value) for m in mentions]


@pytest.mark.parametrize(
    ("text", "expected", "value", "start", "end"),
    [
        ("Talks opened on Aug. 14, 2019 in Oslo.", "Aug. 14, 2019", "2019-08-14", "2019-08-14", "2019-08-14"),
        ("Talks opened on 14 August 2019.", "14 August 2019", "2019-08-14", "2019-08-14", "2019-08-14"),
        ("OSLO, 3 Feb 94 -", "3 Feb 94", "1994-02-03", "1994-02-03", "1994-02-03"),
        ("Filed 2019-08-14 by wire.", "2019-08-14", "2019-08-14", "2019-08-14", "2019-08-14"),
        ("It ended in July 2015.", "July 2015", "2015-07", "2015-07-01", "2015-07-31"),
        ("It ended in 2015.", "2015", "2015", "2015-01-01", "2015-12-31"),
        ("Rebels grew strong in the 1970s.", "the 1970s", "197", "1970-01-01", "1979-12-31"),
        ("A fort of the 17th century stood there.", "the 17th century", "16", "1600-01-01", "1699-12-31"),
        ("They signed on Sept. 2 in Doha.", "Sept. 2", "2021-09-02", "2021-09-02", "2021-09-02"),
        ("They signed on Dec. 20 in Doha.", "Dec. 20", "2020-12-20", "2020-12-20", "2020-12-20"),
        ("Attacks peaked in June.", "June", "2021-06", "2021-06-01", "2021-06-30"),
        ("Attacks peaked in early June.", "early June", "2021-06", "2021-06-01", "2021-06-10"),
        ("Police arrested him on Wednesday.", "Wednesday", "2021-09-08", "2021-09-08", "2021-09-08"),
        ("Police arrested him yesterday.", "yesterday", "2021-09-09", "2021-09-09", "2021-09-09"),
        ("Last month brought rain.", "Last month", "2021-08", "2021-08-01", "2021-08-31"),
        ("It was founded three years ago.", "three years ago", "2018", "2018-01-01", "2018-12-31"),
        (
            "Profits rose in the second quarter of 2020.",
            "the second quarter of 2020",
            "2020-Q2",
            "2020-04-01",
            "2020-06-30",
        ),
        ("It fell last week.", "last week", "2021-W35", "2021-08-30", "2021-09-05"),
    ],
)
def test_expression_has_value_and_interval(text: str, expected: str, value: str, start: str, end: str) -> None:
    found = [m for m in read(text) if m.text == expected]
    assert [(m.value, str(m.start_date), str(m.end_date)) for m in found] == [(value, start, end)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The siege lasted nearly three decades.", [("nearly three decades", "P3DE", "DURATION")]),
        ("A four-week truce held.", [("four-week", "P4W", "DURATION")]),
        ("The march took several days.", [("several days", "PXD", "DURATION")]),
        ("Patrols leave weekly.", [("weekly", "P1W", "SET")]),
        ("Patrols leave every Tuesday.", [("every Tuesday", "XXXX-WXX-2", "SET")]),
        ("The group is now larger.", [("now", "PRESENT_REF", "DATE")]),
        ("Shells fell Tuesday morning.", [("Tuesday morning", "2021-09-07TMO", "TIME")]),
        ("Shells fell at 9 p.m. on Tuesday.", [("9 p.m. on Tuesday", "2021-09-07T21:00", "TIME")]),
    ],
)
def test_durations_sets_vague_and_times(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = read(text)
    assert [(m.text, m.value, m.timex_type) for m in found] == expected
    for mention in found:
        assert mention.timex_type == "TIME" or mention.start_date is mention.end_date is None


def test_range_between_years_gives_two_dates() -> None:
    assert values(read("It ruled between 1992 and 1996.")) == [("1992", "1992"), ("1996", "1996")]


def test_that_year_is_the_year_named_before_and_not_that_of_publication() -> None:
    late = read("The army crossed the border in 1998. It withdrew late that year.")[-1]
    assert (late.value, late.start_date, late.end_date) == ("1998", date(1998, 10, 1), date(1998, 12, 31))
    assert late.approximate


def test_the_following_day_counts_from_the_date_named_before() -> None:
    assert values(read("It began on May 3, 2011. The following day it spread."))[-1] == (
        "The following day",
        "2011-05-04",
    )


@pytest.mark.parametrize(
    "text",
    [
        "They may march to the spring that feeds the well.",
        "About 2,001 people fled.",
        "A Boeing 747 landed.",
        "He came second in the vote.",
        "Prices of $1990 were paid.",
        "Prices fall when ships sat idle.",
    ],
)
def test_lookalikes_are_not_dates(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("They signed on Sept. 5.", "XXXX-09-05"),
        ("They signed on Friday.", "XXXX-WXX-5"),
        ("They signed yesterday.", "XXXX-XX-XX"),
        ("They signed last year.", "XXXX"),
    ],
)
def test_without_publication_date_nothing_is_resolved(text: str, value: str) -> None:
    [mention] = read(text, published=None)
    assert (mention.value, mention.start_date, mention.end_date) == (value, None, None)


def test_future_tense_moves_a_weekday_ahead(tag_text: Callable[..., TaggedArticle]) -> None:
    past = tag_text("The ministers met in Geneva on Monday.", published="2021-09-10").dates
    ahead = tag_text("The ministers will meet in Geneva on Monday.", published="2021-09-10").dates
    assert [m.value for m in past] == ["2021-09-06"]
    assert [m.value for m in ahead] == ["2021-09-13"]


@given(years=st.integers(-30, 30))
def test_shifting_the_publication_shifts_relative_values(years: int) -> None:
    text = "Last year it rained, this year it did not; in June 2015 it snowed, and in July it did too."
    before = [m.value for m in read(text)]
    after = [m.value for m in read(text, _PUBLISHED.replace(year=2021 + years))]
    assert before == ["2020", "2021", "2015-06", "2021-07"]
    assert after == [str(2020 + years), str(2021 + years), "2015-06", f"{2021 + years}-07"]


_PIECES = st.sampled_from(
    [
        "May",
        "31",
        "Sept.",
        "5,",
        "1990",
        "30",
        "Feb",
        "99",
        "last",
        "next",
        "Friday",
        "night",
        "a",
        "few",
        "two-week",
        "years",
        "ago",
        "later",
        "the",
        "1990s",
        "9",
        "p.m.",
        "24:00",
        "29/2/2021",
        "quarter",
        "first",
        "half",
        "century",
        "that",
        "year",
        "the",
        "following",
        "day",
        "now",
        "\n",
        "2",
        "1/2",
        "hundred",
        "thousand",
        "9999999",
        "every",
        "noon",
        "Easter",
        "Christmas",
        "February",
        "29",
        "0",
        "00",
        "weekend",
        "end",
        "of",
        "mid-",
        "early",
        "nineteen",
        "ninety-four",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    text=st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=14).map(" ".join)),
    published=st.one_of(st.none(), st.dates()),
)
def test_any_text_gives_ordered_spans_that_reproduce_it(text: str, published: date | None) -> None:
    end = 0
    for mention in read(text, published):
        assert mention.start_char >= end
        end = mention.end_char
        assert text[mention.start_char : end] == mention.text
        assert mention.value
        assert (mention.start_date is None) == (mention.end_date is None)
        if mention.start_date and mention.end_date:
            assert mention.start_date <= mention.end_date
