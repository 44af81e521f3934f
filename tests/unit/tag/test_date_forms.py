"""Forms of time expressions, theme by theme: series and ranges, parts of days and years, feasts, the settings' order of numbers."""

from datetime import date

import pytest
import spacy

from pipeline.records import Article, DateMention
from pipeline.tag.dates import DateLayer
from pipeline.tag.draft import Draft

_NLP = spacy.blank("en")
_NLP.add_pipe("sentencizer")
_LAYER = DateLayer(_NLP.vocab)
_PUBLISHED = date(2021, 9, 10)  # a Friday


def read(text: str, published: date | None = _PUBLISHED, layer: DateLayer = _LAYER) -> list[DateMention]:
    return layer(Draft(Article("test", text, published=published), _NLP(text)))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Between January and March 2015 it rained.", ["2015-01", "2015-03"]),
        ("From November to February 2014 it snowed.", ["2013-11", "2014-02"]),
        ("In June, July and August 2014 it rained.", ["2014-06", "2014-07", "2014-08"]),
        ("From April 3 to April 17, 1975, it rained.", ["1975-04-03", "1975-04-17"]),
        ("Between June and August last year it rained.", ["2020-06", "2020-08"]),
        ("On 3 and 5 March it rained.", ["2021-03-03", "2021-03-05"]),
        ("It ran Sept. 5-7 in Doha.", ["2021-09-05/2021-09-07"]),
        ("It ran 5-7 September 2019 in Doha.", ["2019-09-05/2019-09-07"]),
        ("The 1992-96 war and that of 2007-2014 ended.", ["1992/1996", "2007/2014"]),
    ],
)
def test_series_and_ranges_share_month_and_year(text: str, values: list[str]) -> None:
    assert [m.value for m in read(text)] == values


def test_a_day_continues_a_series_only_where_it_counts_nothing() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    doc = nlp("They met on April 24 and 25 people came.")
    for token in doc:
        token.pos_ = "NOUN" if token.text == "people" else "X"
    mentions = _LAYER(Draft(Article("test", doc.text, published=_PUBLISHED), doc))
    assert [m.text for m in mentions] == ["April 24"]


@pytest.mark.parametrize(
    ("text", "expected", "value", "start", "end"),
    [
        ("It began in mid-1996.", "mid-1996", "1996", "1996-05-01", "1996-08-31"),
        ("A winter of 2013-14 like no other.", "winter of 2013-14", "2013-WI", "2013-12-01", "2014-02-28"),
        ("It fell in the spring.", "the spring", "2021-SP", "2021-03-01", "2021-05-31"),
        ("It was built in the 1700s.", "the 1700s", "17", "1700-01-01", "1799-12-31"),
        ("It was built in the 2000s.", "the 2000s", "200", "2000-01-01", "2009-12-31"),
        ("A town at the turn of the century.", "the turn of the century", "2000", "1995-01-01", "2005-12-31"),
        (
            "January nineteen ninety-seven was cold.",
            "January nineteen ninety-seven",
            "1997-01",
            "1997-01-01",
            "1997-01-31",
        ),
        ("Budgets for FY2014 fell.", "FY2014", "2014", "2014-01-01", "2014-12-31"),
        ("Since 9/11 much has changed.", "9/11", "2001-09-11", "2001-09-11", "2001-09-11"),
        ("They left on the 5th.", "the 5th", "2021-09-05", "2021-09-05", "2021-09-05"),
        ("They left on the 15th.", "the 15th", "2021-08-15", "2021-08-15", "2021-08-15"),
        ("They left on the 15th of last month.", "the 15th of last month", "2021-08-15", "2021-08-15", "2021-08-15"),
        ("Shelling went on overnight.", "overnight", "2021-09-09TNI", "2021-09-09", "2021-09-10"),
        ("Over the past three months it rained.", "the past three months", "P3M", "2021-06-10", "2021-09-10"),
        ("The next two weeks are dry.", "The next two weeks", "P2W", "2021-09-10", "2021-09-24"),
        ("It rained at the end of the month.", "the end of the month", "2021-09", "2021-09-21", "2021-09-30"),
        ("A week or so ago it rained.", "A week or so ago", "2021-W35", "2021-08-30", "2021-09-05"),
    ],
)
def test_expression_has_value_and_days(text: str, expected: str, value: str, start: str, end: str) -> None:
    found = [(m.value, str(m.start_date), str(m.end_date)) for m in read(text) if m.text == expected]
    assert found == [(value, start, end)]


@pytest.mark.parametrize(
    ("text", "expected", "value"),
    [
        ("A decades-long feud.", "decades-long", "PXDE"),
        ("It took a year and a half.", "a year and a half", "P1Y6M"),
        ("It took two-and-a-half years.", "two-and-a-half years", "P2Y6M"),
        ("It took weeks or months.", "weeks or months", "PXW"),
        ("It took half a century.", "half a century", "P50Y"),
        ("They meet twice a week.", "twice a week", "P1W"),
        ("It earned more in the 1988 quarter.", "1988", "1988"),
    ],
)
def test_lengths_and_sets(text: str, expected: str, value: str) -> None:
    assert [(m.text, m.value) for m in read(text)] == [(expected, value)]


def test_since_then_takes_up_the_date_named_last() -> None:
    then = read("In 1998 the group split. Since then it has had two leaders.")[-1]
    assert (then.text, then.value, then.start_date) == ("then", "1998", date(1998, 1, 1))
    assert read("Since then it has had two leaders.") == []


@pytest.mark.parametrize(
    ("phrase", "value"),
    [("the day before", "2011-05-02"), ("the following Friday", "2011-05-06"), ("the previous Friday", "2011-04-29")],
)
def test_neighbours_count_from_the_date_named_last(phrase: str, value: str) -> None:
    assert read(f"It began on May 3, 2011. Rain had fallen {phrase}.")[-1].value == value


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("It broke during Ramadan.", (date(2021, 4, 13), date(2021, 5, 12))),
        ("It broke during Ramadan last year.", (date(2020, 4, 24), date(2020, 5, 23))),
        ("It held on Eid al-Adha 2017.", (date(2017, 9, 1), date(2017, 9, 1))),
        ("It was signed on 15 Shaban 1443.", (date(2022, 3, 18), date(2022, 3, 18))),
    ],
)
def test_the_islamic_calendar_is_converted_and_approximate(text: str, days: tuple[date, date]) -> None:
    [mention] = read(text)
    assert (mention.start_date, mention.end_date, mention.approximate) == (*days, True)


def test_a_feast_without_publication_has_no_day() -> None:
    [mention] = read("It broke on Eid al-Fitr.", published=None)
    assert (mention.value, mention.start_date) == ("XXXX", None)


def test_the_settings_say_which_order_numbers_are_in() -> None:
    day_first = DateLayer(_NLP.vocab, day_first=True)
    text = "On 03/01/1990 and 12/25/1999 they met."
    assert [m.value for m in read(text)] == ["1990-03-01", "1999-12-25"]
    assert [m.value for m in read(text, layer=day_first)] == ["1990-01-03", "1999-12-25"]


@pytest.mark.parametrize(
    "text", ["Bloody Sunday was remembered.", "Black September was founded.", "It may last over here."]
)
def test_names_and_verbs_are_no_dates(text: str) -> None:
    assert read(text) == []


def test_tomorrows_weekday_is_tomorrow() -> None:
    # Published on a Friday: "Saturday" of six days ago would be "last Saturday".
    assert [m.value for m in read("They landed Saturday.")] == ["2021-09-11"]


def test_every_mention_names_its_rule() -> None:
    assert [m.rule for m in read("They met on Sept. 5, 2019, for two days.")] == [
        "explicit: month day year",
        "durations: length",
    ]


def test_four_digits_after_at_are_a_time_of_day() -> None:
    found = read("On 3 September at 1930, rain fell; at 0440 it stopped. At 1990 prices it was dear.")
    assert [(m.text, m.value) for m in found] == [
        ("3 September", "2021-09-03"),
        ("1930", "2021-09-03T19:30"),
        ("0440", "2021-09-03T04:40"),
    ]


def test_a_persons_age_is_no_decade() -> None:
    assert read("A man in his 20s and a woman in her early thirties left.") == []
    assert [m.value for m in read("Songs of the late 80s.")] == ["198"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("In 1998 it began. By the end of the year it was over.", "1998"),  # told of the past
        ("Talks are due in 2023. The truce lapses at the end of the year.", "2021"),
    ],
)
def test_the_year_is_that_of_the_story_or_of_the_publication(text: str, value: str) -> None:
    assert read(text)[-1].value == value


def test_then_before_an_office_is_no_date() -> None:
    assert [m.text for m in read("In 1998 a pact was signed by then prime minister Smith.")] == ["1998"]


def test_one_day_that_is_to_come_is_no_length() -> None:
    assert [(m.timex_type, m.value) for m in read("It will one day end. The siege took one day.")] == [
        ("DATE", "FUTURE_REF"),
        ("DURATION", "P1D"),
    ]


def test_a_feast_within_two_weeks_is_the_coming_one() -> None:
    [mention] = read("The truce holds for Christmas.", published=date(2021, 12, 20))
    assert mention.value == "2021-12-25"


def test_the_day_in_brackets_says_which_weekday_is_meant() -> None:
    assert [m.value for m in read("It rained on Tuesday (Aug. 31) and froze at 9 p.m. Monday (Aug. 30).")] == [
        "2021-08-31",
        "2021-08-31",
        "2021-08-30T21:00",
        "2021-08-30",
    ]
    # A bracket with another day of the week speaks of something else.
    assert read("It rained on Tuesday (Sept. 3).")[0].value == "2021-09-07"
