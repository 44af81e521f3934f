"""Words of counting: numerals, hedges, what is counted, who reports it. The tables that the count layer reads.

What belongs here: reading and checking ``counts/*.csv``. What does not: finding a figure in a text (``tag/numbers.py``) or tying it to
what it counts (``tag/count_arguments.py``).

``numerals.csv`` gives every number word its bounds; what a vague quantifier means is decided there and nowhere else. ``hedges.csv`` says
how words before a number move its bounds (an empty factor leaves that side unknown). ``triggers.csv`` names the words that say what a
figure measures and where the counted noun phrase stands.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.errors import KnowledgeError

_FOLDER = Path(__file__).parent / "counts"
_NUMERAL_KINDS = frozenset({"unit", "ten", "scale", "group", "vague", "plural", "multiplier"})
_COUNTED = frozenset(
    {
        "object",
        "subject",
        "object_combatants",
        "object_person",
        "self",
        "self_claimed",
        "self_found",
        "self_fired",
        "self_unclaimed",
        "toll",
        "predicate",
        "subject_of_protest",
        "subject_of_wound",
        "object_to_hospital",
        "object_treated",
        "subject_recovering",
        "bearer",
        "bearer_of_state",
        "object_if_wounded",
        "subject_by_own_hand",
        "number_before",
        "number_of",
    }
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """Bounds of a number word; None is unknown."""

    kind: str
    low: int | None
    best: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Hedge:
    """How words before a number move its bounds: factors on its value, None for "unknown on that side"."""

    effect: str
    low_factor: float | None
    high_factor: float | None


@dataclass(frozen=True, slots=True)
class CountTrigger:
    """A word that says what is measured. ``counted`` says where the counted noun phrase stands."""

    measure: str
    counted: str


@dataclass(frozen=True, slots=True)
class CountKnowledge:
    """Tables of counting.

    ``triggers`` by (lemma, coarse part of speech); ``hedges`` by words; ``nouns`` class to lemmas; ``cues`` class to lemmas;
    ``attack_kinds`` the kind of attack by (lemma, "head" or "modifier"); ``no_attacks`` the words beside which a noun for an attack is none
    ("a gas explosion", "a strike by teachers"), by noun and where they stand: modifier, agent ("by"), verb, of.
    """

    numerals: dict[str, Numeral]
    hedges: dict[tuple[str, ...], Hedge]
    triggers: dict[tuple[str, str], CountTrigger]
    nouns: dict[str, frozenset[str]]
    attribution: dict[str, str]
    cues: dict[str, frozenset[str]]
    no_attacks: dict[tuple[str, str], frozenset[str]]
    attack_kinds: dict[tuple[str, str], str]


def read_rows(path: Path, columns: tuple[str, ...], required: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells of each row.

    Raises:
        KnowledgeError: a column is missing, a row has too few or too many cells, or a required cell is empty.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        if tuple(reader.fieldnames or ()) != columns:
            msg = f"{path}:1: columns must be {', '.join(columns)}"
            raise KnowledgeError(msg)
        for row in reader:
            if None in row or None in row.values():
                msg = f"{path}:{reader.line_num}: there must be {len(columns)} cells"
                raise KnowledgeError(msg)
            for name in required:
                if not row[name]:
                    msg = f"{path}:{reader.line_num}: {name} must not be empty"
                    raise KnowledgeError(msg)
            yield reader.line_num, row


def _checked(path: Path, line: int, value: str, allowed: frozenset[str]) -> str:
    if value not in allowed:
        msg = f"{path}:{line}: {value!r} is none of {', '.join(sorted(allowed))}"
        raise KnowledgeError(msg)
    return value


def _number(path: Path, line: int, value: str) -> float | None:
    try:
        return float(value) if value else None
    except ValueError:
        msg = f"{path}:{line}: {value!r} is not a number"
        raise KnowledgeError(msg) from None


def _whole(path: Path, line: int, value: str) -> int | None:
    number = _number(path, line, value)
    return None if number is None else int(number)


def _numerals(path: Path) -> dict[str, Numeral]:
    found = {}
    for line, row in read_rows(path, ("word", "kind", "low", "best", "high", "source"), ("word", "kind", "source")):
        kind = _checked(path, line, row["kind"], _NUMERAL_KINDS)
        found[row["word"]] = Numeral(kind, *(_whole(path, line, row[c]) for c in ("low", "best", "high")))
    return found


def _hedges(path: Path) -> dict[tuple[str, ...], Hedge]:
    columns = ("phrase", "effect", "low_factor", "high_factor", "source")
    return {
        tuple(row["phrase"].split()): Hedge(
            row["effect"], _number(path, line, row["low_factor"]), _number(path, line, row["high_factor"])
        )
        for line, row in read_rows(path, columns, ("phrase", "effect", "source"))
    }


def _triggers(path: Path) -> dict[tuple[str, str], CountTrigger]:
    columns = ("lemma", "pos", "measure", "counted", "source")
    return {
        (row["lemma"], row["pos"]): CountTrigger(row["measure"], _checked(path, line, row["counted"], _COUNTED))
        for line, row in read_rows(path, columns, columns)
    }


def _attack_kinds(path: Path) -> dict[tuple[str, str], str]:
    columns = ("word", "role", "kind", "source")
    roles = frozenset({"head", "modifier"})
    return {
        (row["word"], _checked(path, line, row["role"], roles)): row["kind"]
        for line, row in read_rows(path, columns, columns)
    }


def _no_attacks(path: Path) -> dict[tuple[str, str], frozenset[str]]:
    columns = ("noun", "role", "word", "source")
    roles = frozenset({"modifier", "agent", "verb", "of"})
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line, row in read_rows(path, columns, columns):
        found[row["noun"], _checked(path, line, row["role"], roles)].add(row["word"])
    return {k: frozenset(v) for k, v in found.items()}


def read_classes(path: Path, word: str, kind: str) -> dict[str, frozenset[str]]:
    """Words by class, from a table of word, class and source."""
    classes: dict[str, set[str]] = defaultdict(set)
    columns = (word, kind, "source")
    for _, row in read_rows(path, columns, columns):
        classes[row[kind]].add(row[word])
    return {k: frozenset(v) for k, v in classes.items()}


@lru_cache(maxsize=1)
def load_counts() -> CountKnowledge:
    """All tables of counting.

    Raises:
        KnowledgeError: a file is malformed; the message names file and line.
    """
    columns = ("word", "attribution_type", "source")
    return CountKnowledge(
        numerals=_numerals(_FOLDER / "numerals.csv"),
        hedges=_hedges(_FOLDER / "hedges.csv"),
        triggers=_triggers(_FOLDER / "triggers.csv"),
        nouns=read_classes(_FOLDER / "nouns.csv", "lemma", "class"),
        attribution={
            row["word"]: row["attribution_type"] for _, row in read_rows(_FOLDER / "attribution.csv", columns, columns)
        },
        cues=read_classes(_FOLDER / "cues.csv", "lemma", "cue"),
        no_attacks=_no_attacks(_FOLDER / "no_attacks.csv"),
        attack_kinds=_attack_kinds(_FOLDER / "attack_kinds.csv"),
    )
