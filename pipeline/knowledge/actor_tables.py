"""Reading the tables under ``actors/`` and checking them against each other.

What belongs here: what each table's columns mean, and errors that name file and line. What does not: the records (``actors.py``).

The tables are data that users edit: to add an armed group is to add a line to a file under ``actors/groups/``, or to a file of
one's own that the settings name. Groups and leaders are many and have a file for each region of the world. Lists inside a cell are separated by ``|``. Columns that begin with ``context_`` hold names that are also something
else (a word, a first name, another country's town): they count only where the text gives further evidence, and several actors may
have them.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from pipeline.errors import KnowledgeError
from pipeline.knowledge.actors import Actor, ActorKnowledge, Alias, Link, LinkRelation, Reading, Role
from pipeline.knowledge.names import folded, name_key
from pipeline.knowledge.tables import Row, read_table
from pipeline.records import ActorKind

_ORGANIZATION_TABLES = (
    "groups/*.csv",
    "organizations.csv",
    "agencies.csv",
    "parties.csv",
    "media.csv",
    "populations.csv",
)
_ORGANIZATION_COLUMNS = (
    "actor_id", "name", "kind", "country", "cameo", "wikidata", "start", "end", "aliases", "context_aliases", "parent",
)  # fmt: skip
_READINGS_OF_METONYM: Mapping[str, Reading] = {"actor": "seat", "building": "building", "place": "capital"}
_KINDS = get_args(ActorKind)
_WIKIDATA = re.compile(r"Q[1-9]\d*")
_CAMEO = re.compile(r"[A-Z]{3,}")
_PARTICLES = frozenset(["al", "el", "bin", "ibn", "abu", "van", "von", "de", "da", "del", "der", "la", "le"])
_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")

# Suffix of the actor_id of a state's part (CAMEO's secondary role codes): kind, how it is named, and whether it acts for the state.
STATE_PARTS: Mapping[str, tuple[ActorKind, str, bool]] = {
    "GOV": ("government", "government of {}", True),
    "MIL": ("military", "armed forces of {}", True),
    "COP": ("police", "police of {}", True),
    "LEG": ("government", "parliament of {}", True),
    "JUD": ("government", "courts of {}", True),
    "SPY": ("government", "intelligence services of {}", True),
    "CVL": ("population", "people of {}", False),
    "OPP": ("party", "opposition in {}", False),
    "REB": ("armed_group", "rebels in {}", False),
    "MED": ("media", "media of {}", False),
}


def slug(name: str) -> str:
    """A name as part of an id: "Zabihullah Mujahid" becomes "zabihullah-mujahid"."""
    return _NOT_IN_SLUG.sub("-", folded(name).lower()).strip("-")


def _is_short(name: str, family_name: str) -> bool:
    """Whether a leader's name is only the family name, with or without its particle: "al-Assad"."""
    if name == family_name or " " not in name:
        return True
    words = [w for w in name_key(name) if w.lower() not in _PARTICLES]
    return len(words) < 2  # noqa: PLR2004


class _Reader:
    """Collects the tables and checks them against each other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.by_id: dict[str, Actor] = {}
        self.aliases: dict[tuple[str, ...], list[Alias]] = {}
        self.roles: list[Role] = []
        self.links: list[Link] = []
        self._where: dict[tuple[tuple[str, ...], str], str] = {}
        self._references: list[tuple[Row, str, str]] = []

    def add_actor(self, row: Row, actor: Actor, *, again: bool = False) -> None:
        if not actor.actor_id or not actor.name:
            raise row.error("actor_id and name must not be empty")
        if actor.actor_id in self.by_id and not again:
            raise row.error(f"actor_id {actor.actor_id} is taken")
        if actor.kind not in _KINDS:
            raise row.error(f"kind {actor.kind!r} is none of {', '.join(_KINDS)}")
        if actor.start and actor.end and actor.end < actor.start:
            raise row.error(f"{actor.actor_id} ends before it starts")
        if actor.wikidata and not _WIKIDATA.fullmatch(actor.wikidata):
            raise row.error(f"wikidata {actor.wikidata!r} is not an id like Q843")
        if actor.cameo and not _CAMEO.fullmatch(actor.cameo):
            raise row.error(f"cameo {actor.cameo!r} is not a code like AFGREBTAL")
        self.by_id[actor.actor_id] = actor
        if actor.parent:
            self._references.append((row, "parent", actor.parent))

    def add_alias(self, row: Row, actor_id: str, alias: str, reading: Reading, *, needs_context: bool = False) -> None:
        """Add a name. Only names that need context can have several owners; a family name gives way to any other name."""
        key = name_key(alias)
        if not key:
            raise row.error(f"alias {alias!r} holds no word")
        others = self.aliases.setdefault(key, [])
        if any(a.actor_id == actor_id for a in others):
            return
        if reading == "person" and any(a.reading == "person" for a in others):  # namesakes
            others[:] = [replace(a, needs_context=True) for a in others]
            needs_context = True
        for other in others:
            if not (needs_context and other.needs_context) and "surname" not in (reading, other.reading):
                where = self._where[key, other.actor_id]
                raise row.error(
                    f"alias {alias!r} of {actor_id} already belongs to {other.actor_id} ({where}): "
                    "a name that several actors have stands in context_aliases of each"
                )
        self._where[key, actor_id] = row.where
        others.append(Alias(actor_id, alias, reading, needs_context, row["source"]))

    def read_states(self) -> None:
        lists: tuple[tuple[str, Reading], ...] = (
            ("aliases", "name"),
            ("capitals", "capital"),
            ("adjectives", "adjective"),
            ("people", "people"),
        )
        columns = [f"{prefix}{column}" for column, _ in lists for prefix in ("", "context_")]
        for row in read_table(self.folder / "states.csv", ["actor_id", "name", "country", "start", "end", *columns]):
            state = Actor(
                row["actor_id"],
                row["name"],
                "state",
                row["country"] or None,
                row.first_day("start"),
                row.last_day("end"),
                row["parent"] or None,
                row["wikidata"] or None,
                row["source"],
                row["country"] or None,
            )
            self.add_actor(row, state)
            for column, reading in lists:
                names = row.items_of(column)
                if column == "aliases" and row["name"] not in row.items_of("context_aliases"):
                    names.insert(0, row["name"])
                for name in names:
                    self.add_alias(row, state.actor_id, name, reading)
                for name in row.items_of(f"context_{column}"):
                    self.add_alias(row, state.actor_id, name, reading, needs_context=True)
            for part, (kind, named, acts_for_state) in STATE_PARTS.items():
                actor = replace(
                    state,
                    actor_id=state.actor_id + part,
                    name=named.format(state.name),
                    kind=kind,
                    parent=state.actor_id if acts_for_state else None,
                    wikidata=None,
                    source="derived",
                    cameo=f"{state.cameo}{part}" if state.cameo else None,
                )
                self.add_actor(row, actor)

    def read_organizations(self, tables: str) -> None:
        for table in sorted(self.folder.glob(tables)):
            for row in read_table(table, _ORGANIZATION_COLUMNS):
                actor = self._organization(row)
                self.add_actor(row, actor)
                self._add_names(row, actor)

    @staticmethod
    def _organization(row: Row) -> Actor:
        return Actor(
            row["actor_id"],
            row["name"],
            row["kind"],  # type: ignore[arg-type]  # add_actor checks it
            row["country"] or None,
            row.first_day("start"),
            row.last_day("end"),
            row["parent"] or None,
            row["wikidata"] or None,
            row["source"],
            row["cameo"] or None,
        )

    def _add_names(self, row: Row, actor: Actor) -> None:
        ambiguous = row.items_of("context_aliases")
        for name in dict.fromkeys([row["name"] or actor.name, *row.items_of("aliases")]):
            if name not in ambiguous:
                self.add_alias(row, actor.actor_id, name, "name")
        for name in ambiguous:
            self.add_alias(row, actor.actor_id, name, "name", needs_context=True)

    def read_metonyms(self) -> None:
        for row in read_table(self.folder / "metonyms.csv", ["phrase", "actor_id", "reading", "needs_context"]):
            reading = _READINGS_OF_METONYM.get(row["reading"])
            if reading is None:
                raise row.error(f"reading {row['reading']!r} is none of {', '.join(_READINGS_OF_METONYM)}")
            self._references.append((row, "actor_id", row["actor_id"]))
            self.add_alias(row, row["actor_id"], row["phrase"], reading, needs_context=bool(row["needs_context"]))

    def read_leaders(self) -> None:
        """Persons who held an office, a line a term. The id is that which the tagger gives a person of that name."""
        columns = ["country", "body", "name", "family_name", "aliases", "start", "end", "title"]
        tables = sorted(self.folder.glob("leaders/*.csv"))
        rows = [row for table in tables for row in read_table(table, columns)]
        countries: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            countries[slug(row["name"])].add(row["country"])
        for row in rows:
            actor_id = f"person:{slug(row['name'])}"
            if len(countries[slug(row["name"])]) > 1:  # namesakes
                actor_id += f"-{row['country'].lower()}"
            if actor_id not in self.by_id:
                country = row["country"] or None
                self.add_actor(row, Actor(actor_id, row["name"], "person", country, source=row["source"]))
            names = dict.fromkeys([row["name"], *row.items_of("aliases"), row["family_name"]])
            for name in filter(None, names):
                if _is_short(name, row["family_name"]):
                    self.add_alias(row, actor_id, name, "surname", needs_context=True)
                else:
                    taken = any(a.reading != "person" for a in self.aliases.get(name_key(name), []))
                    self.add_alias(row, actor_id, name, "person", needs_context=taken)
            self._add_role(row, actor_id, row["body"] or None, row["title"].lower())

    def read_roles(self) -> None:
        for row in read_table(self.folder / "roles.csv", ["actor_id", "parent", "role", "start", "end"]):
            self._add_role(row, row["actor_id"], row["parent"] or None, row["role"])

    def _add_role(self, row: Row, actor_id: str, parent: str | None, role: str) -> None:
        added = Role(actor_id, parent, role, row.first_day("start"), row.last_day("end"), row["source"])
        if added.start and added.end and added.end < added.start:
            raise row.error(f"the role of {actor_id} ends before it starts")
        self._references.append((row, "actor_id", actor_id))
        if parent:
            self._references.append((row, "parent", parent))
        self.roles.append(added)

    def read_links(self) -> None:
        known: set[tuple[str, str, str]] = set()
        for row in read_table(self.folder / "links.csv", ["actor_id", "relation", "other", "start", "end"]):
            if row["relation"] not in get_args(LinkRelation):
                raise row.error(f"relation {row['relation']!r} is none of {', '.join(get_args(LinkRelation))}")
            if row["actor_id"] == row["other"]:
                raise row.error(f"{row['actor_id']} is linked to itself")
            said = (row["actor_id"], row["relation"], row["other"])
            if said in known:
                raise row.error(f"{row['actor_id']} {row['relation']} {row['other']} is said twice")
            known.add(said)
            self._references += [(row, "actor_id", row["actor_id"]), (row, "other", row["other"])]
            self.links.append(
                Link(
                    row["actor_id"],
                    row["relation"],  # type: ignore[arg-type]  # checked above
                    row["other"],
                    row.first_day("start"),
                    row.last_day("end"),
                    row["source"],
                )
            )

    def read_own(self, path: Path) -> None:
        """A user's table: lines add actors, or change those whose actor_id they name. Its names are taken from whoever had them."""
        for row in read_table(path, ["actor_id"], needs_source=False):
            for column in _ORGANIZATION_COLUMNS:
                row.setdefault(column, "")
            known = self.by_id.get(row["actor_id"])
            if known is None:
                row["kind"] = row["kind"] or "organization"
                actor = self._organization(row)
            else:
                said: dict[str, Any] = {
                    "name": row["name"],
                    "kind": row["kind"],
                    "country": row["country"],
                    "start": row.first_day("start"),
                    "end": row.last_day("end"),
                    "parent": row["parent"],
                    "wikidata": row["wikidata"],
                    "cameo": row["cameo"],
                }
                actor = replace(known, **{k: v for k, v in said.items() if v}, source=row["source"])
            self.add_actor(row, actor, again=True)
            for name in (row["name"], *row.items_of("aliases"), *row.items_of("context_aliases")):
                self.aliases.pop(name_key(name), None)
            for name in row.items_of("not_aliases"):
                key = name_key(name)
                if not any(a.actor_id == actor.actor_id for a in self.aliases.get(key, [])):
                    raise row.error(f"{name!r} is no name of {actor.actor_id}: there is nothing to take away")
                self.aliases[key] = [a for a in self.aliases[key] if a.actor_id != actor.actor_id]
            self._add_names(row, actor)

    def check_references(self) -> None:
        for row, column, actor_id in self._references:
            if actor_id not in self.by_id:
                raise row.error(f"{column} {actor_id!r} is no actor_id of any table")
        countries = {a.country for a in self.by_id.values() if a.kind == "state"}
        for actor in self.by_id.values():
            if actor.country and actor.country not in countries:
                msg = f"{actor.actor_id}: country {actor.country!r} is that of no line of states.csv"
                raise KnowledgeError(msg)
            above = [actor.actor_id]
            while (parent := self.by_id[above[-1]].parent) is not None:
                if parent in above:
                    msg = f"{' → '.join([*above, parent])}: a circle of parents"
                    raise KnowledgeError(msg)
                above.append(parent)


def read_actors(folder: Path, own: Path | None = None) -> ActorKnowledge:
    """Read and check the tables of a folder, and a user's own table over them.

    Raises:
        KnowledgeError: a name that two actors claim, an unknown parent, a circle of parents, a bad date; the message names file and line.
    """
    reader = _Reader(folder)
    reader.read_states()
    for tables in _ORGANIZATION_TABLES:
        reader.read_organizations(tables)
    reader.read_metonyms()
    reader.read_roles()
    reader.read_leaders()
    reader.read_links()
    if own is not None:
        reader.read_own(own)
    reader.check_references()
    offices: dict[str, list[Role]] = defaultdict(list)
    for role in reader.roles:
        if reader.by_id[role.actor_id].kind == "person":
            offices[role.actor_id].append(role)
    parts = {}
    for row in read_table(folder / "state_parts.csv", ["phrase", "part"]):
        if row["part"] not in STATE_PARTS:
            raise row.error(f"part {row['part']!r} is none of {', '.join(STATE_PARTS)}")
        parts[row["phrase"].lower()] = row["part"]
    collectives: dict[str, tuple[str, ActorKind]] = {}
    for row in read_table(folder / "collectives.csv", ["noun", "collective", "kind"]):
        if row["kind"] not in _KINDS:
            raise row.error(f"kind {row['kind']!r} is none of {', '.join(_KINDS)}")
        collectives[row["noun"]] = (row["collective"], row["kind"])  # type: ignore[assignment]  # checked above
    cues = {}
    for row in read_table(folder / "reading_cues.csv", ["cue", "word", "reading"]):
        if row["reading"] not in ("actor", "place"):
            raise row.error(f"reading {row['reading']!r} is neither actor nor place")
        cues[row["cue"], row["word"]] = row["reading"] == "actor"
    titles, addresses = {}, set()
    for row in read_table(folder / "titles.csv", ["title", "part", "address"]):
        titles[row["title"].lower()] = row["part"]
        if row["address"]:
            addresses.add(row["title"].lower())
    return ActorKnowledge(
        by_id=reader.by_id,
        aliases=tuple(a for named in reader.aliases.values() for a in named),
        roles=tuple(reader.roles),
        links=tuple(reader.links),
        offices={actor_id: tuple(roles) for actor_id, roles in offices.items()},
        state_parts=parts,
        collectives=collectives,
        titles=titles,
        forms_of_address=frozenset(addresses),
        reading_cues=cues,
        name_kinds={
            row["word"]: row["kind"]  # type: ignore[misc]  # a test compares them with the kinds
            for row in read_table(folder / "name_kinds.csv", ["word", "kind"])
        },
        pronouns={row["pronoun"]: row["agrees"] for row in read_table(folder / "pronouns.csv", ["pronoun", "agrees"])},
        confidence={
            row["rule"]: float(row["confidence"])
            for row in read_table(folder / "confidence.csv", ["rule", "confidence"])
        },
        not_names=frozenset(row["name"] for row in read_table(folder / "not_names.csv", ["name"])),
    )
