"""Advice on the actor tables: what can be loaded and is probably wrong all the same.

What belongs here: the ways in which dictionaries of actors rot, each found and said with what to do. What was looked at and is right all
the same stands in ``actors/lint_accepted.csv``. What does not: faults that make a
table unusable, which ``actor_tables.py`` refuses.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from rapidfuzz.distance import JaroWinkler

from pipeline.knowledge.actors import FOLDER, Actor, ActorKnowledge, Role
from pipeline.knowledge.names import name_key
from pipeline.knowledge.places import PlaceKnowledge
from pipeline.knowledge.tables import read_table
from pipeline.knowledge.words import common_words

_SHORTEST_SAFE_ACRONYM = 3
_LARGE_TOWN = 100_000
_NEARLY_THE_SAME = 0.97
_HANDOVER = timedelta(days=45)
# Offices that one person at a time holds in a state.
_SINGLE_OFFICES = frozenset({"president", "prime minister", "chancellor", "king", "foreign minister", "supreme leader"})


@dataclass(frozen=True, slots=True)
class Finding:
    """A questionable line: which actor, which name or other actor about it, what to do."""

    actor_id: str
    check: str
    about: str
    message: str


def lint_actors(known: ActorKnowledge, places: PlaceKnowledge) -> list[Finding]:
    """All findings, by check and actor."""
    checks = (
        _dangerous_names(known, places),
        _ids(known),
        _lifetimes(known),
        _offices(known),
        _twins(known),
        _links(known),
    )
    accepted = {
        (row["actor_id"], row["check"], row["about"])
        for row in read_table(FOLDER / "lint_accepted.csv", ["actor_id", "check", "about"])
    }
    found = {f for check in checks for f in check if (f.actor_id, f.check, f.about) not in accepted}
    return sorted(found, key=lambda f: (f.check, f.actor_id, f.message))


def _dangerous_names(known: ActorKnowledge, places: PlaceKnowledge) -> Iterator[Finding]:
    """Names that mean something else more often than the actor, and do not ask for context."""
    words = {*known.state_parts, *known.collectives, *known.titles, *common_words()}
    first_names = {a.name.split()[0] for a in known.actors if a.kind == "person" and " " in a.name}
    for alias in known.aliases:
        if alias.needs_context or alias.reading in ("adjective", "people"):
            continue
        actor, key = known.by_id[alias.actor_id], name_key(alias.alias)
        what = None
        if len(key) > 1:
            bare = [w.lower() for w in key if w != "The"]
            if key[0] == "The" and len(bare) == 1 and bare[0] in words:
                yield Finding(
                    actor.actor_id, "dangerous name", alias.alias, _advice(alias.alias, "begins sentences too")
                )
            continue
        if len(key[0]) < _SHORTEST_SAFE_ACRONYM and actor.kind not in ("state", "organization"):
            what = "is too short to be unmistakable"
        elif alias.alias.lower() in words:
            what = "is a common noun or function word"
        elif alias.alias in first_names and actor.kind not in ("state", "government"):
            what = "is also a first name"
        elif actor.kind not in ("state", "government") and alias.reading == "name" and not alias.alias.isupper():
            place = places.find(alias.alias)
            if place is not None and (key in places.listed or place.population >= _LARGE_TOWN):
                what = f"is also a town ({place.country})"
        if what is not None:
            yield Finding(actor.actor_id, "dangerous name", alias.alias, _advice(alias.alias, what))


def _advice(name: str, what: str) -> str:
    return f"{name!r} {what}: move it to the context_ column"


def _ids(known: ActorKnowledge) -> Iterator[Finding]:
    by_wikidata: dict[str, list[str]] = defaultdict(list)
    for actor in known.actors:
        if actor.wikidata:
            by_wikidata[actor.wikidata].append(actor.actor_id)
    for wikidata, actors in by_wikidata.items():
        if len(actors) > 1:
            yield Finding(actors[0], "wikidata", wikidata, f"{wikidata} is also that of {', '.join(actors[1:])}")


def _lifetimes(known: ActorKnowledge) -> Iterator[Finding]:
    for actor in known.actors:
        parent = known.by_id.get(actor.parent or "")
        if parent is None or actor.source == "derived":
            continue
        if parent.end and not actor.end and actor.kind != "person":
            yield Finding(
                actor.actor_id,
                "lifetime",
                parent.actor_id,
                f"its parent {parent.actor_id} ended on {parent.end}, it has no end",
            )
        if parent.end and actor.start and actor.start > parent.end:
            yield Finding(
                actor.actor_id, "lifetime", parent.actor_id, f"it starts after its parent {parent.actor_id} ended"
            )
    for role in known.roles:
        actor = known.by_id[role.actor_id]
        if actor.start and role.end and role.end < actor.start:
            yield Finding(
                actor.actor_id,
                "lifetime",
                role.role,
                f"was {role.role} until {role.end}, before its own start {actor.start}",
            )
        if actor.end and role.start and role.start > actor.end:
            yield Finding(
                actor.actor_id,
                "lifetime",
                role.role,
                f"was {role.role} from {role.start}, after its own end {actor.end}",
            )


def _offices(known: ActorKnowledge) -> Iterator[Finding]:
    """Two holders of one office at a time, longer than a handover takes."""
    holders: dict[tuple[str, str], list[Role]] = defaultdict(list)
    for roles in known.offices.values():
        for role in roles:
            if role.parent and role.role in _SINGLE_OFFICES:
                holders[role.parent, role.role].append(role)
    for (body, office), terms in holders.items():
        for a, b in combinations(sorted(terms, key=lambda r: (r.start or date.min, r.actor_id)), 2):
            if a.actor_id == b.actor_id or a.start is None or b.start is None:
                continue
            if b.start + _tolerance(a.end, b.start) < (a.end or date.max):
                message = f"is {office} in {body} from {b.start}, while {a.actor_id} is until {a.end or 'now'}"
                yield Finding(b.actor_id, "office", a.actor_id, message)


def _tolerance(end: date | None, start: date) -> timedelta:
    """How long two terms may overlap: a handover, or the year that a table names where it names no day."""
    whole_year = (end is not None and (end.month, end.day) == (12, 31)) or (start.month, start.day) == (1, 1)
    return timedelta(days=366) if whole_year else _HANDOVER


def _twins(known: ActorKnowledge) -> Iterator[Finding]:
    """Two lines that may be one actor: nearly the same name in one country."""
    groups: dict[tuple[str | None, str], list[Actor]] = defaultdict(list)
    for actor in known.actors:
        if actor.source != "derived" and actor.kind in ("armed_group", "party", "organization", "person"):
            groups[actor.country, name_key(actor.name)[0][:2].lower()].append(actor)
    for actors in groups.values():
        for a, b in combinations(actors, 2):
            if _numbers(a.name) == _numbers(b.name):
                alike = JaroWinkler.normalized_similarity(a.name.lower(), b.name.lower())
                if alike >= _NEARLY_THE_SAME:
                    yield Finding(a.actor_id, "twin", b.actor_id, f"{a.name!r} may be {b.actor_id}, {b.name!r}")


def _numbers(name: str) -> set[str]:
    return {w for w in name.split() if any(c.isdigit() for c in w) or w.isupper()}


def _links(known: ActorKnowledge) -> Iterator[Finding]:
    came_from: dict[str, set[str]] = defaultdict(set)
    for link in known.links:
        if link.relation in ("splinter_of", "renamed_from"):
            came_from[link.actor_id].add(link.other)
        actor, other = known.by_id[link.actor_id], known.by_id[link.other]
        if link.relation == "splinter_of" and actor.start and other.start and actor.start < other.start:
            yield Finding(
                actor.actor_id,
                "link",
                other.actor_id,
                f"is older than {other.actor_id}, of which it is said to be a splinter",
            )
    for actor_id in sorted(came_from):
        if actor_id in _ancestors(actor_id, came_from):
            yield Finding(actor_id, "link", actor_id, "comes, by its links, from itself")


def _ancestors(actor_id: str, came_from: dict[str, set[str]]) -> Iterable[str]:
    seen: set[str] = set()
    todo = list(came_from.get(actor_id, ()))
    while todo:
        above = todo.pop()
        if above not in seen:
            seen.add(above)
            todo.extend(came_from.get(above, ()))
    return seen
