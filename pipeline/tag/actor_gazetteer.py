"""Finding the names of known actors and places in a text.

What belongs here: the scan for names from ``knowledge/actors`` and ``knowledge/places``, longest match first, each character in at most one match. What does
not: which of several owners of a name is meant (``actor_context.py``), what a name means where it stands (``actor_reading.py``),
names that are not in the tables (``actor_names.py``).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from spacy.lang.en.stop_words import STOP_WORDS

from pipeline.knowledge.actors import ActorKnowledge, Alias
from pipeline.knowledge.names import folded, name_key
from pipeline.knowledge.places import Place, PlaceKnowledge
from pipeline.tag.text import lines_of_capitals

_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")
_GAP_IN_NAME = re.compile(r" ?[-–—'’/] ?|[ \n]{1,2}|(?<=[A-Z][a-z])\. ")
_DASHES = frozenset("-–—")
_LONG_NAME = 3
_LONG_WORD = 5
_LEAST_SMALL_WORD = 3

type Known = Alias | Place
type _Index = dict[str, _Node]


@dataclass(slots=True)
class _Node:
    """A word in a trie of names: the words that go on from it, in small letters, and the names that end with it, as written."""

    following: dict[str, "_Node"] = field(default_factory=dict)
    ends: dict[tuple[str, ...], tuple[Known, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NameHit:
    """A name at ``[start_char, end_char)`` and all who have it. ``capitals`` says that it stands in a line of capitals."""

    start_char: int
    end_char: int
    owners: tuple[Known, ...]
    capitals: bool = False


def written(known: Known) -> str:
    """The name as the table has it."""
    return known.name if isinstance(known, Place) else known.alias


def _indexed(names: Iterable[Known], keys_of: Callable[[Known], Iterator[tuple[str, ...]]]) -> _Index:
    index: _Index = {}
    for known in names:
        for key in keys_of(known):
            node = index.setdefault(key[0], _Node())
            for word in key[1:]:
                node = node.following.setdefault(word.lower(), _Node())
            owners = node.ends.get(key, ())
            node.ends[key] = (*owners, known)
    return index


def _exact_keys(known: Known) -> Iterator[tuple[str, ...]]:
    """The name as it is written, and in capitals if it is a single long word that means nothing else: "DAESH"."""
    key = name_key(written(known))
    yield key
    certain = isinstance(known, Place) or not known.needs_context
    if len(key) == 1 and len(key[0]) >= _LONG_WORD and certain and not key[0].isupper():
        yield (key[0].upper(),)


def _loud_keys(known: Known) -> Iterator[tuple[str, ...]]:
    """The name in capitals, unless it is too common a word there to be a name."""
    loud = tuple(w.upper() for w in name_key(written(known)))
    doubtful = (
        isinstance(known, Alias) and known.needs_context and (written(known).isupper() or known.reading == "surname")
    )
    if len(loud) > 1 or not (doubtful or loud[0].lower() in STOP_WORDS):
        yield loud


def _small_keys(known: Known) -> Iterator[tuple[str, ...]]:
    key = tuple(w.lower() for w in name_key(written(known)))
    if len(key) > 1 or (len(key[0]) >= _LEAST_SMALL_WORD and key[0] not in STOP_WORDS):
        yield key


class Gazetteer:
    """Scans texts for known names. Case counts, except in lines of capitals, where a name that is a common word is left out.

    The names lie in a trie, so that a scan costs one look-up a word, however many names there are.
    """

    def __init__(self, actors: ActorKnowledge, places: PlaceKnowledge) -> None:
        names: list[Known] = [*actors.aliases, *places.listed.values()]
        self._names = names
        self._exact = _indexed(names, _exact_keys)
        self._capitals = _indexed(names, _loud_keys)

    def scan(self, text: str) -> list[NameHit]:
        """Hits in text order, none overlapping another."""
        loud_lines = lines_of_capitals(text)
        text = folded(text)
        words = [(m.start(), m.end(), m.group().replace(".", "")) for m in _WORD.finditer(text)]
        found: list[NameHit] = []
        line = 0
        i = 0
        while i < len(words):
            start = words[i][0]
            while line < len(loud_lines) and loud_lines[line][1] <= start:
                line += 1
            loud = line < len(loud_lines) and loud_lines[line][0] <= start
            hit = self._longest(text, words, i, self._capitals if loud else self._exact)
            if hit is None:
                i += 1
                continue
            owners, length = hit
            last_start, end, _ = words[i + length - 1]
            if "." in text[last_start:end] and text[end : end + 1] == ".":
                end += 1
            if text[end : end + 1] != "$":
                found.append(NameHit(start, end, owners, loud))
            i += length
        return found

    @cached_property
    def _small(self) -> _Index:
        return _indexed(self._names, _small_keys)

    def scan_any_case(self, text: str) -> list[NameHit]:
        """Hits in a text in small letters that has no case to tell names from words: single words that are short are left out."""
        text = folded(text)
        words = [(m.start(), m.end(), m.group().replace(".", "")) for m in _WORD.finditer(text)]
        found: list[NameHit] = []
        i = 0
        while i < len(words):
            hit = self._longest(text, words, i, self._small)
            if hit is not None:
                found.append(NameHit(words[i][0], words[i + hit[1] - 1][1], hit[0]))
            i += hit[1] if hit is not None else 1
        return found

    @staticmethod
    def _longest(
        text: str, words: list[tuple[int, int, str]], i: int, index: _Index
    ) -> tuple[tuple[Known, ...], int] | None:
        node = index.get(words[i][2])
        best = None
        length, dashed = 1, False
        while node is not None:
            for key, owners in node.ends.items():
                if all(_same_word(words[i + k][2], key[k], length) for k in range(1, length)):
                    if dashed:  # "Pakistan-Taliban relations" have two actors
                        owners = tuple(known for known in owners if "-" in written(known))
                    best = (owners, length) if owners else best
            if i + length >= len(words) or not node.following:
                break
            gap = _GAP_IN_NAME.fullmatch(text, words[i + length - 1][1], words[i + length][0])
            if gap is None:
                break
            dashed = dashed or gap.group().strip() in _DASHES
            node = node.following.get(words[i + length][2].lower())
            length += 1
        return best


def _same_word(written: str, known: str, words_in_name: int) -> bool:
    """In long names the case of later words varies ("National Liberation front")."""
    return written == known or (words_in_name >= _LONG_NAME and written.lower() == known.lower())
