"""Which date belongs to which act: clause, sentence, narrative, and what stays undated."""

from collections.abc import Callable

import pytest

from pipeline.records import Event, TaggedArticle

TagText = Callable[..., TaggedArticle]


def event(tagged: TaggedArticle, trigger: str) -> Event:
    return next(e for e in tagged.events if e.text == trigger)


def days(found: Event) -> tuple[str, str]:
    return str(found.start_date), str(found.end_date)


@pytest.mark.parametrize(
    ("text", "trigger", "expected"),
    [
        ("Taliban fighters attacked the Afghan army in Ghazni on Sept. 3.", "attacked", "2021-09-03"),
        ("On Sept. 3 Taliban fighters attacked the Afghan army, killing nine soldiers.", "killing", "2021-09-03"),
        (
            "Pakistan's army attacked the Taliban on Sept. 3 and arrested two commanders of the TTP.",
            "arrested",
            "2021-09-03",
        ),
        ("India condemned on Sept. 6 a Sept. 3 attack by the TTP on Pakistani soldiers.", "condemned", "2021-09-06"),
    ],
)
def test_an_act_has_the_date_of_its_clause(tag_text: TagText, text: str, trigger: str, expected: str) -> None:
    found = event(tag_text(text, published="2021-09-10"), trigger)
    assert (*days(found), found.date_source) == (expected, expected, "clause")


def test_the_time_of_the_saying_is_not_that_of_the_deed(tag_text: TagText) -> None:
    text = "Pakistan's foreign minister said on Wednesday that Taliban fighters attacked Afghan soldiers in Herat."
    found = event(tag_text(text, published="2021-09-10"), "attacked")
    assert (found.start_date, found.date_precision, found.date_source) == (None, "none", None)


def test_the_narrative_goes_on_at_the_day_that_it_has_reached(tag_text: TagText) -> None:
    text = "Taliban fighters stormed an Afghan army base near Kunduz on Sept. 3. They killed eleven Afghan soldiers."
    found = event(tag_text(text, published="2021-09-10"), "killed")
    assert (*days(found), found.date_source) == ("2021-09-03", "2021-09-03", "narrative")


@pytest.mark.parametrize(
    "second",
    [
        "They have attacked Afghan soldiers for years.",  # no simple past
        "They will attack Afghan soldiers again.",
        "A spokesman praised the men who attacked Afghan soldiers.",  # an aside
    ],
)
def test_the_narrative_dates_only_what_it_tells(tag_text: TagText, second: str) -> None:
    tagged = tag_text(
        f"Taliban fighters stormed an Afghan base near Kunduz on Sept. 3. {second}", published="2021-09-10"
    )
    start = tagged.sentences[1].start_char
    attacks = [e for e in tagged.events if e.start_char >= start and e.event_type != "SUPPORT"]
    assert [e.start_date for e in attacks if e.date_source == "narrative"] == []


def test_a_paragraph_ends_the_narrative(tag_text: TagText) -> None:
    text = "Taliban fighters stormed an Afghan army base on Sept. 3.\n\nIndia arrested a Pakistani diplomat."
    assert event(tag_text(text, published="2021-09-10"), "arrested").start_date is None


def test_a_range_dates_by_all_of_its_days(tag_text: TagText) -> None:
    found = event(
        tag_text("Between 2007 and 2014 the TTP attacked the Pakistani army.", published="2021-09-10"), "attacked"
    )
    assert days(found) == ("2007-01-01", "2014-12-31")


def test_since_reaches_to_the_publication(tag_text: TagText) -> None:
    found = event(tag_text("Pakistan has bombed the TTP since June 2021.", published="2021-09-10"), "bombed")
    assert days(found) == ("2021-06-01", "2021-09-10")


@pytest.mark.parametrize(
    "bound", ["until May 2019", "before May 2019", "after May 2019", "after the elections in May 2019"]
)
def test_a_bound_dates_nothing(tag_text: TagText, bound: str) -> None:
    found = event(tag_text(f"The TTP attacked the Pakistani army {bound}.", published="2021-09-10"), "attacked")
    assert (found.start_date, found.date_source) == (None, None)


def test_the_day_of_filing_dates_no_act(tag_text: TagText) -> None:
    text = "KABUL, Sept. 8, 2021 (Example News) — Taliban fighters attacked the Afghan army."
    assert event(tag_text(text, published="2021-09-08"), "attacked").start_date is None


def test_a_figure_is_dated_like_an_act(tag_text: TagText) -> None:
    text = "The group says it carried out 12 attacks in May. Police said on Sept. 6 that a bomb killed four farmers."
    counts = {c.text: c for c in tag_text(text, published="2021-09-10").counts}
    assert (str(counts["12 attacks"].start_date), counts["12 attacks"].date_source) == ("2021-05-01", "clause")
    assert counts["four farmers"].start_date is None


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("Taliban gunmen killed four Afghan soldiers in Kunar on Sept. 3, police said.", "killed"),
        ("The fighting began on Sept. 3, when Hamas fired rockets at Israel.", "fired"),
        ("On Sept. 3 Taliban gunmen shot at an army post; two Afghan soldiers were killed by the Taliban.", "killed"),
    ],
)
def test_a_date_reaches_past_commas_and_semicolons(tag_text: TagText, text: str, trigger: str) -> None:
    found = event(tag_text(text, published="2021-09-10"), trigger)
    assert (*days(found), found.date_source) == ("2021-09-03", "2021-09-03", "clause")


def test_what_is_still_to_come_is_future_and_dates_nothing_that_has_happened(tag_text: TagText) -> None:
    leaving = tag_text("Blinken, who meets Taliban leaders on Sept. 20, praised Qatar.", published="2021-09-10")
    assert event(leaving, "meets").status == "future"
    agreed = tag_text("Britain has agreed to lift sanctions on Iran from Oct. 31.", published="2021-09-10")
    assert event(agreed, "agreed").start_date is None
