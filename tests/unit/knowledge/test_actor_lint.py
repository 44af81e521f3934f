"""Advice on the actor tables: the project's own are clean, and each kind of rot is found."""

from dataclasses import replace
from datetime import date

import pytest

from pipeline.knowledge.actor_lint import Finding, lint_actors
from pipeline.knowledge.actors import Actor, ActorKnowledge, Alias, Link, Role, load_actors
from pipeline.knowledge.places import load_places


def _findings(known: ActorKnowledge) -> list[Finding]:
    return lint_actors(known, load_places())


def test_tables_of_the_project_are_clean() -> None:
    assert _findings(load_actors()) == []


@pytest.mark.parametrize("name", ["XY", "Attack", "Cardiff"])
def test_dangerous_name_is_found(name: str) -> None:
    known = load_actors()
    bad = Alias("TTP", name, "name", needs_context=False, source="test")
    found = _findings(replace(known, aliases=(*known.aliases, bad)))
    assert [(f.actor_id, f.check, f.about) for f in found] == [("TTP", "dangerous name", name)]
    in_context = replace(bad, needs_context=True)
    assert _findings(replace(known, aliases=(*known.aliases, in_context))) == []


def test_two_holders_of_one_office_are_found() -> None:
    known = load_actors()
    terms = (
        Role("person:a", "XXXGOV", "president", date(2001, 1, 1), date(2009, 1, 1), "test"),
        Role("person:b", "XXXGOV", "president", date(2005, 1, 1), None, "test"),
        Role("person:c", "XXXGOV", "president", date(2008, 12, 20), date(2008, 12, 21), "test"),
    )
    found = _findings(replace(known, offices={**known.offices, **{t.actor_id: (t,) for t in terms}}))
    assert {(f.actor_id, f.about) for f in found} == {("person:b", "person:a"), ("person:c", "person:b")}


def test_twins_and_shared_ids_are_found() -> None:
    known = load_actors()
    one = Actor("X1", "Example Liberation Front", "armed_group", "PAK", wikidata="Q1000000001")
    two = Actor("X2", "Example Liberation Fronts", "armed_group", "PAK", wikidata="Q1000000001")
    found = _findings(replace(known, by_id={**known.by_id, "X1": one, "X2": two}))
    assert {f.check for f in found} == {"twin", "wikidata"}


def test_lifetimes_that_contradict_each_other_are_found() -> None:
    known = load_actors()
    parent = Actor("X1", "Example Union", "organization", end=date(1990, 1, 1))
    child = Actor("X2", "Example Wing", "armed_group", start=date(1995, 1, 1), parent="X1")
    role = Role("X2", None, "party", date(1980, 1, 1), date(1985, 1, 1), "test")
    changed = replace(known, by_id={**known.by_id, "X1": parent, "X2": child}, roles=(*known.roles, role))
    assert len([f for f in _findings(changed) if f.check == "lifetime"]) == 3


def test_descent_from_oneself_is_found() -> None:
    known = load_actors()
    links = (
        Link("TTP", "splinter_of", "TALIBAN", None, None, "test"),
        Link("TALIBAN", "renamed_from", "TTP", None, None, "test"),
    )
    found = _findings(replace(known, links=links))
    assert {f.actor_id for f in found if f.message.endswith("from itself")} == {"TTP", "TALIBAN"}
