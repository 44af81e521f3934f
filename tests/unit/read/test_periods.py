from datetime import date, datetime

import pytest

from pipeline.errors import InputError
from pipeline.read.periods import Day, period


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2021", "2021", (date(2021, 1, 1), date(2021, 12, 31))),
        ("2021-02", "2020-02", None),
        ("2020-02", "2020-02", (date(2020, 2, 1), date(2020, 2, 29))),
        (" 2021-9-5 ", None, (date(2021, 9, 5), None)),
        (None, "2021-09-05", (None, date(2021, 9, 5))),
        (date(2021, 1, 2), datetime(2021, 1, 2, 5), (date(2021, 1, 2), date(2021, 1, 2))),  # noqa: DTZ001 - of a user's, who has no zone
    ],
)
def test_a_period_holds_the_whole_years_and_months_that_are_named(since: Day, until: Day, days: object) -> None:
    if days is None:
        with pytest.raises(InputError, match="before it begins"):
            period(since, until)
    else:
        assert period(since, until) == days


@pytest.mark.parametrize("written", ["2021-13", "2021-02-30", "May 2021", "", "21", "2021-01-01T00:00", "0000"])
def test_what_is_no_day_is_named_with_the_forms_that_are(written: str) -> None:
    with pytest.raises(InputError, match=r"since='.*' is no day: write 2021, 2021-09 or 2021-09-10"):
        period(written, None)
