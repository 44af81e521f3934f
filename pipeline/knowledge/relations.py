"""Words that say how two actors stand to each other: cues, the qualifiers that change them, and the words that hedge them.

What belongs here: reading and checking the tables under ``relations/``. What does not: finding cues in a text (``tag/relation_cues.py``)
or deciding between whom they hold (``tag/relation_pairs.py``).

The tables are data that users edit: to add a cue is to add a line to ``relations/cues.csv``, with a sentence that shows it.

Pattern language of a cue, words apart by blanks:

=============  ==========================================================================================
``tie``        a token whose lemma or lower-cased text is that word; the first word of a pattern is of this kind
``tie|link``   any of these words
``ally/N``     with part of speech: N noun, V verb, A adjective or participle
``very?``      may be missing
``..``         up to three tokens within a noun phrase
``...``        up to six tokens of any kind
=============  ==========================================================================================
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from pipeline.errors import KnowledgeError

Frame = Literal["mutual", "forward", "backward"]
PairBy = Literal["near", "grammar"]
QualifierRole = Literal["adjective", "verb"]
QualifierEffect = Literal["positive", "negative", "flip"]
SignalKind = Literal["negation", "hypothetical", "wish", "future", "unconfirmed", "historical", "each_other"]

_FOLDER = Path(__file__).parent / "relations"
_PARTS_OF_SPEECH = {
    "": frozenset[str](),
    "N": frozenset({"NOUN", "PROPN"}),
    "V": frozenset({"VERB", "AUX"}),
    "A": frozenset({"ADJ", "ADV", "VERB"}),
}
_GAPS = {"..": 3, "...": 6}


@dataclass(frozen=True, slots=True)
class Element:
    """One step of a pattern: a choice of words, or a gap of up to ``gap`` tokens (``loose``: of any part of speech).

    ``words`` maps each lower-case word to the parts of speech that it may have, none meaning any.
    """

    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    optional: bool = False
    gap: int = 0
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Cue:
    """A way to say how A stands to B.

    ``frame``: "forward" points from subject or possessor to complement, "backward" the other way, "mutual" has no direction.
    ``polarity`` is +1, 0 or -1; a cue of polarity 0 takes the polarity of its qualifiers. ``strength`` is 1 to 3.
    ``pair_by`` "grammar": both actors must be bound to the cue by grammar; "near": the second may be the nearest in the sentence.
    """

    pattern: str
    elements: tuple[Element, ...]
    cue_type: str
    polarity: int
    strength: int
    frame: Frame
    pair_by: PairBy
    source: str
    example: str
    line: int


@dataclass(frozen=True, slots=True)
class Qualifier:
    """A word that gives a cue its colour ("strained" relations, ties that "deepen") or turns it round ("lose" leverage)."""

    word: str
    role: QualifierRole
    effect: QualifierEffect
    strength: int


@dataclass(frozen=True, slots=True)
class RelationKnowledge:
    """All tables: cues, qualifiers by (role, word), and signal words by kind."""

    cues: tuple[Cue, ...]
    qualifiers: dict[tuple[str, str], Qualifier]
    signals: dict[str, frozenset[str]]


def parse_pattern(pattern: str) -> tuple[Element, ...]:
    """A cue's pattern as elements.

    Raises:
        ValueError: the pattern is empty, does not begin with a plain word, or names an unknown part of speech.
    """
    elements = []
    for step in pattern.split():
        if step in _GAPS:
            elements.append(Element(gap=_GAPS[step], loose=step == "..."))
            continue
        optional, step = step.endswith("?"), step.removesuffix("?")
        words = {}
        for choice in step.lower().split("|"):
            word, _, tag = choice.partition("/")
            if tag.upper() not in _PARTS_OF_SPEECH:
                msg = f"unknown part of speech {tag!r}, expected one of {', '.join(k for k in _PARTS_OF_SPEECH if k)}"
                raise ValueError(msg)
            if not word:
                msg = f"empty word in {step!r}"
                raise ValueError(msg)
            words[word] = _PARTS_OF_SPEECH[tag.upper()]
        elements.append(Element(words, optional))
    if not elements or elements[0].gap or elements[0].optional:
        msg = "a pattern begins with a word that may not be missing"
        raise ValueError(msg)
    if elements[-1].gap:
        msg = "a pattern ends with a word"
        raise ValueError(msg)
    return tuple(elements)


def _rows(path: Path, columns: set[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells of each row."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        missing = columns - set(reader.fieldnames or ())
        if missing:
            msg = f"{path}:1: column missing: {', '.join(sorted(missing))}"
            raise KnowledgeError(msg)
        for row in reader:
            if None in row or None in row.values():
                msg = f"{path}:{reader.line_num}: as many cells as the header has are expected (quote a cell that holds a comma)"
                raise KnowledgeError(msg)
            yield reader.line_num, {k: v.strip() for k, v in row.items()}


def _require(path: Path, line: int, column: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        msg = f"{path}:{line}: {column} is {value!r}, expected one of {', '.join(allowed)}"
        raise KnowledgeError(msg)
    return value


def read_cues(path: Path) -> tuple[Cue, ...]:
    """The cues of one table.

    Raises:
        KnowledgeError: a cell cannot be used; names file and line.
    """
    cues: list[Cue] = []
    seen: dict[str, int] = {}
    columns = {"pattern", "cue_type", "polarity", "strength", "frame", "pair_by", "source", "example"}
    for line, row in _rows(path, columns):
        polarity = int(_require(path, line, "polarity", row["polarity"], ("1", "0", "-1")))
        strength = int(_require(path, line, "strength", row["strength"], ("1", "2", "3")))
        frame: Frame = _require(path, line, "frame", row["frame"], get_args(Frame))  # type: ignore[assignment]
        pair_by: PairBy = _require(path, line, "pair_by", row["pair_by"], get_args(PairBy))  # type: ignore[assignment]
        for column in ("cue_type", "source", "example"):
            if not row[column]:
                msg = f"{path}:{line}: {column} is empty"
                raise KnowledgeError(msg)
        if row["pattern"] in seen:
            msg = f"{path}:{line}: pattern {row['pattern']!r} stands already in line {seen[row['pattern']]}"
            raise KnowledgeError(msg)
        seen[row["pattern"]] = line
        try:
            elements = parse_pattern(row["pattern"])
        except ValueError as error:
            msg = f"{path}:{line}: pattern {row['pattern']!r}: {error}"
            raise KnowledgeError(msg) from error
        cues.append(
            Cue(
                row["pattern"],
                elements,
                row["cue_type"],
                polarity,
                strength,
                frame,
                pair_by,
                row["source"],
                row["example"],
                line,
            )
        )
    return tuple(cues)


def read_qualifiers(path: Path) -> dict[tuple[str, str], Qualifier]:
    """The qualifiers by role and word.

    Raises:
        KnowledgeError: a cell cannot be used; names file and line.
    """
    found: dict[tuple[str, str], Qualifier] = {}
    for line, row in _rows(path, {"words", "role", "effect", "strength", "source"}):
        role: QualifierRole = _require(path, line, "role", row["role"], get_args(QualifierRole))  # type: ignore[assignment]
        effect: QualifierEffect = _require(path, line, "effect", row["effect"], get_args(QualifierEffect))  # type: ignore[assignment]
        strength = int(_require(path, line, "strength", row["strength"], ("1", "2", "3")))
        for word in row["words"].lower().split("|"):
            if (role, word) in found:
                msg = f"{path}:{line}: {role} {word!r} stands twice"
                raise KnowledgeError(msg)
            found[role, word] = Qualifier(word, role, effect, strength)
    return found


def read_signals(path: Path) -> dict[str, frozenset[str]]:
    """Words that negate or hedge, by kind.

    Raises:
        KnowledgeError: a cell cannot be used; names file and line.
    """
    found: dict[str, frozenset[str]] = {kind: frozenset() for kind in get_args(SignalKind)}
    for line, row in _rows(path, {"kind", "words", "source"}):
        kind = _require(path, line, "kind", row["kind"], get_args(SignalKind))
        found[kind] |= frozenset(row["words"].lower().split("|"))
    return found


@lru_cache(maxsize=1)
def load_relations() -> RelationKnowledge:
    """The tables as shipped, read once.

    Raises:
        KnowledgeError: a table cannot be used; names file and line.
    """
    return RelationKnowledge(
        read_cues(_FOLDER / "cues.csv"),
        read_qualifiers(_FOLDER / "qualifiers.csv"),
        read_signals(_FOLDER / "signals.csv"),
    )
