"""What the reader has selected, out of the address and back into it.

What belongs here: parameters that several pages share. What does not: sorting and paging of tables (``tables.py``).
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

OWN = "faultline"
_REGIONS = Path(__file__).parent / "regions.csv"


@dataclass(frozen=True, slots=True)
class Selection:
    """Data set, period and the filters of lists; ``start`` and ``end`` are months or days, both inclusive, None where open."""

    dataset: str = OWN
    start: date | None = None
    end: date | None = None
    actor: str = ""
    kind: str = ""
    region: str = ""

    @classmethod
    def of(cls, parameters: Any) -> "Selection":
        """Read it from the parameters of an address; what cannot be read counts as not given."""
        return cls(
            dataset=str(parameters.get("dataset") or OWN),
            start=_day(parameters.get("from"), last=False),
            end=_day(parameters.get("to"), last=True),
            actor=str(parameters.get("actor") or "").strip(),
            kind=str(parameters.get("kind") or ""),
            region=str(parameters.get("region") or ""),
        )

    def period(self) -> dict[str, Any]:
        """Parameters ``$start`` and ``$end`` for SQL, null where open."""
        return {"start": self.start, "end": self.end}


def _day(text: str | None, *, last: bool) -> date | None:
    """2021-08 or 2021-08-15 as a day: of a month its first or last one."""
    found = re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", text or "")
    if not found:
        return None
    try:
        year, month, day = int(found[1]), int(found[2]), found[3]
        if day:
            return date(year, month, int(day))
        first = date(year, month, 1)
        return date.fromordinal(date(year + month // 12, month % 12 + 1, 1).toordinal() - 1) if last else first
    except ValueError:
        return None


def address(path: str, **parameters: Any) -> str:
    """A path with those parameters that have a value; ``start`` and ``end`` are written as from and to."""
    names = {"start": "from", "end": "to"}
    given = [(names.get(k, k), v) for k, v in parameters.items() if v not in (None, "")]
    kept = [(k, v) for k, v in given if (k, v) != ("dataset", OWN)]
    return f"{path}?{urlencode(kept)}" if kept else path


@lru_cache(maxsize=1)
def regions() -> dict[str, list[str]]:
    """Countries (ISO 3166-1 alpha-3) of each region of the UN's M49."""
    found: dict[str, list[str]] = {}
    with _REGIONS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["region"], []).append(row["country"])
    return dict(sorted(found.items()))


def one_of(value: str, allowed: Iterable[str]) -> str:
    """The value if it is allowed, else nothing."""
    return value if value in allowed else ""
