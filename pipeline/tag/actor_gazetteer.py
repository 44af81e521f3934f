"""Finding the names of known actors and places in a text.

What belongs here: the scan for names from ``knowledge/actors`` and ``knowledge/places``, longest match first, each character in at most one match. What does
not: what a name means where it stands (``actor_reading.py``), names that are not in the tables (``actor_names.py``).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from spacy.lang.en.stop_words import STOP_WORDS
from spacy.tokens import Doc

from pipeline.knowledge.actors import Alias, folded, load_actors, name_key
from pipeline.knowledge.places import Place, load_places

_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")
_GAP_IN_NAME = re.compile(r" ?[-–—'’/] ?|[ \n]{1,2}|(?<=[A-Z][a-z])\. ")
_DASHES = frozenset("-–—")
_LONG_NAME = 3
_LINE = re.compile(r"[^\n]+")
# A line of at least this many letters, nearly all capitals, is a headline or an old teletype text.
_LETTERS_TO_JUDGE_CAPITALS = 6
_SHARE_OF_CAPITALS = 0.85


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A known name at ``[start_char, end_char)``. ``capitals`` says that it stands in a line of capitals."""

    start_char: int
    end_char: int
    known: Alias | Place
    capitals: bool = False


type _Index = dict[str, list[tuple[tuple[str, ...], Alias | Place]]]


def _written(known: Alias | Place) -> str:
    return known.name if isinstance(known, Place) else known.alias


def _indexed(entries: dict[tuple[str, ...], Alias | Place]) -> _Index:
    index: _Index = {}
    for key in sorted(entries, key=len, reverse=True):
        index.setdefault(key[0], []).append((key, entries[key]))
    return index


def _lines_of_capitals(text: str) -> list[tuple[int, int]]:
    """Offsets of the lines written in capitals."""
    if not text.isupper() and sum(map(str.isupper, text[:4000])) < 8:
        return []
    found = []
    for line in _LINE.finditer(text):
        words = line.group()
        upper = sum(map(str.isupper, words))
        letters = sum(map(str.isalpha, words))
        if letters >= _LETTERS_TO_JUDGE_CAPITALS and upper >= _SHARE_OF_CAPITALS * letters:
            found.append(line.span())
    return found


class Gazetteer:
    """Scans texts for known names. Case counts, except in lines of capitals, where a name that is a common word is left out."""

    def __init__(self) -> None:
        exact: dict[tuple[str, ...], Alias | Place] = {}
        capitals: dict[tuple[str, ...], Alias | Place] = {}
        names: list[Alias | Place] = [*load_actors().aliases, *load_places().listed]
        for known in names:
            written = _written(known)
            key = name_key(written)
            exact.setdefault(key, known)
            loud = tuple(w.upper() for w in key)
            ambiguous = isinstance(known, Alias) and known.needs_context and written.isupper()
            if len(key) > 1 or not (ambiguous or loud[0].lower() in STOP_WORDS):
                capitals.setdefault(loud, known)
        self._exact = _indexed(exact)
        self._capitals = _indexed(capitals)

    def scan(self, text: str) -> list[NameMatch]:
        """Matches in text order, none overlapping another."""
        loud_lines = _lines_of_capitals(text)
        text = folded(text)
        words = [(m.start(), m.end(), m.group().replace(".", "")) for m in _WORD.finditer(text)]
        found: list[NameMatch] = []
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
            known, length = hit
            last_start, end, _ = words[i + length - 1]
            if "." in text[last_start:end] and text[end : end + 1] == ".":
                end += 1
            if text[end : end + 1] != "$":
                found.append(NameMatch(start, end, known, loud))
            i += length
        return found

    @staticmethod
    def _longest(
        text: str, words: list[tuple[int, int, str]], i: int, index: _Index
    ) -> tuple[Alias | Place, int] | None:
        for key, known in index.get(words[i][2], ()):
            n = len(key)
            if i + n > len(words) or not all(_same_word(words[i + k][2], key[k], n) for k in range(1, n)):
                continue
            gaps = [_GAP_IN_NAME.fullmatch(text, words[i + k][1], words[i + k + 1][0]) for k in range(n - 1)]
            if not all(gaps) or ("-" not in _written(known) and any(g and g.group().strip() in _DASHES for g in gaps)):
                continue  # "Pakistan-Taliban relations" have two actors
            return known, n
        return None


def _same_word(written: str, known: str, words_in_name: int) -> bool:
    """In long names the case of later words varies ("National Liberation front")."""
    return written == known or (words_in_name >= _LONG_NAME and written.lower() == known.lower())


@lru_cache(maxsize=1)
def shared_gazetteer() -> Gazetteer:
    """The gazetteer, built once for all layers."""
    return Gazetteer()


def names_in(doc: Doc) -> list[NameMatch]:
    """The matches in a document: scanned once, then kept with the document for the layers that follow."""
    found: list[NameMatch] | None = doc.user_data.get("known_names")
    if found is None:
        found = shared_gazetteer().scan(doc.text)
        doc.user_data["known_names"] = found
    return found
