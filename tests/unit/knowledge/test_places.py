"""Looking places up: by spelling, by the countries that a text names, by size; never by guess."""

from pathlib import Path

import pytest

from pipeline.knowledge import places
from pipeline.knowledge.places import PlaceLookup, load_places


@pytest.mark.parametrize(
    ("name", "countries", "country"),
    [
        ("Quetta", (), "PAK"),
        ("the Donbas", (), "UKR"),
        ("Mekelle", (), "ETH"),
        ("Tripoli", ("LBN",), "LBN"),
        ("Tripoli", ("LBY",), "LBY"),
        ("Santiago de Querétaro", (), "MEX"),
    ],
)
def test_town_is_found_in_its_country_with_coordinates(name: str, countries: tuple[str, ...], country: str) -> None:
    place = load_places().find(name, countries)
    assert place is not None
    assert place.country == country


def test_coordinates_of_a_known_town() -> None:
    place = load_places().find("Peshawar")
    assert place is not None
    assert place.lat == pytest.approx(34.0, abs=0.1)
    assert place.lon == pytest.approx(71.6, abs=0.1)


def test_towns_of_one_name_that_nothing_tells_apart_have_no_coordinates() -> None:
    lookup = PlaceLookup(
        [
            "Exampleton,Exampleton,AAA,1.0,2.0,40000",
            "Exampleton,Exampleton,BBB,3.0,4.0,30000",
            "Exampletown,Exampletown,AAA,5.0,6.0,9",
        ]
    )
    known = places.PlaceKnowledge({}, lookup)
    undecided = known.find("Exampleton")
    assert undecided is not None
    assert (undecided.country, undecided.lat) == (None, None)
    decided = known.find("Exampleton", {"BBB"})
    assert decided is not None
    assert decided.lat == 3.0
    assert known.find("Example") is None


def test_table_is_sorted_as_the_search_needs_it() -> None:
    lines = (Path(places.__file__).parent / "places" / "lookup.csv").read_text(encoding="utf-8").splitlines()[1:]
    keys = [line.split(",")[0] for line in lines]
    assert keys == sorted(keys)
    assert all(line.count(",") == 5 for line in lines)
