"""Actor and place tables: what they hold, and what the loader says about a line that is wrong."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import KnowledgeError
from pipeline.knowledge import actors, places
from pipeline.knowledge.actor_tables import read_actors
from pipeline.knowledge.actors import load_actors
from pipeline.knowledge.names import name_key
from pipeline.knowledge.places import load_places, read_places

_TABLES = Path(actors.__file__).parent / "actors"
_HEADER = "actor_id,name,kind,country,cameo,wikidata,start,end,aliases,context_aliases,parent,source"


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A copy of the project's tables that a test may spoil."""
    return Path(shutil.copytree(_TABLES, tmp_path / "actors"))


def _append(file: Path, line: str) -> int:
    """Adds a line and returns its number."""
    with file.open("a", encoding="utf-8") as table:
        table.write(line + "\n")
    return len(file.read_text(encoding="utf-8").splitlines())


def test_tables_hold_armed_groups_and_organizations_of_every_continent() -> None:
    kinds = [a.kind for a in load_actors().actors if a.source != "derived"]
    assert kinds.count("state") >= 195
    assert kinds.count("armed_group") >= 2500
    assert kinds.count("organization") >= 500
    assert kinds.count("party") >= 500
    assert kinds.count("media") >= 400
    assert kinds.count("person") >= 1000
    for actor_id in (
        "TALIBAN",
        "TTP",
        "HAQQANI",
        "FMLN",
        "SHINING_PATH",
        "BOKO_HARAM",
        "MILF",
        "ETA",
        "UNO",
        "NATO",
        "ECOWAS",
    ):
        assert actor_id in load_actors().by_id


def test_every_state_has_its_parts_and_only_institutions_act_for_it() -> None:
    by_id = load_actors().by_id
    for state in [a for a in by_id.values() if a.kind == "state"]:
        assert by_id[state.actor_id + "MIL"].parent == state.actor_id
        assert by_id[state.actor_id + "CVL"].parent is None
        assert by_id[state.actor_id + "REB"].kind == "armed_group"


def test_taliban_are_a_government_twice() -> None:
    governs = [(r.start, r.end) for r in load_actors().roles if r.actor_id == "TALIBAN" and r.role == "government"]
    assert governs == [(date(1996, 9, 27), date(2001, 11, 13)), (date(2021, 8, 15), None)]


def test_every_alias_and_role_belongs_to_an_actor() -> None:
    knowledge = load_actors()
    assert {a.actor_id for a in knowledge.aliases} <= set(knowledge.by_id)
    assert {r.actor_id for r in knowledge.roles} <= set(knowledge.by_id)
    assert all(a.source for a in knowledge.aliases)


@pytest.mark.parametrize(
    ("written", "same_as"),
    [("U.S.", "US"), ("Tehrik-i-Taliban", "Tehrik i Taliban"), ("Élysée", "Elysee"), ("Sana'a", "Sana’a")],
)
def test_names_compare_without_accents_hyphens_and_points(written: str, same_as: str) -> None:
    assert name_key(written) == name_key(same_as)


def test_names_compare_with_case() -> None:
    assert name_key("Turkey") != name_key("turkey")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (
            "XFRONT,Example Front,armed_group,PAK,,,,,Taliban,,,test",
            "alias 'Taliban' of XFRONT already belongs to TALIBAN",
        ),
        ("XFRONT,Example Front,armed_group,PAK,,,,,,,NOBODY,test", "parent 'NOBODY' is no actor_id"),
        ("XFRONT,Example Front,armed_group,PAK,,,2001-13,,,,,test", "start '2001-13' is not a date"),
        ("XFRONT,Example Front,armed_group,PAK,,,2005-01-01,2004-01-01,,,,test", "XFRONT ends before it starts"),
        ("XFRONT,Example Front,gang,PAK,,,,,,,,test", "kind 'gang' is none of"),
        ("TALIBAN,Example Front,armed_group,PAK,,,,,,,,test", "actor_id TALIBAN is taken"),
        ("XFRONT,Example Front,armed_group,PAK,,,,,,,,", "the source is empty"),
        ("XFRONT,Example Front,armed_group,PAK,,,,,—,,,test", "alias '—' holds no word"),
        ("XFRONT,Example Front,armed_group", "expected 12 cells"),
    ],
)
def test_bad_line_is_named_with_file_and_line(tables: Path, line: str, complaint: str) -> None:
    number = _append(tables / "groups" / "south_central_asia.csv", line)
    with pytest.raises(KnowledgeError, match=re.escape(complaint)) as error:
        read_actors(tables)
    assert f"south_central_asia.csv, line {number}" in str(error.value)


def test_new_group_needs_only_a_line(tables: Path) -> None:
    _append(
        tables / "groups" / "south_central_asia.csv",
        "XFRONT,Example Front,armed_group,PAK,,,,,EXF|Front for Examples,,,test",
    )
    knowledge = read_actors(tables)
    assert knowledge.by_id["XFRONT"].country == "PAK"
    assert {a.alias for a in knowledge.aliases if a.actor_id == "XFRONT"} == {
        "Example Front",
        "EXF",
        "Front for Examples",
    }


def test_missing_column_is_named(tables: Path) -> None:
    (tables / "groups" / "south_central_asia.csv").write_text(_HEADER.replace(",parent", "") + "\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"south_central_asia\.csv: column parent is missing"):
        read_actors(tables)


@pytest.mark.parametrize(
    ("table", "line", "complaint"),
    [
        ("roles.csv", "NOBODY,,armed_group,,,test", "actor_id 'NOBODY' is no actor_id"),
        ("roles.csv", "TTP,,armed_group,2010-01-01,2009-01-01,test", "ends before it starts"),
        ("metonyms.csv", "Example Palace,PAKGOV,house,,test", "reading 'house' is none of"),
        ("state_parts.csv", "example corps,XYZ,test", "part 'XYZ' is none of"),
        ("links.csv", "HAQQANI,allied_with,TALIBAN,,,test", "is said twice"),
        ("reading_cues.csv", "object_of,example,maybe,test", "reading 'maybe' is neither actor nor place"),
    ],
)
def test_bad_line_in_a_smaller_table_is_named(tables: Path, table: str, line: str, complaint: str) -> None:
    number = _append(tables / table, line)
    with pytest.raises(KnowledgeError, match=re.escape(complaint)) as error:
        read_actors(tables)
    assert f"{table}, line {number}" in str(error.value)


@pytest.mark.parametrize(
    ("name", "country"),
    [("Peshawar", "PAK"), ("Deir ez-Zor", "SYR"), ("Deir Ez Zor", None), ("Kashmir", None), ("Kandahār", "AFG")],
)
def test_places_know_their_country(name: str, country: str | None) -> None:
    place = load_places().find(name)
    assert (place.country if place else None) == country


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("Peshawar,PAK,,,test", "stands twice"),
        ("Exampletown,PKA,,,test", "'PKA' is no ISO 3166-1 alpha-3 code"),
        ("Exampletown,PAK,134.0,10,test", "degrees lie outside"),
        ("Exampletown,PAK,north,10,test", "is not a number of degrees"),
    ],
)
def test_bad_place_is_named_with_file_and_line(tmp_path: Path, line: str, complaint: str) -> None:
    file = Path(shutil.copy(Path(places.__file__).parent / "places" / "places.csv", tmp_path))
    number = _append(file, line)
    with pytest.raises(KnowledgeError, match=re.escape(complaint)) as error:
        read_places(file, Path(places.__file__).parent / "places" / "lookup.csv")
    assert f"places.csv, line {number}" in str(error.value)


@pytest.mark.parametrize(
    ("name", "day", "role", "parent"),
    [
        ("Vladimir Putin", date(2010, 1, 1), "prime minister", "RUSGOV"),
        ("Vladimir Putin", date(2020, 1, 1), "president", "RUSGOV"),
        ("Hassan Nasrallah", date(2015, 1, 1), "hezbollah leader", "HEZBOLLAH"),
        ("Barack Obama", date(2012, 1, 1), "president", "USAGOV"),
        ("Barack Obama", date(2018, 1, 1), None, None),
    ],
)
def test_leader_held_an_office_on_its_days_only(name: str, day: date, role: str | None, parent: str | None) -> None:
    known = load_actors()
    (actor_id,) = {a.actor_id for a in known.aliases if a.alias == name}
    held = [
        (r.role, r.parent)
        for r in known.offices[actor_id]
        if (r.start or date.min) <= day <= (r.end or date.max) and r.role == role
    ]
    assert held == ([(role, parent)] if role else [])


def test_nearly_every_state_has_its_present_head() -> None:
    known = load_actors()
    headed = {r.parent[:3] for roles in known.offices.values() for r in roles if r.parent and r.end is None}
    assert len({a.country for a in known.actors if a.kind == "state"} & headed) >= 180


def test_family_name_and_names_of_namesakes_need_context() -> None:
    by_alias = {a.alias: a for a in load_actors().aliases}
    assert by_alias["Nasrallah"].needs_context
    assert not by_alias["Hassan Nasrallah"].needs_context


def test_groups_are_linked_to_those_that_they_came_from() -> None:
    known = load_actors()
    assert len(known.links) >= 100
    assert all(k.actor_id in known.by_id and k.other in known.by_id for k in known.links)


def test_words_about_names_speak_of_known_kinds() -> None:
    known = load_actors()
    assert set(known.name_kinds.values()) <= {
        "armed_group",
        "military",
        "party",
        "organization",
        "police",
        "government",
        "media",
    }
    assert set(known.pronouns.values()) == {"person", "thing", "many"}
    assert all(0 < share <= 1 for share in known.confidence.values())
