"""Places, the country that they lie in, and where.

What belongs here: ``places/places.csv`` (towns, regions, seas that news about conflict names: looked for in every text) and
``places/lookup.csv`` (towns of GeoNames and subdivisions of ISO 3166-2, only looked up for names that the model takes for places).
What does not: states and their capitals, which are actors too (``actors.py``).
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pycountry

from pipeline.knowledge.names import name_key
from pipeline.knowledge.tables import Row, read_table

_FOLDER = Path(__file__).parent / "places"
_SOURCES = {True: "GeoNames", False: "ISO 3166-2"}
# Of several towns of one name, one is meant without further evidence if it is so many times as large as the next.
_OUTSHINES = 5


@dataclass(frozen=True, slots=True)
class Place:
    """A place. ``country`` is ISO 3166-1 alpha-3, None where it spans or names several; degrees are WGS84, None where unknown."""

    name: str
    country: str | None
    lat: float | None = None
    lon: float | None = None
    source: str = ""
    population: int = 0


class PlaceLookup:
    """Places by name in a table that is sorted by the key of the name: read whole, searched by halves, never parsed whole.

    Args:
        lines: ``key,name,country,lat,lon,population``, sorted, the largest place of a key first.
    """

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def all_of(self, key: tuple[str, ...]) -> Iterator[Place]:
        """The places of that key, the largest first."""
        prefix = f"{' '.join(key)},"
        for i in range(bisect_left(self._lines, prefix), len(self._lines)):
            if not self._lines[i].startswith(prefix):
                return
            _, name, country, lat, lon, population = self._lines[i].split(",")
            source = _SOURCES[bool(lat)]
            yield Place(
                name, country, float(lat) if lat else None, float(lon) if lon else None, source, int(population)
            )


@dataclass(frozen=True, slots=True)
class PlaceKnowledge:
    """``listed`` are the places of the table, safe to look for in a text; ``lookup`` has many more, for names known to be places."""

    listed: Mapping[tuple[str, ...], Place]
    lookup: PlaceLookup

    def find(self, name: str, countries: Collection[str] = ()) -> Place | None:
        """The place of that name, without regard to accents, hyphens and a leading article.

        Of several, one in ``countries`` (those that the text names), else one that outshines the others; where that does not
        decide, a place of that name without coordinates, and without country unless all agree on it.
        """
        key = name_key(name)
        key = key[1:] if key[:1] in (("the",), ("The",)) else key
        known = self.listed.get(key)
        if known is not None and (not countries or known.country in countries or known.country is None):
            return known
        places = list(self.lookup.all_of(key))
        near = [p for p in places if p.country in countries]
        if not near:
            near = [known] if known else places
        if len(near) < 2:
            return near[0] if near else None
        if near[0].population > _OUTSHINES * near[1].population:
            return near[0]
        shared = {p.country for p in near}
        return Place(near[0].name, shared.pop() if len(shared) == 1 else None, source=near[0].source)


def _degrees(row: Row, column: str, limit: float) -> float | None:
    text = row[column]
    try:
        value = float(text) if text else None
    except ValueError as error:
        raise row.error(f"{text!r} is not a number of degrees") from error
    if value is not None and abs(value) > limit:
        raise row.error(f"{text} degrees lie outside -{limit:g} to {limit:g}")
    return value


def read_places(path: Path, lookup: Path) -> PlaceKnowledge:
    """Read and check a table of places; take the look-up table as it is.

    Raises:
        KnowledgeError: a place stands twice, an unknown country, bad degrees; the message names file and line.
    """
    places: dict[tuple[str, ...], Place] = {}
    countries = {c.alpha_3 for c in pycountry.countries} | {"XKX"}
    for row in read_table(path, ["name", "country", "lat", "lon"]):
        key, country = name_key(row["name"]), row["country"] or None
        if not key or key in places:
            raise row.error(f"{row['name']!r} is empty or stands twice")
        if country and country not in countries:
            raise row.error(f"{country!r} is no ISO 3166-1 alpha-3 code")
        places[key] = Place(row["name"], country, _degrees(row, "lat", 90), _degrees(row, "lon", 180), row["source"])
    return PlaceKnowledge(places, PlaceLookup(lookup.read_text(encoding="utf-8").splitlines()[1:]))


@lru_cache(maxsize=1)
def load_places() -> PlaceKnowledge:
    """The project's own places, read once."""
    return read_places(_FOLDER / "places.csv", _FOLDER / "lookup.csv")
