"""The day of an incident and how it came by it, its place, the sentences that tell of it. Articles are of Friday, 10 September 2021."""

from collections.abc import Callable
from datetime import date

import pytest

from pipeline.records import Incident, TaggedArticle
from pipeline.warehouse.rows import tagged_rows

TagText = Callable[..., TaggedArticle]


def main_incident(tag_text: TagText, text: str) -> Incident:
    return tag_text(text).incidents[0]


@pytest.mark.parametrize(
    ("text", "start", "end", "source"),
    [
        ("A bomb killed four traders in Kandahar on Monday.", date(2021, 9, 6), date(2021, 9, 6), "clause"),
        (
            "Marchers called on Sept. 8 for the release of the boys, three days after rebels abducted them.",
            date(2021, 9, 5),
            date(2021, 9, 5),
            "elapsed",
        ),
        (
            "Marchers called on Sept. 8 for the release of the boys, two weeks after rebels abducted them.",
            date(2021, 8, 22),
            date(2021, 8, 28),
            "elapsed",
        ),
        (
            "Gunmen were inside the hotel on Sept. 8, hours after they stormed it with rifles.",
            date(2021, 9, 7),
            date(2021, 9, 8),
            "elapsed",
        ),
        (
            "The minister on Tuesday condemned the attack on the bazaar.",
            date(2021, 9, 7),
            date(2021, 9, 7),
            "statement",
        ),
    ],
)
def test_incident_says_how_it_came_by_its_date(
    tag_text: TagText, text: str, start: date, end: date, source: str
) -> None:
    incident = main_incident(tag_text, text)
    assert (incident.start_date, incident.end_date, incident.date_source) == (start, end, source)


def test_day_of_the_act_goes_before_that_of_the_statement(tag_text: TagText) -> None:
    incident = main_incident(
        tag_text,
        "The council on Thursday condemned the attack on a market. At least 20 people were killed in it on Sept. 4.",
    )
    assert (incident.start_date, incident.date_source) == (date(2021, 9, 4), "clause")


def test_hour_beside_a_day_makes_it_that_of_the_act(tag_text: TagText) -> None:
    incident = main_incident(
        tag_text, "Police say on Tuesday at about 11:20 p.m., two men robbed a shop and shot the owner."
    )
    assert incident.date_source != "statement"


def test_place_is_not_where_the_article_was_filed(tag_text: TagText) -> None:
    incident = main_incident(tag_text, "KABUL, Afghanistan - A bomb at a market in Kandahar killed four traders.")
    assert incident.location == "Kandahar"


def test_dateline_gives_a_country_where_nothing_names_another(tag_text: TagText) -> None:
    incident = main_incident(tag_text, "KABUL - A bomb at a market killed four traders.")
    assert (incident.location, incident.country) == (None, "AFG")


def test_attacks_in_two_towns_stay_two(tag_text: TagText) -> None:
    incidents = tag_text(
        "In Kandahar a bomb killed four traders on Monday. In the northern city of Kunduz a bomb killed five guards on Monday."
    ).incidents
    assert sorted((i.location, i.killed_best) for i in incidents) == [("Kandahar", 4), ("Kunduz", 5)]


def test_every_incident_leads_to_all_its_sentences(tag_text: TagText) -> None:
    tagged = tag_text(
        "A bomb went off in Kandahar. The weather was fine. Four traders were killed in the blast. It was hot."
    )
    (row,) = tagged_rows([tagged])["incidents"]
    assert row["sentences"] == [0, 2]
    assert {m.text for m in tagged.incidents[0].mentions} >= {"killed", "blast"}


def test_a_town_is_found_through_what_lies_in_it(tag_text: TagText) -> None:
    tagged = tag_text(
        "A bomb exploded in a market in Quetta on Sunday, killing four people. Nine soldiers were killed in an attack in Kabul."
    )
    assert sorted(i.killed_best or 0 for i in tagged.incidents) == [4, 9]
