"""Spellings of one name: which actors found in the texts are one and the same.

What belongs here: comparing names by token rules and by edit distance (rapidfuzz), within what a country allows. What does not: names
inside one article (``tag/actor_names.py``).

Names are compared only where they share a rare beginning (the last word of a person's name, the first of an organization's), so the
cost grows with the number of names, not with its square. Nobody is joined on one word alone, and nobody across countries unless the
whole name is the same: a first name is no evidence.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from rapidfuzz.distance import OSA

from pipeline.knowledge.actors import FOLDER
from pipeline.knowledge.names import folded, name_key
from pipeline.knowledge.tables import read_table

_EMPTY_WORDS = frozenset(
    [
        "al",
        "el",
        "ul",
        "the",
        "of",
        "for",
        "and",
        "in",
        "de",
        "la",
        "du",
        "des",
        "bin",
        "ibn",
        "ben",
        "abu",
        "jr",
        "sr",
        "dr",
        "mr",
        "mrs",
        "ms",
        "von",
        "van",
    ]
)
# Words of fewer letters are the same or not; longer ones may differ by one letter, the longest by two.
_SHORTEST_SPELT = 5
_SHORTEST_SPELT_TWICE = 10
# A block of more names than this shares a word that says nothing.
_LARGEST_BLOCK = 200


@dataclass(frozen=True, slots=True)
class NamedActor:
    """An actor as the texts name it: mentions counted, the countries that it is tied to (empty where none is known)."""

    actor_id: str
    name: str
    kind: str
    mentions: int
    countries: frozenset[str]
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """``actor_id`` is taken for ``same_as``; ``similarity`` from 0 to 1 is how alike the names are written."""

    actor_id: str
    same_as: str
    similarity: float
    reason: str


@lru_cache(maxsize=1)
def _spellings() -> Mapping[str, str]:
    return {row["spelling"]: row["form"] for row in read_table(FOLDER / "spellings.csv", ["spelling", "form"])}


@lru_cache(maxsize=100_000)
def _words(name: str) -> tuple[str, ...]:
    """The words of a name in one spelling, without those that names drop and take on."""
    words = [w.lower() for w in name_key(folded(name))]
    forms = _spellings()
    kept = [forms.get(w, w) for w in words if w not in _EMPTY_WORDS]
    return tuple(kept) or tuple(words)


def find_variants(actors: Iterable[NamedActor]) -> list[Variant]:
    """Which of the actors are the same, each pointing to the one that stands for all.

    Known actors stand for unknown ones, else the one that is named most, then the longest name. The answer depends on the set of
    actors only, not on their order.
    """
    everyone = sorted(actors, key=lambda a: a.actor_id)
    by_id = {a.actor_id: a for a in everyone}
    found: dict[str, Variant] = {}
    for a, b in _pairs(everyone):
        if a.is_known and b.is_known:
            continue
        verdict = _alike(a, b)
        if verdict is None:
            continue
        stands, other = sorted((a, b), key=_rank)
        better = found.get(other.actor_id)
        if better is None or verdict[0] > better.similarity:
            found[other.actor_id] = Variant(other.actor_id, stands.actor_id, *verdict)
    return [v for v in (_followed(v, found, by_id) for v in found.values()) if v.same_as != v.actor_id]


def _rank(actor: NamedActor) -> tuple[bool, int, int, str]:
    return not actor.is_known, -actor.mentions, -len(actor.name), actor.actor_id


def _followed(variant: Variant, found: Mapping[str, Variant], by_id: Mapping[str, NamedActor]) -> Variant:
    """The variant pointed to the end of its chain: ranks fall strictly along it, so that it has one."""
    last = variant.same_as
    while last in found:
        last = found[last].same_as
    countries, end = by_id[variant.actor_id].countries, by_id[last].countries
    if countries and end and not countries & end:
        last = variant.same_as  # joined over a name without country: go no further than what was compared
    return Variant(variant.actor_id, last, variant.similarity, variant.reason)


def _pairs(actors: list[NamedActor]) -> Iterator[tuple[NamedActor, NamedActor]]:
    blocks: dict[tuple[str, str], list[NamedActor]] = defaultdict(list)
    for actor in actors:
        words = _words(actor.name)
        if len(words) > 1:
            key = words[-1] if actor.kind == "person" else words[0]
            blocks[actor.kind, key[:3]].append(actor)
    for block in blocks.values():
        if len(block) <= _LARGEST_BLOCK:
            yield from combinations(block, 2)
            continue
        exact: dict[tuple[str, ...], list[NamedActor]] = defaultdict(list)
        for actor in block:
            words = _words(actor.name)
            exact[words[-2:] if actor.kind == "person" else words[:2]].append(actor)
        for same in exact.values():
            if len(same) <= _LARGEST_BLOCK:
                yield from combinations(same, 2)


def _alike(a: NamedActor, b: NamedActor) -> tuple[float, str] | None:
    words, others = _words(a.name), _words(b.name)
    if words == others:
        return 1.0, "the same words"
    if a.countries and b.countries and not a.countries & b.countries:
        return None
    if len(words) == len(others):
        each = [_spelt_alike(x, y) for x, y in zip(words, others, strict=True)]
        if all(each):
            return min(each), "a spelling"
        if a.kind != "person" and sorted(words) == sorted(others):
            return 0.99, "the same words in another order"
        return None
    return _shorter_form(*sorted((words, others), key=len)) if a.kind == "person" else None


def _spelt_alike(word: str, other: str) -> float:
    """How alike two words are that may be one word spelt in two ways; 0 where they are two words."""
    if word == other:
        return 1.0
    shorter = min(len(word), len(other))
    if shorter < _SHORTEST_SPELT or word[0] != other[0] or any(c.isdigit() for c in word + other):
        return 0.0
    letters = OSA.distance(word, other)
    allowed = 2 if shorter >= _SHORTEST_SPELT_TWICE else 1
    return 1 - letters / max(len(word), len(other)) if letters <= allowed else 0.0


def _shorter_form(short: tuple[str, ...], long: tuple[str, ...]) -> tuple[float, str] | None:
    """Whether the longer name is the shorter one with more given names or a title: first and last word are the same, or the end is.

    A given name that half the world has is no beginning: "Mohammed Abbas" is not "Adel Mohammed Abbas".
    """
    if len(set(short)) < 2 or short[-1] != long[-1]:  # noqa: PLR2004
        return None
    inside = short[0] == long[0] and set(short) < set(long)
    behind = long[-len(short) :] == short and short[0] not in _spellings().values()
    return (len(short) / len(long), "a shorter form of the name") if inside or behind else None
