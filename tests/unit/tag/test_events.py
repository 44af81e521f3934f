import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline.knowledge.scales import load_scales
from pipeline.records import Event, TaggedArticle

Tag = Callable[..., TaggedArticle]
CONSTRUCTIONS = Path(__file__).parents[2] / "data" / "event_constructions.csv"
ROWS = list(csv.DictReader(CONSTRUCTIONS.read_text(encoding="utf-8").splitlines()))


def triples(tagged: TaggedArticle) -> set[tuple[str | None, str, str | None]]:
    return {
        (e.source.actor_id if e.source else None, e.event_type, e.target.actor_id if e.target else None)
        for e in tagged.events
    }


@pytest.mark.parametrize(
    "sentence",
    ["Oman brokered a truce between Chad and Libya.", "A truce between Chad and Libya was brokered by Oman."],
)
def test_a_mediator_deals_with_each_side_and_the_sides_with_each_other(tag_text: Tag, sentence: str) -> None:
    events = tag_text(sentence).events
    assert {(e.source.actor_id, e.cameo_code, e.target.actor_id) for e in events if e.source and e.target} == {
        ("OMN", "045", "TCD"),
        ("OMN", "045", "LBY"),
        ("TCD", "0871", "LBY"),
    }


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Egypt attacked Libya.", ("EGY", "ASSAULT", "LBY")),
        ("Libya was attacked by Egypt.", ("EGY", "ASSAULT", "LBY")),
        ("Egypt, which bombed Libya in June, denied it.", ("EGY", "ASSAULT", "LBY")),
        ("Peru condemned Bolivia.", ("PER", "ACCUSE", "BOL")),
        ("Peru accused Bolivia of smuggling arms.", ("PER", "ACCUSE", "BOL")),
        ("Peru agreed to supply Bolivia.", ("PER", "AGREE", "BOL")),
        ("Egypt threatened to attack Libya.", ("EGY", "THREATEN", "LBY")),
        ("Peru refused to recognize Bolivia.", ("PER", "REJECT", "BOL")),
        ("Peru does not recognize Bolivia.", ("PER", "REJECT", "BOL")),
        ("Peru urged Bolivia to withdraw.", ("PER", "REQUEST", "BOL")),
        ("Peru said Bolivia must withdraw its troops.", ("PER", "REQUEST", "BOL")),
        ("Egypt carried out an attack on Libya.", ("EGY", "ASSAULT", "LBY")),
        ("Peru held talks with Bolivia.", ("PER", "CONSULT", "BOL")),
        ("Peru imposed sanctions on Bolivia.", ("PER", "COERCE", "BOL")),
        ("Peru expelled a diplomat from Bolivia.", ("PER", "SANCTION", "BOL")),
        ("Egypt's support for Sudan continued.", ("EGY", "SUPPORT", "SDN")),
        ("Talks between Peru and Bolivia resumed.", ("PER", "CONSULT", "BOL")),
        ("An Israeli strike on Syria killed two people.", ("ISR", "ASSAULT", "SYR")),
        ("Peru and Bolivia met.", ("PER", "CONSULT", "BOL")),
        ("Peru signed a treaty with Bolivia.", ("PER", "SUPPORT", "BOL")),
        ("Peru said it would attack Bolivia.", ("PER", "THREATEN", "BOL")),
        ("Peru is willing to help Bolivia.", ("PER", "AGREE", "BOL")),
        ("Peru sent medicine to help Bolivia.", ("PER", "AID", "BOL")),
        ("Dozens of Afghans staged anti-Iran protests in Herat.", ("AFGCVL", "PROTEST", "IRN")),
        ("Kenyans staged protests in Nairobi against Somalia.", ("KENCVL", "PROTEST", "SOM")),
    ],
)
def test_who_does_what_to_whom(tag_text: Tag, sentence: str, expected: tuple[str, str, str]) -> None:
    assert expected in triples(tag_text(sentence))


@pytest.mark.parametrize("row", ROWS, ids=[r["sentence"] for r in ROWS])
def test_each_construction_gives_its_event(tag_text: Tag, row: dict[str, str]) -> None:
    assert (row["source"], row["event_type"], row["target"]) in triples(tag_text(row["sentence"]))


@pytest.mark.parametrize(
    "sentence",
    [
        "Peru kicked off a summit in Bolivia.",  # no kick
        "Peru beat Bolivia 2-1 on Sunday.",  # a game
        "The price of bread rose in Peru.",
        "Peru came to power.",  # nobody is visited
        "Growth in Peru reached five percent.",
        "The minister told reporters in Peru that bread was dear.",
        "Peru took charge.",
    ],
)
def test_what_is_no_event_between_actors_is_not_coded(tag_text: Tag, sentence: str) -> None:
    assert tag_text(sentence).events == ()


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("Peru condemned the attack on Bolivia.", "BOL"),  # the attack is condemned, not whom it hit
        ("Peru welcomed the ruling against Bolivia.", "BOL"),
        ("Peru will defend the island against raids from Bolivia.", "BOL"),
        ("Peru will send 2,000 soldiers.", "collective:soldiers"),  # to whom is not said
    ],
)
def test_whom_a_deed_is_done_to_is_not_the_target_of_who_judges_it(tag_text: Tag, sentence: str, wrong: str) -> None:
    assert wrong not in {target for _, _, target in triples(tag_text(sentence))}


def test_who_says_so_is_not_upon_whom_it_is_done(tag_text: Tag) -> None:
    events = tag_text(
        "Rebels of the Allied Democratic Forces carried out 14 attacks in May, according to the army of Uganda."
    ).events
    assert not [e for e in events if e.target and e.target.actor_id and "army" in e.target.text]


def test_militants_of_a_group_are_the_group(tag_text: Tag) -> None:
    (event,) = tag_text("Militants of the Allied Democratic Forces attacked Uganda on Monday.").events
    assert event.source is not None
    assert (event.source.actor_id, event.source.text) == ("ADF_UGA", "Militants of the Allied Democratic Forces")


def test_what_a_government_does_in_its_own_country_is_not_done_to_the_state(tag_text: Tag) -> None:
    (event,) = tag_text("The Kenyan government promised to clean the rivers of Kenya.").events
    assert event.target is not None
    assert (event.target.text, event.target.actor_id) == ("the rivers of Kenya", None)


def test_what_an_outer_verb_decides_is_told_once(tag_text: Tag) -> None:
    tagged = tag_text("Peru agreed to lift sanctions against Bolivia.")
    assert [(e.event_type, e.rule) for e in tagged.events] == [("AGREE", "outer:promise")]


def test_critics_of_an_actor_are_not_the_actor(tag_text: Tag) -> None:
    (event,) = tag_text("Peru's critics condemned Bolivia.").events
    assert event.source is not None
    assert (event.source.text, event.source.actor_id) == ("Peru's critics", None)


def test_two_sides_of_one_country_are_kept_apart(tag_text: Tag) -> None:
    (event,) = tag_text("A Kenyan bank sued Kenyan lawyers on Monday.").events
    assert event.target is not None
    assert (event.target.text, event.target.actor_id) == ("Kenyan lawyers", None)


def test_a_known_pair_in_the_main_clause_is_surer_than_things_in_a_side_clause(tag_text: Tag) -> None:
    (sure,) = tag_text("Peru condemned Bolivia.").events
    unsure = tag_text(
        "After the long talks about bread and water in the old town, residents said that farmers might condemn the plan."
    ).events
    assert sure.confidence > 0.7
    assert all(e.confidence < 0.5 for e in unsure)


def test_every_pair_of_conjoined_actors_is_an_event(tag_text: Tag) -> None:
    assert {("PER", "ACCUSE", "CHL"), ("BOL", "ACCUSE", "CHL")} <= triples(
        tag_text("Peru and Bolivia condemned Chile.")
    )


def test_a_meeting_is_coded_once(tag_text: Tag) -> None:
    assert len([e for e in tag_text("Peru and Bolivia met.").events if e.event_type == "CONSULT"]) == 1


def only(tagged: TaggedArticle, event_type: str) -> Event:
    (event,) = [e for e in tagged.events if e.event_type == event_type]
    return event


@pytest.mark.parametrize(
    ("sentence", "precision", "start", "end"),
    [
        ("Egypt attacked Libya on 3 May 2021.", "day", date(2021, 5, 3), date(2021, 5, 3)),
        ("Egypt attacked Libya in May 2021.", "month", date(2021, 5, 1), date(2021, 5, 31)),
        ("Egypt attacked Libya in 1977.", "year", date(1977, 1, 1), date(1977, 12, 31)),
        ("Egypt attacked Libya.", "none", None, None),
    ],
)
def test_an_event_has_the_date_of_its_sentence_or_none(
    tag_text: Tag, sentence: str, precision: str, start: date | None, end: date | None
) -> None:
    event = only(tag_text(sentence, published="2021-09-10"), "ASSAULT")
    assert (event.date_precision, event.start_date, event.end_date) == (precision, start, end)


def test_each_clause_keeps_its_own_date(tag_text: Tag) -> None:
    tagged = tag_text("Egypt attacked Libya on 3 May 2021, and Peru condemned Bolivia on 9 June 2021.")
    assert only(tagged, "ASSAULT").start_date == date(2021, 5, 3)
    assert only(tagged, "ACCUSE").start_date == date(2021, 6, 9)


def test_who_says_so_is_kept(tag_text: Tag) -> None:
    assert only(tag_text("Sudan said that Egypt had attacked Libya."), "ASSAULT").attributed_to == "SDN"


def test_scores_are_those_of_the_scales(tag_text: Tag) -> None:
    scales = load_scales()
    events = tag_text(
        "Egypt bombed Libya. Peru condemned Bolivia and met with Chile. Chile donated food to Haiti."
    ).events
    assert len(events) >= 4
    for e in events:
        assert e.cameo_code is not None
        assert e.goldstein == scales.cameo_codes[e.cameo_code].goldstein
        assert (e.quad_class, e.plover_score) == (
            scales.plover(e.event_type, e.mode).quad_class,
            scales.plover(e.event_type, e.mode).plover_score,
        )
        assert 0 < e.confidence < 1
        assert e.rule


def test_nobody_acts_upon_themselves(tag_text: Tag) -> None:
    tagged = tag_text("Egypt said Egypt would defend Egypt. Egypt's army praised Egypt's army.")
    assert not [
        e for e in tagged.events if e.source and e.target and e.source.actor_id == e.target.actor_id is not None
    ]


def test_a_long_list_of_actors_gives_a_bounded_number_of_events(tag_text: Tag) -> None:
    names = ", ".join(["Peru", "Chile", "Bolivia", "Brazil", "Ecuador", "Colombia", "Panama", "Mexico"] * 8)
    assert len(tag_text(f"{names} and Cuba condemned {names} and Haiti.").events) <= 6
