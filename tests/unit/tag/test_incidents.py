"""Violent incidents: merging, slots, casualties, dates, order."""

from collections.abc import Callable
from datetime import date

from pipeline.records import TaggedArticle

TagText = Callable[..., TaggedArticle]


def test_mentions_of_one_bombing_are_one_incident(tag_text: TagText) -> None:
    tagged = tag_text(
        "A bomb exploded outside a bank in Bogota on Monday, killing four people. The explosion also injured 11 passers-by. "
        "The bombing was the work of a rebel group, officials said."
    )
    assert [i.incident_type for i in tagged.incidents] == ["bombing"]
    (incident,) = tagged.incidents
    assert (incident.killed_best, incident.injured_best) == (4, 11)
    assert incident.start_date == incident.end_date == date(2021, 9, 6)


def test_repeated_figure_and_breakdown_are_not_added_twice(tag_text: TagText) -> None:
    tagged = tag_text(
        "Gunmen attacked a convoy and killed five people. Three soldiers and two drivers were killed. Five people were killed in all."
    )
    assert tagged.incidents[0].killed_best == 5


def test_attacker_who_kills_himself_is_counted(tag_text: TagText) -> None:
    tagged = tag_text("A man shot and killed a teacher, then killed himself.")
    assert tagged.incidents[0].killed_best == 2


def test_slots_hold_parties_and_weapons_as_written(tag_text: TagText) -> None:
    (incident,) = tag_text("Masked guerrillas attacked the police station with hand grenades.").incidents
    assert incident.perpetrator_individuals == ("Masked guerrillas",)
    assert incident.targets == ("police station",)
    assert incident.weapons == ("hand grenades",)


def test_passive_agent_is_perpetrator_and_subject_victim(tag_text: TagText) -> None:
    incident = tag_text("The mayor was kidnapped by rebels in Cali.").incidents[0]
    assert incident.incident_type == "kidnapping"
    assert incident.victims == ("mayor",)
    assert incident.perpetrator_individuals == ("rebels",)


def test_old_incident_is_historical(tag_text: TagText) -> None:
    incident = tag_text("Rebels killed nine farmers on March 3, 2019.").incidents[0]
    assert incident.status == "historical"


def test_threatened_attack_is_not_actual(tag_text: TagText) -> None:
    tagged = tag_text("The rebels threatened to attack the barracks.")
    assert all(i.status != "actual" for i in tagged.incidents)


def test_undated_incident_has_no_date(tag_text: TagText) -> None:
    incident = tag_text("Rebels ambushed a patrol and killed a sergeant.").incidents[0]
    assert incident.start_date is None


def test_main_incident_comes_first(tag_text: TagText) -> None:
    tagged = tag_text(
        "Twelve people were killed when gunmen opened fire at a market on Tuesday. "
        "Police also looked into a robbery of a shop on Friday, in which nobody was hurt."
    )
    assert tagged.incidents[0].killed_best == 12


def test_dismissal_is_no_shooting(tag_text: TagText) -> None:
    assert tag_text("The president fired two ministers on Monday.").incidents == ()


def test_day_of_the_arrest_is_not_the_day_of_the_act(tag_text: TagText) -> None:
    incident = tag_text("A clerk was stabbed on Sept. 3. Police arrested a man on Sept. 8.").incidents[0]
    assert incident.start_date == date(2021, 9, 3)


def test_peaceful_text_has_no_incident(tag_text: TagText) -> None:
    assert tag_text("The ministers signed an agreement on fishing.").incidents == ()


def test_events_of_the_trigger_are_linked(tag_text: TagText) -> None:
    tagged = tag_text("Taliban fighters attacked Pakistani soldiers on Monday.")
    for index in tagged.incidents[0].event_indexes:
        assert 0 <= index < len(tagged.events)
