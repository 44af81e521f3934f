"""Slots of violent incidents: who did it, whom and what it hit, with what; and which words tell of an incident at all."""

from collections.abc import Callable

import pytest

from pipeline.records import Incident, TaggedArticle

TagText = Callable[..., TaggedArticle]


def _told(tagged: TaggedArticle) -> list[Incident]:
    return [i for i in tagged.incidents if i.status == "actual"]


def _all(tagged: TaggedArticle, slot: str) -> set[str]:
    return {value for incident in _told(tagged) for value in getattr(incident, slot)}


@pytest.mark.parametrize(
    ("text", "doer"),
    [
        ("The raid on the clinic was carried out by hooded gunmen.", "hooded gunmen"),
        ("Hooded gunmen staged an attack on the clinic on Sunday.", "Hooded gunmen"),
        ("Police blamed armed villagers for the murder of the judge.", "armed villagers"),
        ("The murder of the judge was attributed to armed villagers.", "armed villagers"),
        ("Armed villagers are accused of killing the judge.", "Armed villagers"),
        ("Police arrested two students for the bombing of the cinema.", "students"),
        ("The murder of the judge was the work of armed villagers.", "armed villagers"),
        ("Armed villagers were behind the murder of the judge.", "Armed villagers"),
    ],
)
def test_doers_stand_in_many_places(tag_text: TagText, text: str, doer: str) -> None:
    assert doer in _all(tag_text(text), "perpetrator_individuals")


@pytest.mark.parametrize(
    ("text", "organization"),
    [
        ("ELN rebels ambushed the mayor on Monday.", "ELN"),
        ("Guerrillas of the ELN ambushed the mayor on Monday.", "ELN"),
        ("The Shining Path claimed responsibility for the murder of the mayor.", "Shining Path"),
        ("The army shelled a school on Monday.", "army"),
        ("Members of the army shot a teacher on Monday.", "army"),
        ("Three men shot a teacher on Monday. The ELN has claimed responsibility.", "ELN"),
        ("Three men shot a teacher on Monday. The mayor blamed the ELN.", "ELN"),
        ("The archbishop said that the ELN was guilty of the murder of the teacher.", "ELN"),
        ("On Monday the shining path murdered the mayor of the town.", "shining path"),
    ],
)
def test_organizations_are_named_without_their_members(tag_text: TagText, text: str, organization: str) -> None:
    assert organization in _all(tag_text(text), "perpetrator_organizations")


def test_who_denies_or_reports_an_act_has_not_done_it(tag_text: TagText) -> None:
    denied = tag_text("The rebels denied having carried out the attack on the school, in which a teacher was killed.")
    assert _all(denied, "perpetrator_individuals") == set()
    reported = tag_text("A shell hit a bus on Monday, killing the driver and injuring his son, the police said.")
    assert _all(reported, "perpetrator_organizations") == set()


def test_no_group_is_nobody(tag_text: TagText) -> None:
    tagged = tag_text("A bomb wrecked a bank on Monday. No group has claimed responsibility for the attack.")
    assert _all(tagged, "perpetrator_individuals") | _all(tagged, "perpetrator_organizations") == set()


@pytest.mark.parametrize(
    ("text", "victim"),
    [
        ("Gunmen shot the bishop's driver dead on Monday.", "driver"),
        ("The senator's murder on Monday shocked the country.", "senator"),
        ("The murderers of a senator fled on Monday. Two men shot the senator.", "senator"),
        ("A nurse was the target of an attack on Monday.", "nurse"),
        ("Two people were shot on Monday. The victims were identified as Marta Lopez and Juan Soto.", "Marta Lopez"),
        ("The abduction and murder of a nun on Monday shocked the town.", "nun"),
    ],
)
def test_victims_stand_in_many_places(tag_text: TagText, text: str, victim: str) -> None:
    assert victim in _all(tag_text(text), "victims")


def test_a_surname_is_given_in_full(tag_text: TagText) -> None:
    tagged = tag_text("Pedro Ramirez, a lawyer, left his office at noon. On Monday Ramirez was kidnapped by gunmen.")
    assert _all(tagged, "victims") == {"Pedro Ramirez"}


def test_people_of_any_sort_give_way_to_who_they_are(tag_text: TagText) -> None:
    tagged = tag_text("Gunmen killed three people in Lima on Monday. Gunmen killed two nurses and a priest.")
    assert _all(tagged, "victims") == {"nurses", "priest"}


def test_fighters_who_fall_are_no_victims(tag_text: TagText) -> None:
    tagged = tag_text("Soldiers clashed with guerrillas on Monday. Four guerrillas and a farmer were killed.")
    (incident,) = _told(tagged)
    assert incident.victims == ("farmer",)
    assert incident.killed_best == 5


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Rebels set fire to a grain warehouse on Monday.", "grain warehouse"),
        ("Rebels set a grain warehouse on fire on Monday.", "grain warehouse"),
        ("The explosion on Monday caused heavy damage to a grain warehouse.", "grain warehouse"),
        (
            "Rebels placed a bomb in front of the offices of the miners' union on Monday.",
            "offices of the miners' union",
        ),
        ("A grain warehouse was blown up by rebels on Monday.", "grain warehouse"),
    ],
)
def test_things_that_are_hit(tag_text: TagText, text: str, target: str) -> None:
    assert target in _all(tag_text(text), "targets")


def test_a_town_is_a_place_and_no_target(tag_text: TagText) -> None:
    assert _all(tag_text("Rebels attacked the town of Segovia on Monday and killed a nurse."), "targets") == set()


@pytest.mark.parametrize(
    ("text", "weapons"),
    [
        ("A bomb attack on a bank injured two clerks on Monday.", {"bomb"}),
        ("Rebels hurled dynamite sticks at a bank on Monday.", {"dynamite sticks"}),
        ("Rebels attacked a farm on Monday. Soldiers later seized six rifles from the rebels who attacked it.", set()),
        ("Rebels attacked a farm with rifles on Monday.", {"rifles"}),
    ],
)
def test_weapons_that_were_used(tag_text: TagText, text: str, weapons: set[str]) -> None:
    assert _all(tag_text(text), "weapons") == weapons


@pytest.mark.parametrize(
    "text",
    [
        "The guerrillas attack farms and murder peasants, said the bishop.",
        "Bombings and murders have made the region poor, said the bishop.",
        "The rebels went to the capital to murder the minister.",
        "The minister launched a verbal attack on the bishop on Monday.",
        "The senator attacked the bishop for his silence.",
        "A bus plunged into a river on Monday, killing 14 passengers.",
        "The bird flu virus has killed six people.",
        "The former president died on Monday in his home. He was 91.",
        "The striker fired a shot past the goalkeeper and scored a goal on Monday.",
    ],
)
def test_no_single_incident_is_told(tag_text: TagText, text: str) -> None:
    assert _told(tag_text("The session lasted two hours. " + text)) == []


def test_a_crash_in_an_attack_is_an_incident(tag_text: TagText) -> None:
    tagged = tag_text("Rebels fired a rocket at a plane on Monday, and nine people died in the crash.")
    assert _told(tagged)[0].killed_best == 9


def test_an_attempt_on_a_life_is_an_incident(tag_text: TagText) -> None:
    (incident,) = _told(tag_text("A judge survived an assassination attempt in Cali on Monday."))
    assert incident.incident_type == "assassination"
    assert incident.victims == ("judge",)


def test_who_may_have_taken_part_does_not_unmake_the_act(tag_text: TagText) -> None:
    tagged = tag_text("Police seek people who could have taken part in the massacre of six farmers on Monday.")
    assert _all(tagged, "victims") == {"farmers"}


def test_a_past_murder_does_not_run_into_the_news(tag_text: TagText) -> None:
    tagged = tag_text("Gunmen shot a priest on Monday. Ana Diaz, a nurse, was shot in the same street in 2016.")
    assert _all(tagged, "victims") == {"priest"}
    assert {v for i in tagged.incidents if i.status == "historical" for v in i.victims} == {"Ana Diaz"}


def test_a_name_that_opens_the_text_is_a_slot_like_any_other(tag_text: TagText) -> None:
    (incident,) = tag_text("Garcia shot a guard.").incidents
    assert incident.perpetrator_individuals == ("Garcia",)
