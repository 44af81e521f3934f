"""Spellings of one name are joined; names that only share a word are not."""

from itertools import islice, permutations

import pytest

from pipeline.knowledge.actor_variants import NamedActor, find_variants


def _person(name: str, *countries: str, mentions: int = 1, known: bool = False) -> NamedActor:
    return NamedActor(f"person:{name.lower()}", name, "person", mentions, frozenset(countries), known)


def _joined(*actors: NamedActor) -> dict[str, str]:
    return {v.actor_id: v.same_as for v in find_variants(actors)}


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("Muhammad Yunis Akhgar", "Mohammad Yunis Akhgar"),
        ("Sergei Petrovsky", "Sergey Petrovsky"),
        ("Akhgar Yunisi Baloch", "Akhgar Yunisi Balooch"),
        ("Yunis al-Akhgar", "Yunis Akhgar"),
        ("Hamid Yunis Akhgar", "Yunis Akhgar"),
    ],
)
def test_spellings_are_joined_under_the_more_frequent(spelling: str, name: str) -> None:
    assert _joined(_person(spelling), _person(name, mentions=5)) == {
        f"person:{spelling.lower()}": f"person:{name.lower()}"
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (_person("Imran"), _person("Imran Yunisi")),
        (_person("Imran Akhgar"), _person("Imran Yunisi")),
        (_person("Karim Akhgar"), _person("Salim Akhgar")),
        (_person("Ana Marques", "BRA"), _person("Anna Marques", "PRT")),
    ],
)
def test_different_people_stay_apart(one: NamedActor, other: NamedActor) -> None:
    assert _joined(one, other) == {}


def test_same_whole_name_is_one_person_across_countries_tied_to_it() -> None:
    one, other = _person("José Larrea", "ECU"), _person("Jose Larrea", "PER", mentions=3)
    assert _joined(one, other) == {one.actor_id: other.actor_id}


def test_known_actor_stands_for_a_misspelt_one_however_frequent() -> None:
    known, misspelt = _person("Volodymyr Testenko", "UKR", known=True), _person("Vladimir Testenko", mentions=50)
    assert _joined(known, misspelt) == {misspelt.actor_id: known.actor_id}


def test_numbers_tell_units_apart() -> None:
    units = [
        NamedActor(f"org:{n}", n, "organization", 1, frozenset())
        for n in ("103rd Example Brigade", "104th Example Brigade")
    ]
    assert _joined(*units) == {}


def test_answer_does_not_depend_on_the_order_of_the_actors() -> None:
    names = ["Mohamed Aideen", "Mohammed Aideen", "Muhammad Aydeen", "Mohammad Aideen", "Mohammed Farah Aideen"]
    actors = [_person(n, mentions=i) for i, n in enumerate(names)]
    expected = find_variants(actors)
    assert len({v.same_as for v in expected}) == 1
    for order in islice(permutations(actors), 0, None, 17):
        assert sorted(find_variants(order), key=str) == sorted(expected, key=str)
