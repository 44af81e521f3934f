"""Who can act: states and their parts, armed groups, organizations, parties, media, with every name that texts give them.

What belongs here: reading and checking the tables under ``actors/`` and handing them out as frozen records. What does not: finding
names in a text (``tag/actor_gazetteer.py``) or deciding what a name means in a sentence (``tag/actors.py``).

The tables are data that users edit: to add an armed group is to add a line to ``actors/groups.csv``. Lists inside a cell are
separated by ``|``. Columns that begin with ``context_`` hold names that are also something else (a word, a first name, another
country's town): they count only where the text gives further evidence.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from pipeline.errors import FaultlineError
from pipeline.records import ActorKind

Reading = Literal["name", "capital", "adjective", "people", "seat", "building"]

_FOLDER = Path(__file__).parent / "actors"
_ORGANIZATION_TABLES = ("groups.csv", "organizations.csv", "parties.csv", "media.csv", "populations.csv")
_READINGS_OF_METONYM: Mapping[str, Reading] = {"actor": "seat", "building": "building", "place": "capital"}
_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")

# Suffix of the actor_id of a state's part: kind, how it is named, and whether it acts for the state (its parent).
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


class KnowledgeError(FaultlineError):
    """A knowledge table holds something that cannot be used: the message names file and line."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who can act. ``country`` is ISO 3166-1 alpha-3; ``parent`` the actor on whose behalf it acts; dates are inclusive."""

    actor_id: str
    name: str
    kind: ActorKind
    country: str | None = None
    start: date | None = None
    end: date | None = None
    parent: str | None = None
    wikidata: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Alias:
    """One name of an actor. ``needs_context`` says that the name alone is not enough; ``reading`` what kind of name it is.

    A "seat" is an institution that always acts ("Duma"), a "building" or a "capital" may also be just a place ("in the Kremlin").
    """

    actor_id: str
    alias: str
    reading: Reading
    needs_context: bool
    source: str


@dataclass(frozen=True, slots=True)
class Role:
    """What an actor was between two dates: the Taliban are an armed group, and at times the government of Afghanistan."""

    actor_id: str
    parent: str | None
    role: str
    start: date | None
    end: date | None
    source: str


@dataclass(frozen=True, slots=True)
class ActorKnowledge:
    """All that is known about actors.

    ``state_parts`` maps a noun phrase ("prime minister") to a key of ``STATE_PARTS``; ``collectives`` a noun ("gunmen") to its
    collective name and kind; ``titles`` a personal title ("foreign minister") to the state part its holder belongs to, or "".
    ``forms_of_address`` are those titles that name no office ("Mrs."). ``reading_cues`` tells for (kind of neighbour, its lemma) whether a place name beside it stands for an actor;
    ``not_names`` are words that models take for names.
    """

    by_id: Mapping[str, Actor]
    aliases: tuple[Alias, ...]
    roles: tuple[Role, ...]
    state_parts: Mapping[str, str]
    collectives: Mapping[str, tuple[str, ActorKind]]
    titles: Mapping[str, str]
    forms_of_address: frozenset[str]
    reading_cues: Mapping[tuple[str, str], bool]
    not_names: frozenset[str]

    @property
    def actors(self) -> Iterable[Actor]:
        """Every actor, states and their parts included."""
        return self.by_id.values()


def folded(text: str) -> str:
    """Text without accents: "Sana'a" stays, "Élysée" becomes "Elysee". Never changes the length of composed text."""
    if text.isascii():
        return text
    return "".join(unicodedata.normalize("NFD", c)[0] if c.isalpha() else c for c in text)


def name_key(name: str) -> tuple[str, ...]:
    """The words of a name as names are compared: without accents, hyphens, apostrophes and the points of "U.S."."""
    return tuple(w.replace(".", "") for w in _WORD.findall(folded(name)))


class _Row(dict[str, str]):
    """One line of a table that knows where it stands."""

    where: str

    def items_of(self, column: str) -> list[str]:
        return [x.strip() for x in self.get(column, "").split("|") if x.strip()]

    def date_of(self, column: str) -> date | None:
        text = self.get(column, "")
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as error:
            msg = f"{self.where}: {column} {text!r} is not a date like 2007-12-14"
            raise KnowledgeError(msg) from error


def read_table(path: Path, columns: Iterable[str]) -> Iterator[_Row]:
    """Rows of a CSV table with the named columns present.

    Raises:
        KnowledgeError: a column is missing, a line has too many or too few cells, or its source is empty.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = {*columns, "source"} - set(reader.fieldnames or ())
        if missing:
            msg = f"{path}: column {', '.join(sorted(missing))} is missing"
            raise KnowledgeError(msg)
        for cells in reader:
            where = f"{path}, line {reader.line_num}"
            if None in cells or None in cells.values():
                msg = f"{where}: expected {len(reader.fieldnames or ())} cells"
                raise KnowledgeError(msg)
            row = _Row({k: v.strip() for k, v in cells.items()})
            row.where = where
            if not row["source"]:
                msg = f"{where}: the source is empty"
                raise KnowledgeError(msg)
            yield row


class _Reader:
    """Collects the tables and checks them against each other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.by_id: dict[str, Actor] = {}
        self.aliases: list[Alias] = []
        self.roles: list[Role] = []
        self._owner: dict[tuple[str, ...], tuple[str, str]] = {}
        self._references: list[tuple[str, str, str]] = []

    def add_actor(self, row: _Row, actor: Actor) -> None:
        if not actor.actor_id or not actor.name:
            msg = f"{row.where}: actor_id and name must not be empty"
            raise KnowledgeError(msg)
        if actor.actor_id in self.by_id:
            msg = f"{row.where}: actor_id {actor.actor_id} is taken"
            raise KnowledgeError(msg)
        if actor.kind not in get_args(ActorKind):
            msg = f"{row.where}: kind {actor.kind!r} is none of {', '.join(get_args(ActorKind))}"
            raise KnowledgeError(msg)
        if actor.start and actor.end and actor.end < actor.start:
            msg = f"{row.where}: {actor.actor_id} ends before it starts"
            raise KnowledgeError(msg)
        self.by_id[actor.actor_id] = actor
        if actor.parent:
            self._references.append((row.where, "parent", actor.parent))

    def add_alias(self, row: _Row, actor_id: str, alias: str, reading: Reading, *, needs_context: bool = False) -> None:
        key = name_key(alias)
        if not key:
            msg = f"{row.where}: alias {alias!r} holds no word"
            raise KnowledgeError(msg)
        if key in self._owner:
            owner, where = self._owner[key]
            if owner != actor_id:
                msg = f"{row.where}: alias {alias!r} of {actor_id} already belongs to {owner} ({where})"
                raise KnowledgeError(msg)
            return
        self._owner[key] = actor_id, row.where
        self.aliases.append(Alias(actor_id, alias, reading, needs_context, row["source"]))

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
                row.date_of("start"),
                row.date_of("end"),
                row["parent"] or None,
                row["wikidata"] or None,
                row["source"],
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
                parent = state.actor_id if acts_for_state else None
                name = named.format(state.name)
                self.add_actor(
                    row,
                    Actor(
                        state.actor_id + part,
                        name,
                        kind,
                        state.country,
                        state.start,
                        state.end,
                        parent,
                        None,
                        "derived",
                    ),
                )

    def read_organizations(self, table: str) -> None:
        columns = [
            "actor_id",
            "name",
            "kind",
            "country",
            "wikidata",
            "start",
            "end",
            "aliases",
            "context_aliases",
            "parent",
        ]
        for row in read_table(self.folder / table, columns):
            actor = Actor(
                row["actor_id"],
                row["name"],
                row["kind"],  # type: ignore[arg-type]  # add_actor checks it
                row["country"] or None,
                row.date_of("start"),
                row.date_of("end"),
                row["parent"] or None,
                row["wikidata"] or None,
                row["source"],
            )
            self.add_actor(row, actor)
            ambiguous = row.items_of("context_aliases")
            for name in dict.fromkeys([row["name"], *row.items_of("aliases")]):
                if name not in ambiguous:
                    self.add_alias(row, actor.actor_id, name, "name")
            for name in ambiguous:
                self.add_alias(row, actor.actor_id, name, "name", needs_context=True)

    def read_metonyms(self) -> None:
        for row in read_table(self.folder / "metonyms.csv", ["phrase", "actor_id", "reading", "needs_context"]):
            reading = _READINGS_OF_METONYM.get(row["reading"])
            if reading is None:
                msg = f"{row.where}: reading {row['reading']!r} is none of {', '.join(_READINGS_OF_METONYM)}"
                raise KnowledgeError(msg)
            self._references.append((row.where, "actor_id", row["actor_id"]))
            self.add_alias(row, row["actor_id"], row["phrase"], reading, needs_context=bool(row["needs_context"]))

    def read_roles(self) -> None:
        for row in read_table(self.folder / "roles.csv", ["actor_id", "parent", "role", "start", "end"]):
            role = Role(
                row["actor_id"],
                row["parent"] or None,
                row["role"],
                row.date_of("start"),
                row.date_of("end"),
                row["source"],
            )
            if role.start and role.end and role.end < role.start:
                msg = f"{row.where}: the role of {role.actor_id} ends before it starts"
                raise KnowledgeError(msg)
            self._references.append((row.where, "actor_id", role.actor_id))
            if role.parent:
                self._references.append((row.where, "parent", role.parent))
            self.roles.append(role)

    def check_references(self) -> None:
        for where, column, actor_id in self._references:
            if actor_id not in self.by_id:
                msg = f"{where}: {column} {actor_id!r} is no actor_id of any table"
                raise KnowledgeError(msg)


def read_actors(folder: Path) -> ActorKnowledge:
    """Read and check the tables of a folder.

    Raises:
        KnowledgeError: a name that two actors claim, an unknown parent, a bad date; the message names file and line.
    """
    reader = _Reader(folder)
    reader.read_states()
    for table in _ORGANIZATION_TABLES:
        if (folder / table).is_file():
            reader.read_organizations(table)
    reader.read_metonyms()
    reader.read_roles()
    reader.check_references()
    parts = {}
    for row in read_table(folder / "state_parts.csv", ["phrase", "part"]):
        if row["part"] not in STATE_PARTS:
            msg = f"{row.where}: part {row['part']!r} is none of {', '.join(STATE_PARTS)}"
            raise KnowledgeError(msg)
        parts[row["phrase"].lower()] = row["part"]
    collectives: dict[str, tuple[str, ActorKind]] = {}
    for row in read_table(folder / "collectives.csv", ["noun", "collective", "kind"]):
        if row["kind"] not in get_args(ActorKind):
            msg = f"{row.where}: kind {row['kind']!r} is none of {', '.join(get_args(ActorKind))}"
            raise KnowledgeError(msg)
        collectives[row["noun"]] = (row["collective"], row["kind"])  # type: ignore[assignment]  # checked above
    cues = {}
    for row in read_table(folder / "reading_cues.csv", ["cue", "word", "reading"]):
        if row["reading"] not in ("actor", "place"):
            msg = f"{row.where}: reading {row['reading']!r} is neither actor nor place"
            raise KnowledgeError(msg)
        cues[row["cue"], row["word"]] = row["reading"] == "actor"
    not_names = frozenset(row["name"] for row in read_table(folder / "not_names.csv", ["name"]))
    titles, addresses = {}, set()
    for row in read_table(folder / "titles.csv", ["title", "part", "address"]):
        titles[row["title"].lower()] = row["part"]
        if row["address"]:
            addresses.add(row["title"].lower())
    return ActorKnowledge(
        by_id=reader.by_id,
        aliases=tuple(reader.aliases),
        roles=tuple(reader.roles),
        state_parts=parts,
        collectives=collectives,
        titles=titles,
        forms_of_address=frozenset(addresses),
        reading_cues=cues,
        not_names=not_names,
    )


@lru_cache(maxsize=1)
def load_actors() -> ActorKnowledge:
    """The project's own actor tables, read once."""
    return read_actors(_FOLDER)
