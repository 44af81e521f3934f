"""Who is hurt in an incident and who is not: negations, attempts, what a noun counts, several incidents in one text."""

from collections.abc import Callable

import pytest

from pipeline.records import TaggedArticle

TagText = Callable[..., TaggedArticle]


@pytest.mark.parametrize(
    ("text", "killed", "injured"),
    [
        ("One trader was killed and another wounded on Monday in a shooting in the bazaar.", 1, 1),
        ("ORLANDO, Fla. - Three men were shot near a petrol pump on Monday.", None, 3),
        ("A second man was found at the scene who had been shot in the legs.", None, 1),
        ("Paul Miller's body was found with a gunshot wound in an alley.", 1, None),
        ("He was charged in a quadruple homicide in Baytown on Monday.", 4, None),
        ("Police arrested a boy over the shooting of five people on Sunday.", None, 5),
        ("A double shooting in Oakfield on Monday left the town in shock.", None, 2),
        ("Detectives are looking into a homicide in Oakfield on Monday.", 1, None),
        ("Tom Reed, 20, was grazed as gunmen fired at a house.", None, 1),
        ("The robbers struck the clerk with the butt of a rifle.", None, 1),
        ("A woman suffered a gunshot wound Sunday evening.", None, 1),
        ("A man was shot in the leg in the 1600 block of Long Street.", None, 1),
    ],
)
def test_who_is_hurt(tag_text: TagText, text: str, killed: int | None, injured: int | None) -> None:
    incident = tag_text(text).incidents[0]
    assert (incident.killed_best, incident.injured_best, incident.status) == (killed, injured, "actual")


@pytest.mark.parametrize(
    "text",
    [
        "Gunmen robbed a cab on Monday. The driver, who had been called to a hotel, wasn't hurt.",
        "Gunmen fired at a house on Monday. The tenant was not injured.",
        "A delivery woman was held up and shot at on Monday after she asked for directions.",
        "He was charged with the attempted murder of two officers on Monday.",
        "A gunman fired at a house on Monday. She was taken to the county correctional center.",
        "Rebels fired at a bus on Monday. It is possible that a passenger was shot.",
        "Gunmen robbed a bank on Monday. The teller did not appear to be hurt.",
        "Gunmen robbed a bank on Monday. Neither teller was wounded.",
        "Gunmen robbed a bank on Monday. The teller was taken to a hospital as a precaution.",
        "Gunmen fired at a bank on Monday. No injuries or damage were reported.",
        "Two trucks were shot at a dozen times on Monday.",
    ],
)
def test_nobody_is_hurt(tag_text: TagText, text: str) -> None:
    for incident in tag_text(text).incidents:
        if incident.status == "actual":
            assert (incident.killed_best or 0, incident.injured_best or 0) == (0, 0)


def test_total_of_several_incidents_is_none_of_theirs(tag_text: TagText) -> None:
    tagged = tag_text(
        "Two men were wounded in separate shootings on Monday. At 7:30 p.m. a clerk was shot in the arm. "
        "At 11:10 p.m. a student was shot in the foot."
    )
    assert [i.injured_best for i in tagged.incidents] == [1, 1]


def test_attempt_that_is_only_alleged_killed_nobody(tag_text: TagText) -> None:
    tagged = tag_text("The woman allegedly tried to kill her own son, police said.")
    assert [i.status for i in tagged.incidents] == ["hypothetical"]
    assert tagged.counts == ()


def test_five_more_times_are_no_people(tag_text: TagText) -> None:
    assert [c.text for c in tag_text("He was shot two more times.").counts] == []


@pytest.mark.parametrize(
    "text",
    [
        "Police executed a search warrant in a flat on Monday.",
        "A confused man was taken to a hospital on Monday.",
        "Thieves hacked 30 accounts on Monday.",
    ],
)
def test_no_violence(tag_text: TagText, text: str) -> None:
    assert tag_text(text).incidents == ()


def test_many_shots_are_one_incident(tag_text: TagText) -> None:
    (incident,) = tag_text("He fired shots at a door on Monday. Two guests were hurt by splinters.").incidents
    assert (incident.status, incident.injured_best) == ("actual", 2)


def test_a_place_in_hospital_counts_the_same_incident_on_the_next_day(tag_text: TagText) -> None:
    tagged = tag_text(
        "A guard shot at robbers on Sept. 5. Nobody knew whether the robbers had gunshot wounds. "
        "On Sept. 6, two men arrived at a hospital with gunshot wounds."
    )
    assert [i.injured_best for i in tagged.incidents] == [2]
