"""Who can act: states and their parts, armed groups, organizations, parties, media and leaders, with every name that texts give them.

What belongs here: the records that the tables under ``actors/`` become, and loading them once. What does not: reading and checking
the tables (``actor_tables.py``), advice on questionable lines (``actor_lint.py``), finding names in a text
(``tag/actor_gazetteer.py``) or deciding what a name means in a sentence (``tag/actors.py``).
"""

import gc
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pipeline.records import ActorKind

Reading = Literal["name", "capital", "adjective", "people", "seat", "building", "person", "surname"]

FOLDER = Path(__file__).parent / "actors"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who can act. ``country`` is ISO 3166-1 alpha-3; ``parent`` the actor on whose behalf it acts; dates are inclusive.

    ``cameo`` is the code that CAMEO and PLOVER data sets use for it: PAKGOV, AFGREBTAL, IGOUNO.
    """

    actor_id: str
    name: str
    kind: ActorKind
    country: str | None = None
    start: date | None = None
    end: date | None = None
    parent: str | None = None
    wikidata: str | None = None
    source: str = ""
    cameo: str | None = None


@dataclass(frozen=True, slots=True)
class Alias:
    """One name of an actor. ``needs_context`` says that the name alone is not enough; ``reading`` what kind of name it is.

    A "seat" is an institution that always acts ("Duma"), a "building" or a "capital" may also be just a place ("in the Kremlin").
    Names that need context may belong to several actors: "Congress", "the Front", a family name.
    """

    actor_id: str
    alias: str
    reading: Reading
    needs_context: bool
    source: str


@dataclass(frozen=True, slots=True)
class Role:
    """What an actor was between two dates: the Taliban are an armed group, and at times the government of Afghanistan.

    A person's role is the office as news styles it ("foreign minister"), its ``parent`` the body that it was held in.
    """

    actor_id: str
    parent: str | None
    role: str
    start: date | None
    end: date | None
    source: str


LinkRelation = Literal["splinter_of", "merged_into", "renamed_from", "allied_with"]


@dataclass(frozen=True, slots=True)
class Link:
    """How two organizations stand to each other in their own histories."""

    actor_id: str
    relation: LinkRelation
    other: str
    start: date | None
    end: date | None
    source: str


@dataclass(frozen=True, slots=True)
class ActorKnowledge:
    """All that is known about actors.

    ``state_parts`` maps a noun phrase ("prime minister") to a key of ``actor_tables.STATE_PARTS``; ``collectives`` a noun ("gunmen")
    to its collective name and kind; ``titles`` a personal title ("foreign minister") to the state part its holder belongs to, or "".
    ``forms_of_address`` are those titles that name no office ("Mrs."). ``reading_cues`` tells for (kind of neighbour, its lemma)
    whether a place name beside it stands for an actor; ``not_names`` are words that models take for names; ``pronouns`` say
    whom they can stand for (person, thing, many);
    ``name_kinds`` what the last word of an unknown name says about its bearer ("Brigade").
    ``offices`` are the roles of each person; ``confidence`` says for each way of reading an actor how often it was right on gold data.
    """

    by_id: Mapping[str, Actor]
    aliases: tuple[Alias, ...]
    roles: tuple[Role, ...]
    links: tuple[Link, ...]
    offices: Mapping[str, tuple[Role, ...]]
    state_parts: Mapping[str, str]
    collectives: Mapping[str, tuple[str, ActorKind]]
    titles: Mapping[str, str]
    forms_of_address: frozenset[str]
    reading_cues: Mapping[tuple[str, str], bool]
    not_names: frozenset[str]
    pronouns: Mapping[str, str]
    name_kinds: Mapping[str, ActorKind]
    confidence: Mapping[str, float]

    @property
    def actors(self) -> Iterable[Actor]:
        """Every actor, states and their parts included."""
        return self.by_id.values()


def load_actors(own: Path | None = None) -> ActorKnowledge:
    """The project's own actor tables, with a user's own table over them; read once.

    Raises:
        KnowledgeError: a table cannot be used; the message names file and line.
    """
    return _load(own, own.stat().st_mtime_ns if own is not None and own.is_file() else 0)


@lru_cache(maxsize=4)
def _load(own: Path | None, _changed: int) -> ActorKnowledge:
    from pipeline.knowledge.actor_tables import read_actors

    collects = gc.isenabled()
    gc.disable()  # tens of thousands of records that all stay: looking for garbage among them takes half the time
    try:
        return read_actors(FOLDER, own)
    finally:
        if collects:
            gc.enable()
