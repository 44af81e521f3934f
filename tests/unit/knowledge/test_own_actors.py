"""A user's own table of actors: adds, changes, takes names over, takes names away."""

import re
from pathlib import Path

import pytest

from pipeline.errors import KnowledgeError
from pipeline.knowledge.actors import ActorKnowledge, load_actors


def _with(tmp_path: Path, table: str) -> ActorKnowledge:
    own = tmp_path / "own.csv"
    own.write_text(table, encoding="utf-8")
    return load_actors(own)


def _owners(known: ActorKnowledge, name: str) -> set[str]:
    return {a.actor_id for a in known.aliases if a.alias == name}


def test_new_actor_with_few_columns_is_an_organization_of_that_source(tmp_path: Path) -> None:
    known = _with(tmp_path, "actor_id,name,aliases\nXCLUB,Example Chess Club,Example Club|ECC Example\n")
    actor = known.by_id["XCLUB"]
    assert (actor.kind, actor.source) == ("organization", "own.csv")
    assert _owners(known, "ECC Example") == {"XCLUB"}


def test_line_of_a_known_actor_changes_what_its_cells_say_and_nothing_else(tmp_path: Path) -> None:
    before = load_actors().by_id["TTP"]
    known = _with(tmp_path, "actor_id,kind,wikidata,aliases\nTTP,party,Q99999999,Example spelling of it\n")
    after = known.by_id["TTP"]
    assert (after.kind, after.wikidata) == ("party", "Q99999999")
    assert (after.name, after.country, after.start) == (before.name, before.country, before.start)
    assert _owners(known, "Example spelling of it") == {"TTP"}
    assert _owners(known, "Tehreek-e-Taliban Pakistan") == {"TTP"}


def test_name_is_taken_from_whoever_had_it(tmp_path: Path) -> None:
    assert _owners(load_actors(), "Taliban") == {"TALIBAN"}
    known = _with(tmp_path, "actor_id,name,kind,aliases\nXTAL,Example Movement,armed_group,Taliban\n")
    assert _owners(known, "Taliban") == {"XTAL"}


def test_name_is_taken_away(tmp_path: Path) -> None:
    known = _with(tmp_path, "actor_id,not_aliases\nTALIBAN,Talibs\n")
    assert _owners(known, "Talibs") == set()
    assert _owners(known, "Taliban") == {"TALIBAN"}


def test_comment_lines_are_left_out(tmp_path: Path) -> None:
    known = _with(tmp_path, "actor_id,name\n# a note\nXCLUB,Example Chess Club\n")
    assert "XCLUB" in known.by_id


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ("name\nExample\n", "column actor_id is missing"),
        ("actor_id,name,kind\nX,Example,club\n", "own.csv, line 2: kind 'club' is none of"),
        ("actor_id,name,start\nX,Example,soon\n", "own.csv, line 2: start 'soon' is not a date"),
        ("actor_id,name,parent\nX,Example,NOBODY\n", "own.csv, line 2: parent 'NOBODY' is no actor_id"),
        ("actor_id,not_aliases\nTALIBAN,Teletubbies\n", "'Teletubbies' is no name of TALIBAN"),
        ("actor_id,name,parent\nX,Example X,Y\nY,Example Y,X\n", "a circle of parents"),
        ("actor_id,name\nX,Example,too many\n", "own.csv, line 2: expected 2 cells"),
        ("actor_id,name,wikidata\nX,Example,843\n", "wikidata '843' is not an id like Q843"),
    ],
)
def test_fault_is_named_with_file_and_line(tmp_path: Path, table: str, complaint: str) -> None:
    with pytest.raises(KnowledgeError, match=re.escape(complaint)):
        _with(tmp_path, table)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=re.escape(str(tmp_path / "none.csv"))):
        load_actors(tmp_path / "none.csv")


def test_changed_file_is_read_again(tmp_path: Path) -> None:
    import os

    own = tmp_path / "own.csv"
    own.write_text("actor_id,name\nXONE,Example One\n", encoding="utf-8")
    assert "XONE" in load_actors(own).by_id
    own.write_text("actor_id,name\nXTWO,Example Two\n", encoding="utf-8")
    os.utime(own, ns=(1, 1))
    assert "XTWO" in load_actors(own).by_id
