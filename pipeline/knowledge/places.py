"""Places and the country that they lie in.

What belongs here: reading ``places/places.csv`` (towns, regions, seas that news about conflict names) and ISO 3166-2 subdivisions.
What does not: states and their capitals, which are actors too (``actors.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pycountry

from pipeline.knowledge.actors import KnowledgeError, name_key, read_table

_FILE = Path(__file__).parent / "places" / "places.csv"
_ISO_SOURCE = "ISO 3166-2 (pycountry)"


@dataclass(frozen=True, slots=True)
class Place:
    """A place. ``country`` is ISO 3166-1 alpha-3, None where it spans or names several; degrees are WGS84, None where unknown."""

    name: str
    country: str | None
    lat: float | None = None
    lon: float | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class PlaceKnowledge:
    """``listed`` are the places of the table, safe to look for in a text; ``all_places`` adds ISO subdivisions for look-ups."""

    listed: tuple[Place, ...]
    all_places: Mapping[tuple[str, ...], Place]

    def find(self, name: str) -> Place | None:
        """The place of that name, without regard to accents, hyphens and a leading article."""
        key = name_key(name)
        return self.all_places.get(key[1:] if key[:1] in (("the",), ("The",)) else key)


def _degrees(text: str, limit: float, where: str) -> float | None:
    try:
        value = float(text) if text else None
    except ValueError as error:
        msg = f"{where}: {text!r} is not a number of degrees"
        raise KnowledgeError(msg) from error
    if value is not None and abs(value) > limit:
        msg = f"{where}: {text} degrees lie outside -{limit:g} to {limit:g}"
        raise KnowledgeError(msg)
    return value


def read_places(path: Path) -> PlaceKnowledge:
    """Read and check a table of places, and add ISO subdivisions whose names it does not hold.

    Raises:
        KnowledgeError: a place stands twice, an unknown country, bad degrees; the message names file and line.
    """
    places: dict[tuple[str, ...], Place] = {}
    for row in read_table(path, ["name", "country", "lat", "lon"]):
        key, country = name_key(row["name"]), row["country"] or None
        if not key or key in places:
            msg = f"{row.where}: {row['name']!r} is empty or stands twice"
            raise KnowledgeError(msg)
        if country and country != "XKX" and pycountry.countries.get(alpha_3=country) is None:
            msg = f"{row.where}: {country!r} is no ISO 3166-1 alpha-3 code"
            raise KnowledgeError(msg)
        lat, lon = _degrees(row["lat"], 90, row.where), _degrees(row["lon"], 180, row.where)
        places[key] = Place(row["name"], country, lat, lon, row["source"])
    listed = tuple(places.values())
    for subdivision in pycountry.subdivisions:
        country = subdivision.country.alpha_3
        key = name_key(subdivision.name)
        known = places.get(key)
        if known is None and key:
            places[key] = Place(subdivision.name, country, source=_ISO_SOURCE)
        elif known is not None and known.source == _ISO_SOURCE and known.country != country:
            places[key] = Place(subdivision.name, None, source=_ISO_SOURCE)
    return PlaceKnowledge(listed, places)


@lru_cache(maxsize=1)
def load_places() -> PlaceKnowledge:
    """The project's own places, read once."""
    return read_places(_FILE)
