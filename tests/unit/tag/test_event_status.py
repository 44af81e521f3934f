"""What did not happen must never be coded as having happened: the one error that a tension sum cannot bear."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.records import Event, TaggedArticle

NOT_HAPPENED = [
    "Kenya will attack Somalia next week.",
    "Kenya may attack Somalia.",
    "If Kenya attacks Somalia, the talks will end.",
    "Kenya wants to attack Somalia.",
    "Kenya plans to invade Somalia.",
    "Kenya threatened to attack Somalia.",
    "Kenya refused to attack Somalia.",
    "Kenya did not attack Somalia.",
    "Kenya has never invaded Somalia.",
    "Kenya denied bombing Somalia.",
    "Officials fear that Kenya could bomb Somalia.",
    "Kenya is ready to attack Somalia.",
    "The president called on Kenya to attack Somalia.",
    "Kenya deployed troops in order to attack Somalia.",
    "Would Kenya attack Somalia?",
    "Kenya tried to bomb Somalia but failed.",
    "Ethiopia warned of a possible Kenyan attack on Somalia.",
    "Kenya considered bombing Somalia.",
    "Kenya would have attacked Somalia.",
    "Kenya should arrest Somalia's envoy.",
    "Kenya is expected to bomb Somalia.",
    "Kenya hopes to send aid to Somalia.",
    "Kenya vowed to bomb Somalia.",
    "Kenya is considering sanctions against Somalia.",
    "Unless Somalia yields, Kenya bombs Somalia.",
    "Kenya urged Ethiopia to attack Somalia.",
    "Kenya was about to attack Somalia.",
    "Kenya failed to bomb Somalia.",
    "Kenya agreed to supply Somalia.",
    "Kenya is planning an attack on Somalia.",
    "Kenya rules out an attack on Somalia.",
    "Kenya prepared to attack Somalia.",
    "Kenya promised to help Somalia.",
    "Kenya ordered its army to attack Somalia.",
    "There is no Kenyan attack on Somalia.",
    "Kenya might be forced to bomb Somalia.",
    "Police prevented Kenya from attacking Somalia.",
    "Kenya could not attack Somalia.",
    "Kenya called off its attack on Somalia.",
    "Kenya has yet to attack Somalia.",
]

HAPPENED = [
    "Kenya attacked Somalia.",
    "Kenya has bombed Somalia.",
    "Somalia was bombed by Kenya.",
    "The government said Kenya had attacked Somalia.",
    "Kenya, which attacked Somalia in May, wants talks.",
    "Kenya managed to bomb Somalia.",
    "Kenya had to attack Somalia.",
    "Kenya is bombing Somalia.",
    "Kenya carried out an attack on Somalia.",
    "Kenya began to shell Somalia.",
    "After Kenya attacked Somalia, talks ended.",
    "Kenya attacked Somalia and bombed Ethiopia.",
]

UNCONFIRMED = [
    "Kenya allegedly bombed Somalia.",
    "Kenya reportedly attacked Somalia.",
    "Kenya is suspected of bombing Somalia.",
]

ACTS = {"ASSAULT", "AID", "SANCTION", "COOPERATE"}
ASSERTED = {"actual", "historical", "ongoing_state"}


def acts(tagged: TaggedArticle) -> list[Event]:
    """Events of the act itself; what is said, asked or threatened about it is another event."""
    return [e for e in tagged.events if e.event_type in ACTS]


@pytest.mark.parametrize("sentence", NOT_HAPPENED)
def test_an_act_that_did_not_happen_is_not_asserted(tag_text: Callable[..., TaggedArticle], sentence: str) -> None:
    assert not [
        (e.text, e.event_type, e.status) for e in acts(tag_text(sentence)) if e.status in ASSERTED and not e.negated
    ]


@pytest.mark.parametrize("sentence", HAPPENED)
def test_an_act_that_happened_is_asserted(tag_text: Callable[..., TaggedArticle], sentence: str) -> None:
    assert [e for e in acts(tag_text(sentence)) if e.status in ASSERTED and not e.negated]


@pytest.mark.parametrize("sentence", UNCONFIRMED)
def test_what_is_only_alleged_is_unconfirmed(tag_text: Callable[..., TaggedArticle], sentence: str) -> None:
    found = acts(tag_text(sentence))
    assert found
    assert {e.status for e in found} == {"unconfirmed"}


def test_an_act_that_ended_long_before_publication_is_historical(tag_text: Callable[..., TaggedArticle]) -> None:
    (event,) = acts(tag_text("Kenya invaded Somalia in October 2011.", published="2021-09-10"))
    assert event.status == "historical"


CONSTRUCTIONS = Path(__file__).parents[2] / "data" / "event_status.csv"
ROWS = list(csv.DictReader(CONSTRUCTIONS.read_text(encoding="utf-8").splitlines()))


def status_of(tagged: TaggedArticle, trigger: str) -> str | None:
    return next((e.status for e in tagged.events if e.text == trigger), None)


@pytest.mark.parametrize("row", ROWS, ids=[r["sentence"] for r in ROWS])
def test_each_construction_has_its_status(tag_text: Callable[..., TaggedArticle], row: dict[str, str]) -> None:
    """An act that is not asserted may also be left to the word that decides over it: "rules out an attack" is a rejection."""
    found = status_of(tag_text(row["sentence"]), row["trigger"])
    assert found == row["status"] or (found is None and row["status"] not in ASSERTED)


def test_most_acts_that_are_not_asserted_are_coded_all_the_same(tag_text: Callable[..., TaggedArticle]) -> None:
    rows = [r for r in ROWS if r["status"] not in ASSERTED]
    coded = [r for r in rows if status_of(tag_text(r["sentence"]), r["trigger"]) is not None]
    assert len(rows) > 70
    assert len(coded) / len(rows) > 0.75
