"""Words of violent incidents: triggers by kind, weapons, things that are attacked, who attacks. The tables that the incident layer reads.

What belongs here: reading and checking ``incidents/*.csv``. What does not: finding and merging incidents (``tag/incidents.py``).
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.knowledge.counts import read_classes, read_rows

_FOLDER = Path(__file__).parent / "incidents"


@dataclass(frozen=True, slots=True)
class IncidentKnowledge:
    """Words by what they say.

    ``triggers`` gives the incident type by (lemma, coarse part of speech), ``armed`` that of acts without violence, which count where arms
    are named beside them, ``weapons`` the type that a weapon's use makes; ``physical`` are things that are attacked. ``perpetrators`` are
    lemmas by class: organizations ("army"), fighters, who belong to a side of their own ("rebel"), other individuals ("man"), and
    combatants, whose loss in a clash makes no victim. ``cues`` are lemmas by role. ``teasers`` are words that lead to headlines of
    other articles, and how many words these have at most.
    """

    triggers: dict[tuple[str, str], str]
    armed: dict[tuple[str, str], str]
    weapons: dict[str, str]
    physical: frozenset[str]
    perpetrators: dict[str, frozenset[str]]
    cues: dict[str, frozenset[str]]
    teasers: dict[str, int]


def _types(file: str) -> dict[tuple[str, str], str]:
    columns = ("lemma", "pos", "incident_type", "source")
    rows = read_rows(_FOLDER / file, columns, columns)
    return {(row["lemma"], row["pos"]): row["incident_type"] for _, row in rows}


def _words(file: str, column: str) -> frozenset[str]:
    columns = (column, "source")
    return frozenset(row[column].lower() for _, row in read_rows(_FOLDER / file, columns, columns))


@lru_cache(maxsize=1)
def load_incidents() -> IncidentKnowledge:
    """All tables of incidents.

    Raises:
        KnowledgeError: a file is malformed; the message names file and line.
    """
    return IncidentKnowledge(
        triggers=_types("triggers.csv"),
        armed=_types("armed.csv"),
        weapons={
            row["name"].lower(): row["incident_type"]
            for _, row in read_rows(_FOLDER / "weapons.csv", ("name", "incident_type", "source"), ("name", "source"))
        },
        physical=_words("physical.csv", "lemma"),
        perpetrators=read_classes(_FOLDER / "perpetrators.csv", "lemma", "class"),
        cues=read_classes(_FOLDER / "cues.csv", "lemma", "cue"),
        teasers={
            row["lead"]: int(row["words"])
            for _, row in read_rows(_FOLDER / "teasers.csv", ("lead", "words", "source"), ("lead", "words", "source"))
        },
    )
