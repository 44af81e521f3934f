"""Conflict–cooperation scales: PLOVER types and modes with their scores, CAMEO codes with the Goldstein scale.

Sources: Goldstein (1992, Journal of Conflict Resolution 36:369–385) as carried to CAMEO in the table that ICEWS used, which
matches every code of its published sample; the PLOVER manual (table 2.2), whose score for ACCUSE lost its minus sign.
CAMEO codes are text: "010" is not "10". Quad classes are PLOVER's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.errors import KnowledgeError
from pipeline.knowledge.tables import read_table

_FOLDER = Path(__file__).parent / "scales"
QUAD_SCHEME = "plover"


@dataclass(frozen=True, slots=True)
class EventType:
    """A PLOVER type, or one of its modes where ``mode`` is not empty."""

    event_type: str
    mode: str
    quad_class: int
    plover_score: float
    source: str


@dataclass(frozen=True, slots=True)
class CameoCode:
    """A CAMEO code; ``event_type`` is None for codes that PLOVER dropped (roots 01 and 02)."""

    cameo_code: str
    root: str
    label: str
    goldstein: float
    event_type: str | None
    mode: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Scales:
    """Both scales, by (type, mode) and by code."""

    event_types: Mapping[tuple[str, str], EventType]
    cameo_codes: Mapping[str, CameoCode]

    def plover(self, event_type: str, mode: str | None = None) -> EventType:
        """The mode of a type, or the type itself where it has no such mode.

        Raises:
            KeyError: there is no such type.
        """
        return self.event_types.get((event_type, mode or "")) or self.event_types[event_type, ""]

    def event_type_rows(self) -> Iterator[dict[str, Any]]:
        """Rows of core.event_types."""
        for t in self.event_types.values():
            yield {
                "event_type": t.event_type,
                "mode": t.mode,
                "quad_class": t.quad_class,
                "quad_scheme": QUAD_SCHEME,
                "plover_score": t.plover_score,
                "source": t.source,
            }

    def cameo_rows(self) -> Iterator[dict[str, Any]]:
        """Rows of core.cameo_codes."""
        for c in self.cameo_codes.values():
            yield {
                "cameo_code": c.cameo_code,
                "root": c.root,
                "label": c.label,
                "goldstein": c.goldstein,
                "event_type": c.event_type,
                "mode": c.mode,
                "source": c.source,
            }


def read_scales(folder: Path) -> Scales:
    """Read and validate both tables.

    Raises:
        KnowledgeError: a score is no number or out of -10 … +10, a code repeats or lies under another root, or maps to an unknown
            type; the message names file and line.
    """
    types: dict[tuple[str, str], EventType] = {}
    for row in read_table(folder / "event_types.csv", ["event_type", "mode", "quad_class", "plover_score"]):
        key = row["event_type"], row["mode"]
        if key in types:
            raise KnowledgeError(f"{row.where}: {' '.join(key)} stands there twice")
        if row["quad_class"] not in {"1", "2", "3", "4"}:
            raise KnowledgeError(f"{row.where}: quad_class {row['quad_class']!r} is not 1, 2, 3 or 4")
        score = _score(row["plover_score"], row.where)
        types[key] = EventType(*key, int(row["quad_class"]), score, row["source"])
    codes: dict[str, CameoCode] = {}
    for row in read_table(
        folder / "cameo_codes.csv", ["cameo_code", "root", "label", "goldstein", "event_type", "mode"]
    ):
        code, event_type, mode = row["cameo_code"], row["event_type"] or None, row["mode"] or None
        if code in codes or not code.startswith(row["root"]):
            raise KnowledgeError(
                f"{row.where}: code {code} stands there twice or lies under another root than {row['root']}"
            )
        if event_type and (event_type, mode or "") not in types:
            raise KnowledgeError(f"{row.where}: {event_type} {mode or ''} is no PLOVER type and mode")
        score = _score(row["goldstein"], row.where)
        codes[code] = CameoCode(code, row["root"], row["label"], score, event_type, mode, row["source"])
    return Scales(types, codes)


def _score(text: str, where: str) -> float:
    try:
        score = float(text)
    except ValueError as error:
        raise KnowledgeError(f"{where}: score {text!r} is no number") from error
    if not -10 <= score <= 10:
        raise KnowledgeError(f"{where}: score {score} is out of -10 to +10")
    return score


@lru_cache(maxsize=1)
def load_scales() -> Scales:
    """The project's own tables, read once."""
    return read_scales(_FOLDER)
