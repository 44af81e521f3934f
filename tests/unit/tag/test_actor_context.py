"""Names that several have: decided by what else the article names, and by who held an office when it was published."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.records import ActorMention, Article, TaggedArticle
from pipeline.tag.tagger import Tagger

type TagText = Callable[..., TaggedArticle]


def _the(tagged: TaggedArticle, text: str) -> ActorMention:
    return next(a for a in tagged.actors if a.text == text)


def test_family_name_of_a_leader_is_resolved_by_the_country(tag_text: TagText) -> None:
    found = _the(tag_text("Russia will not sign, Putin said on Monday.", "2021-03-02"), "Putin")
    assert (found.actor_id, found.role, found.affiliation) == ("person:vladimir-putin", "president", "RUSGOV")
    assert found.affiliation_source == "knowledge"


def test_family_name_without_its_country_stays_as_found(tag_text: TagText) -> None:
    tagged = tag_text("The actor Aamir Khan was there. Khan waved to the crowd in Pakistan.", "2019-03-02")
    assert {a.actor_id for a in tagged.actors if a.text.endswith("Khan")} == {"person:aamir-khan"}


@pytest.mark.parametrize(
    ("name", "day", "actor_id"),
    [
        ("Modi", "2019-03-02", "person:narendra-modi"),
        ("Macron", "2019-03-02", "person:emmanuel-macron"),
        ("Macron", "2009-03-02", None),  # not yet in office
        ("Khan", "2019-03-02", None),  # a prime minister's name, and that of many others
        ("Aziz", "2005-03-02", None),
    ],
)
def test_head_of_government_of_a_rare_name_needs_no_country(
    tag_text: TagText, name: str, day: str, actor_id: str | None
) -> None:
    found = [a.actor_id for a in tag_text(f"Kenya thanked {name} for the loan.", day).actors if a.text == name]
    assert ([i for i in found if i in ("person:narendra-modi", "person:emmanuel-macron")] or [None])[0] == actor_id
    assert not {"person:imran-khan", "person:shaukat-aziz"} & set(found)


def test_gulf_states_are_not_the_gulf_province_of_papua_new_guinea(tag_text: TagText) -> None:
    tagged = tag_text("The Gulf states backed Egypt.", "2021-03-02")
    assert not [p for p in tagged.locations if p.country == "PNG"]
    assert [e.source.actor_id for e in tagged.events if e.source] == [None]


def test_text_says_more_than_the_table(tag_text: TagText) -> None:
    found = _the(
        tag_text("The cricketer Imran Khan, a spokesman for the Taliban, met reporters.", "2019-03-02"), "Imran Khan"
    )
    assert found.role == "spokesman"
    assert found.affiliation_source == "text"


def test_office_depends_on_the_day(tag_text: TagText) -> None:
    text = "Imran Khan spoke in Lahore."
    assert _the(tag_text(text, "2020-01-01"), "Imran Khan").role == "prime minister"
    assert _the(tag_text(text, "2010-01-01"), "Imran Khan").role is None
    assert _the(tag_text(text, None), "Imran Khan").role is None


@pytest.mark.parametrize(
    ("text", "name", "actor_id"),
    [
        ("The Indian National Congress met in Delhi. Congress will contest every seat.", "Congress", "INC"),
        ("Norway voted on Monday. The Labour Party lost, Norway's radio said.", "Labour Party", "AP_NOR"),
        ("Britain voted on Monday. The Labour Party lost, Britain's radio said.", "Labour Party", "LABOUR_GBR"),
        ("The Labour Party lost the vote.", "Labour Party", "org:labour-party"),
    ],
)
def test_name_of_several_is_decided_by_the_article_or_left_unresolved(
    tag_text: TagText, text: str, name: str, actor_id: str
) -> None:
    assert {a.actor_id for a in tag_text(text).actors if a.text == name} == {actor_id}


def test_full_name_beside_a_town_of_the_same_name_is_a_person(tag_text: TagText) -> None:
    tagged = tag_text("Officer Scott Quetta was wounded on Monday. Quetta served for nine years.")
    assert {a.actor_id for a in tagged.actors if "Quetta" in a.text} == {"person:scott-quetta"}


def test_own_table_decides_how_a_name_resolves(tmp_path: Path, tagger: Tagger) -> None:
    own = tmp_path / "own.csv"
    own.write_text("actor_id,name,kind,country\nXMOVE,Lantern Movement,armed_group,PAK\n", encoding="utf-8")
    mine = Tagger(tagger.model, own)
    assert mine.coder_version != tagger.coder_version
    mine.__dict__["nlp"] = tagger.nlp  # the loaded model: loading it again takes seconds
    (tagged,) = mine.tag([Article("x", "The Lantern Movement denied it.")])
    assert [(a.text, a.actor_id, a.kind) for a in tagged.actors][0] == ("Lantern Movement", "XMOVE", "armed_group")


@pytest.mark.parametrize(
    ("text", "name", "actor_id"),
    [
        ("Jordan said on Monday that it would close the border with Syria.", "Jordan", "JOR"),
        ("Michael Jordan scored 30 points in Spain. Jordan left early.", "Jordan", "person:michael-jordan"),
        ("The Polisario Front attacked Morocco. A Front spokesman denied it.", "Front", "POLISARIO"),
    ],
)
def test_word_that_is_also_a_name_is_read_by_the_rest_of_the_article(
    tag_text: TagText, text: str, name: str, actor_id: str
) -> None:
    assert _the(tag_text(text), name).actor_id == actor_id
