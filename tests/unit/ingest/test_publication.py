"""Publication dates are read with their precision and never filled in."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.publication import Published, parse_published, publication, url_date, with_dateline

DAY = date(2021, 9, 10)


@pytest.mark.parametrize(
    "value",
    [
        "2021-09-10", "2021-9-10", "2021/09/10", "2021.09.10", " 2021-09-10 ", "20210910", "20210910T1430Z", "20210910143000",
        "2021-09-10T14:30:00Z", "2021-09-10T23:59:59.123+05:00", "2021-09-10 14:30", "2021-09-10T00:10:00-08:00",
        "Fri, 10 Sep 2021 14:00:00 +0000", "10 Sep 2021", "10 September 2021", "10th of September, 2021", "10-Sep-2021",
        "September 10, 2021", "Sept. 10, 2021", "Friday, September 10, 2021 at 2:05 pm", "FRI SEP 10 14:00:00 UTC 2021",
        "10.09.2021", "10.9.2021", 1631260800, "1631260800", 1631260800000, 20210910, DAY, datetime(2021, 9, 10, 23, tzinfo=UTC),
        "10 septembre 2021", "10 сентября 2021",
    ],
)  # fmt: skip
def test_day_is_read_from_any_clear_form(value: object) -> None:
    assert parse_published(value) == (DAY, "day")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2021-09", (date(2021, 9, 1), "month")),
        ("2021/09", (date(2021, 9, 1), "month")),
        ("September 2021", (date(2021, 9, 1), "month")),
        ("Sept. 2021", (date(2021, 9, 1), "month")),
        ("septembre 2021", (date(2021, 9, 1), "month")),
        ("2021", (date(2021, 1, 1), "year")),
        (2021, (date(2021, 1, 1), "year")),
        (2021.0, (date(2021, 1, 1), "year")),
    ],
)
def test_month_and_year_keep_their_precision(value: object, expected: object) -> None:
    assert parse_published(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "Friday", "Friday 10 September", "yesterday", "3 days ago", "today", "now", "10 September", "summer 2021", "unknown", "n/a",
        "03/04/2021", "10/09/21", "2021-13-40", "31 June 2021", "9999-01-01", "0000", "42", "", "   ", None, True, [], {}, float("nan"),
        "2021-09-10 or 2022-01-01", "x" * 10_000,
    ],
)  # fmt: skip
def test_unclear_value_is_no_date(value: object) -> None:
    assert parse_published(value) is None


@pytest.mark.parametrize(("value", "day"), [("25/12/2021", 25), ("12/25/2021", 25), ("12/12/2021", 12)])
def test_slashed_date_is_read_where_only_one_order_is_possible(value: str, day: int) -> None:
    assert parse_published(value) == (date(2021, 12, day), "day")


@given(st.dates(min_value=date(1500, 1, 1), max_value=date(2199, 12, 31)))
def test_every_iso_date_reads_as_itself(day: date) -> None:
    assert parse_published(day.isoformat()) == (day, "day")


@given(st.text(alphabet=st.characters(exclude_categories=["L"]), max_size=30))
def test_no_string_raises(text: str) -> None:
    found = parse_published(text)
    assert found is None or str(found[0].year) in text or text.strip().isdecimal()


@pytest.mark.parametrize(
    ("stated", "text", "expected"),
    [
        (None, "KABUL, Sept. 8, 2021 (EX) — Talks opened.", (date(2021, 9, 8), "dateline")),
        (None, "KABUL, Sept. 8 (EX) — Talks opened.", None),  # no year, and none is guessed
        ((date(2021, 1, 1), "year"), "KABUL, Sept. 8 (EX) — Talks opened.", (date(2021, 9, 8), "dateline")),
        ((date(2021, 9, 1), "month"), "KABUL, Sept. 8 (EX) — Talks opened.", (date(2021, 9, 8), "dateline")),
        ((date(2021, 7, 1), "month"), "KABUL, Sept. 8 (EX) — Talks opened.", (date(2021, 7, 1), "month")),
        ((date(2021, 9, 10), "day"), "KABUL, Sept. 8 (EX) — Talks opened.", (date(2021, 9, 10), "day")),
        (None, "KABUL, Feb. 30, 2021 (EX) — Talks opened.", None),
        (None, "Talks opened in Kabul.", None),
    ],
)
def test_a_dateline_helps_where_the_metadata_name_no_day(
    stated: Published | None, text: str, expected: Published | None
) -> None:
    assert with_dateline(stated, text) == expected


READ_ON = date(2021, 9, 20)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.example/world/2021/09/07/talks", (date(2021, 9, 7), "day")),
        ("https://x.example/2021/9/7/", (date(2021, 9, 7), "day")),
        ("https://x.example/world/2021/sep/07/talks", (date(2021, 9, 7), "day")),
        ("https://x.example/talks-2021-09-07.html", (date(2021, 9, 7), "day")),
        ("https://x.example/news/20210907-talks", (date(2021, 9, 7), "day")),
        ("https://x.example/2021/09/talks", (date(2021, 9, 1), "month")),
        ("https://x.example/2021/19/47/talks", None),
        ("https://x.example/article/20219907", None),
        ("https://x.example/talks?date=2021-09-07", None),
        ("https://x.example/id/1234567890", None),
        (None, None),
    ],
)  # fmt: skip
def test_date_in_an_address_is_read(url: str | None, expected: object) -> None:
    assert url_date(url) == expected


LINE = "BORDER TOWN, Sept 14 (Agency) - Guards closed the crossing."


@pytest.mark.parametrize(
    ("stated", "url", "text", "expected"),
    [
        ((date(2021, 9, 8), "day"), "https://x.example/2021/09/07/a", LINE, (date(2021, 9, 8), "day", "metadata", None)),
        (None, "https://x.example/2021/09/07/a", LINE, (date(2021, 9, 7), "day", "url", None)),
        ((date(2021, 9, 1), "month"), "https://x.example/2021/09/07/a", "Words.", (date(2021, 9, 7), "day", "url", None)),
        ((date(2021, 8, 1), "month"), "https://x.example/2021/09/07/a", "Words.", (date(2021, 8, 1), "month", "metadata", None)),
        (None, "https://x.example/2021/09/a", LINE, (date(2021, 9, 14), "dateline", "dateline", None)),
        ((date(2021, 1, 1), "year"), None, LINE, (date(2021, 9, 14), "dateline", "dateline", None)),
        (None, None, LINE, (None, None, None, None)),
        ((date(2093, 1, 1), "day"), None, "Words.", (None, None, None, "future: 2093-01-01")),
        ((date(2093, 1, 1), "day"), "https://x.example/2021/09/07/a", "Words.", (date(2021, 9, 7), "day", "url", "future: 2093-01-01")),
        ((date(1970, 1, 1), "day"), "https://x.example/2021/09/a", LINE, (date(2021, 9, 14), "dateline", "dateline", "placeholder: 1970-01-01")),
        ((date(2021, 9, 21), "day"), None, "Words.", (date(2021, 9, 21), "day", "metadata", None)),
        (None, "https://x.example/2031/09/07/a", "Words.", (None, None, None, "future: 2031-09-07")),
    ],
)  # fmt: skip
def test_metadata_come_before_address_before_dateline_and_what_cannot_be_is_flagged(
    stated: Published | None, url: str | None, text: str, expected: object
) -> None:
    assert tuple(publication(stated, url, text, READ_ON)) == expected
