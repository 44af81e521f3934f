"""Actors and places: which spans stand for whom."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from pipeline.records import ActorMention, TaggedArticle

type TagText = Callable[..., TaggedArticle]


def _actors(tagged: TaggedArticle) -> list[tuple[str, str]]:
    return [(a.text, a.actor_id) for a in tagged.actors]


def _places(tagged: TaggedArticle) -> list[tuple[str, str | None]]:
    return [(p.text, p.country) for p in tagged.locations]


def _the(tagged: TaggedArticle, text: str) -> ActorMention:
    return next(a for a in tagged.actors if a.text == text)


@pytest.mark.parametrize(
    ("text", "mention", "actor_id"),
    [
        ("Islamabad wants new talks on trade.", "Islamabad", "PAK"),
        ("Officials said that Tehran had rejected the plan.", "Tehran", "IRN"),
        ("The bill was criticized by Ankara.", "Ankara", "TUR"),
        ("Norway warned Iceland.", "Iceland", "ISL"),
        ("Kenya has resumed its support for Uganda.", "Uganda", "UGA"),
        ("The Kremlin denied the report.", "Kremlin", "RUSGOV"),
        ("The Philippine army said it had found two camps.", "Philippine army", "PHLMIL"),
        ("Colombia's military closed the road.", "Colombia's military", "COLMIL"),
        ("The government of Peru has resigned.", "government of Peru", "PERGOV"),
        ("Two Kenyan police officers were dismissed.", "Kenyan police officers", "KENCOP"),
        ("Most Ghanaians had voted by noon.", "Ghanaians", "GHACVL"),
        ("The U.S.-led force will leave in May.", "U.S.", "USA"),
        ("Pakistan's Taliban claimed the attack.", "Pakistan's Taliban", "TTP"),
        ("Sendero Luminoso has rejected an amnesty.", "Sendero Luminoso", "SHINING_PATH"),
        ("The Afghan Taliban opened an office.", "Afghan Taliban", "TALIBAN"),
    ],
)
def test_actor_is_found_and_resolved(tag_text: TagText, text: str, mention: str, actor_id: str) -> None:
    assert (mention, actor_id) in _actors(tag_text(text))


@pytest.mark.parametrize(
    ("text", "place", "country"),
    [
        ("They met in Islamabad on Monday.", "Islamabad", "PAK"),
        ("Rain fell across Pakistan.", "Pakistan", "PAK"),
        ("The convoy left Kabul at dawn.", "Kabul", "AFG"),
        ("Two buses collided near Peshawar.", "Peshawar", "PAK"),
        ("He was born in the city of Basra.", "Basra", "IRQ"),
        ("She flew to Tehran.", "Tehran", "IRN"),
        ("The border between Chad and Sudan is closed.", "Sudan", "SDN"),
        ("Bolivia is a landlocked country.", "Bolivia", "BOL"),
    ],
)
def test_place_that_only_is_a_place_is_a_location(tag_text: TagText, text: str, place: str, country: str) -> None:
    tagged = tag_text(text)
    assert (place, country) in _places(tagged)
    assert all(a.text != place for a in tagged.actors)


@pytest.mark.parametrize(
    ("text", "not_an_actor"),
    [
        ("Michael Jordan scored thirty points.", "JOR"),
        ("We roasted a turkey and a duck.", "TUR"),
        ("Paris Hilton arrived late.", "FRA"),
        ("She may come in May or in June.", "MAY"),
        ("The children asked us who it was.", "USA"),
        ("It cost US$5.", "USA"),
    ],
)
def test_word_that_only_looks_like_a_name_is_none(tag_text: TagText, text: str, not_an_actor: str) -> None:
    tagged = tag_text(text)
    assert not_an_actor not in {a.actor_id for a in tagged.actors}
    assert not_an_actor not in {p.country for p in tagged.locations}


def test_hyphen_between_two_actors_keeps_them_apart(tag_text: TagText) -> None:
    found = _actors(tag_text("Pakistan-Taliban relations have cooled."))
    assert ("Pakistan", "PAK") in found
    assert ("Taliban", "TALIBAN") in found


def test_acronym_introduced_by_the_text_stands_for_the_long_name(tag_text: TagText) -> None:
    tagged = tag_text("The Valley Farmers Defence Union (VFDU) called a strike. Talks with the VFDU failed.")
    long_name = next(a for a in tagged.actors if "Farmers" in a.text)
    assert [a.actor_id for a in tagged.actors if a.text == "VFDU"][-1] == long_name.actor_id


def test_person_has_role_and_affiliation_from_the_title(tag_text: TagText) -> None:
    tagged = tag_text("Hamas spokesman Karim Daoud spoke on Tuesday. Daoud gave no details.")
    full = _the(tagged, "Karim Daoud")
    assert (full.actor_id, full.kind, full.role, full.affiliation) == (
        "person:karim-daoud",
        "person",
        "spokesman",
        "HAMAS",
    )
    later = _the(tagged, "Daoud")
    assert (later.actor_id, later.method) == ("person:karim-daoud", "coreference")


@pytest.mark.parametrize(
    ("text", "name", "role", "affiliation"),
    [
        ("Kenyan Foreign Minister Peter Otieno resigned.", "Peter Otieno", "foreign minister", "KENGOV"),
        ("Peter Otieno, the foreign minister of Kenya, resigned.", "Peter Otieno", "foreign minister", "KENGOV"),
        ("Peter Otieno, the leader of the Kenyan group Mau Mau, resigned.", "Peter Otieno", "leader", "MAU_MAU"),
        ("Mrs. Anna Keller resigned.", "Anna Keller", None, None),
    ],
)
def test_office_is_read_before_and_after_the_name(
    tag_text: TagText, text: str, name: str, role: str | None, affiliation: str | None
) -> None:
    person = _the(tag_text(text), name)
    assert (person.role, person.affiliation) == (role, affiliation)


def test_the_president_takes_up_the_one_named_before(tag_text: TagText) -> None:
    tagged = tag_text("Kenyan President Peter Otieno flew to Oslo. The president will return on Friday.")
    assert (_the(tagged, "The president").actor_id, _the(tagged, "The president").method) == (
        "person:peter-otieno",
        "coreference",
    )


def test_surname_of_two_persons_resolves_to_neither(tag_text: TagText) -> None:
    tagged = tag_text("Peter Otieno met James Otieno in Nairobi. Otieno smiled.")
    assert _the(tagged, "Otieno").actor_id not in {"person:peter-otieno", "person:james-otieno"}


@pytest.mark.parametrize(
    ("text", "mention", "actor_id", "kind"),
    [
        ("Masked gunmen stopped the bus.", "Masked gunmen", "collective:gunmen", "armed_group"),
        ("Hundreds of protesters blocked the road.", "protesters", "collective:protesters", "population"),
        ("A rebel attack closed the airport.", "rebel", "collective:rebels", "armed_group"),
        ("Six policemen were hurt.", "policemen", "collective:police", "police"),
    ],
)
def test_nameless_collective_is_an_actor(tag_text: TagText, text: str, mention: str, actor_id: str, kind: str) -> None:
    found = _the(tag_text(text), mention)
    assert (found.actor_id, found.kind, found.method) == (actor_id, kind, "description")


def test_police_of_a_town_are_those_of_its_state(tag_text: TagText) -> None:
    tagged = tag_text("Kabul police closed the road.")
    assert ("police", "AFGCOP") in _actors(tagged)
    assert ("Kabul", "AFG") in _places(tagged)


@pytest.mark.parametrize(
    ("text", "actor_id"),
    [
        ("Peru closed a port. Lima fears for trade, and Peruvian traders agree. The army guards the port.", "PERMIL"),
        (
            "Peru and Chile closed a port. Lima and Santiago fear for trade. The army guards the port.",
            "collective:army",
        ),
    ],
)
def test_the_army_is_that_of_the_country_an_article_is_about(tag_text: TagText, text: str, actor_id: str) -> None:
    assert ("army", actor_id) in _actors(tag_text(text))


def test_ethnic_group_is_a_population(tag_text: TagText) -> None:
    assert _the(tag_text("Rohingya and Tamils asked for talks."), "Tamils").kind == "population"


def test_members_of_a_named_group_are_no_second_actor(tag_text: TagText) -> None:
    assert not [a for a in tag_text("Hezbollah fighters left the town.").actors if a.actor_id.startswith("collective:")]


def test_the_group_takes_up_the_group_named_before(tag_text: TagText) -> None:
    tagged = tag_text("Boko Haram was founded in Maiduguri. The group denied the report.")
    found = _the(tagged, "The group")
    assert (found.actor_id, found.method) == ("BOKO_HARAM", "coreference")


def test_the_group_stays_open_where_two_are_meant(tag_text: TagText) -> None:
    tagged = tag_text("Talks between Hamas and Hezbollah failed. The group denied the report.")
    assert all(a.text != "The group" for a in tagged.actors)


def test_the_senate_is_that_of_the_state_the_article_is_about(tag_text: TagText) -> None:
    about_us = tag_text("The United States will vote in June. The Senate rejected the bill.")
    about_chile = tag_text("Chile will vote in June. Chile closed its border. The Senate rejected the bill.")
    assert "USALEG" in {a.actor_id for a in about_us.actors}
    assert "USALEG" not in {a.actor_id for a in about_chile.actors}


def test_capitals_are_read_as_names(tag_text: TagText) -> None:
    tagged = tag_text("THE SHINING PATH HAS CLAIMED AN ATTACK IN LIMA, PERU. IT TOLD US NOTHING.")
    assert ("SHINING PATH", "SHINING_PATH") in _actors(tagged)
    assert "USA" not in {a.actor_id for a in tagged.actors}


def test_mentions_lie_in_text_order_and_never_overlap(tag_text: TagText) -> None:
    text = (
        "KABUL, Sept 7 – Afghan President Hamid Karzai told the BBC that Pakistan’s army and the Taliban had met in Quetta, "
        "Pakistan. The U.S. Embassy in Kabul said the Bank of China, NATO and Indian officials knew. Karzai’s spokesman agreed."
    )
    tagged = tag_text(text)
    assert tagged.actors == tuple(sorted(tagged.actors, key=lambda a: a.start_char))
    spans = sorted((m.start_char, m.end_char) for m in (*tagged.actors, *tagged.locations))
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert all(text[m.start_char : m.end_char] == m.text for m in (*tagged.actors, *tagged.locations))


def test_no_break_spaces_do_not_hide_a_name(tag_text: TagText) -> None:
    tagged = tag_text("The Moro\u00a0Islamic\u00a0Liberation\u00a0Front signed a truce.")
    assert "MILF" in {a.actor_id for a in tagged.actors}


def test_states_joined_by_a_hyphen_are_two_actors(tag_text: Callable[..., TaggedArticle]) -> None:
    tagged = tag_text("U.S.-China talks began after a week of silence.")
    assert [(m.text, m.actor_id) for m in tagged.actors] == [("U.S.", "USA"), ("China", "CHN")]


def test_a_family_name_that_the_model_overlooks_is_read_where_its_country_is_named(
    tag_text: Callable[..., TaggedArticle],
) -> None:
    tagged = tag_text("Macron met Scholz. France and Germany signed a pact.", published="2022-09-10")
    assert [m.actor_id for m in tagged.actors][:2] == ["person:emmanuel-macron", "person:olaf-scholz"]


def test_a_longer_name_is_not_the_leader_whose_name_it_ends_with(tag_text: Callable[..., TaggedArticle]) -> None:
    tagged = tag_text("Farmer Marco Antonio de Angela Merkel was seen in Germany.", published="2020-05-01")
    assert "person:angela-merkel" not in {m.actor_id for m in tagged.actors}


@pytest.mark.parametrize(
    ("text", "affiliation"),
    [
        ("Striker Tom King scored twice in the cup.", None),  # a namesake
        ("Tom King spoke in London about the army.", "GBRGOV"),
    ],
)
def test_an_office_needs_its_country_in_the_text(
    tag_text: Callable[..., TaggedArticle], text: str, affiliation: str | None
) -> None:
    persons = [m for m in tag_text(text, published="1991-05-01").actors if m.kind == "person"]
    assert [m.affiliation for m in persons] == [affiliation]
