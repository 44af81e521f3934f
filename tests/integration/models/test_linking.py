"""Reports of one incident become one incident, reports of two stay two."""

from datetime import date
from typing import Any

import pytest

from tests.integration.models.corpus import Corpus

TOLL = {"killed_low": 3, "killed_best": 3, "killed_high": 3}


def toll(low: int | None, best: int | None, high: int | None) -> dict[str, int | None]:
    return {"killed_low": low, "killed_best": best, "killed_high": high}


def linked(corpus: Corpus) -> list[list[str]]:
    """The incidents, each as its reports in the order of publication."""
    rows = corpus.rows(
        "SELECT list(incident_id ORDER BY report_rank) AS reports FROM marts.incident_links GROUP BY linked_incident_id ORDER BY reports"
    )
    return [reports for (reports,) in rows]


def test_one_incident_of_several_articles_is_counted_once_with_its_sources(corpus: Corpus) -> None:
    for key, published, source in (("a", "05-01", "x"), ("b", "05-02", "y"), ("c", "05-04", "x")):
        corpus.article(key, f"2021-{published}", source=source)
    first = corpus.incident("a", "2021-05-01", "Northtown", **toll(9, 9, None), injured_low=20)
    second = corpus.incident("b", "2021-05-01", "Northtown", **toll(11, 11, 11))
    third = corpus.incident("c", "2021-05-01", "Northtown", **toll(14, 14, 14))
    assert linked(corpus) == [[first, second, third]]
    rows = corpus.rows(
        "SELECT start_date, place, country, killed_low, killed_best, killed_high, killed_incident_id, injured_best, n_reports, n_articles, "
        "n_sources, first_published, last_published, status FROM marts.linked_incident"
    )
    day = date(2021, 5, 1)
    assert rows == [(day, "Northtown", "AAA", 9, 14, 14, third, 20, 3, 3, 2, day, date(2021, 5, 4), "actual")]


APART: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "towns": ({"towns": ["Northtown"]}, {"towns": ["Southtown"]}),
    "towns of two countries": ({"towns": ["Northtown"]}, {"towns": ["Farcity"]}),
    "villages that no table knows": ({"towns": ["Abara", "Aland"]}, {"towns": ["Zuwan", "Aland"]}),
    "days": ({}, {"day": "2021-05-03"}),
    "means and whom they hit": (
        {"targets": ["girls' school"]},
        {"incident_type": "shooting", "targets": ["police post"]},
    ),
    "parts of one town, and whom they hit": (
        {"towns": ["Northtown", "Abara"], "targets": ["school"]},
        {"towns": ["Northtown", "Zuwan"], "targets": ["barracks"]},
    ),
    "suburbs": ({}, {"towns": ["Suburb"]}),
    "a few dead and very many": ({"incident_type": "attack"}, {**toll(60, 60, 60)}),
    "tolls, means and whom they hit": (
        {"victims": ["pupils"], "incident_type": "attack"},
        {"victims": ["policemen"], **toll(40, 40, 40), "incident_type": "killing"},
    ),
}


@pytest.mark.parametrize("case", APART)
def test_two_similar_attacks_stay_two(corpus: Corpus, case: str) -> None:
    for key, fields in zip("ab", APART[case], strict=True):
        corpus.article(key, "2021-05-04")
        report = {"day": "2021-05-01", "towns": ["Northtown"], **TOLL, **fields}
        corpus.incident(key, report.pop("day"), *report.pop("towns"), **report)
    assert len(linked(corpus)) == 2


TOGETHER: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "dates off by one": ({}, {"day": "2021-05-02"}),
    "another spelling": ({"towns": ["Gumbari", "Aland"]}, {"towns": ["Gombari", "Aland"]}),
    "a doubled letter": ({"towns": ["Wuchale", "Aland"]}, {"towns": ["Wuchalle", "Aland"]}),
    "a name in two words": ({"towns": ["Um Durman"]}, {"towns": ["Omdurman"]}),
    "a suburb": ({"victims": ["soldiers"]}, {"towns": ["Suburb"], "victims": ["soldiers"]}),
    "a report without a date": ({"victims": ["soldiers"]}, {"day": None, "victims": ["soldier"]}),
    "a lower official toll": ({"victims": ["soldiers"], **toll(15, 15, 15)}, {"victims": ["soldiers"], **toll(6, 6, 6)}),
    "another word for it": ({"incident_type": "attack"}, {}),
}  # fmt: skip


@pytest.mark.parametrize("case", TOGETHER)
def test_reports_that_differ_in_detail_are_of_one_incident(corpus: Corpus, case: str) -> None:
    for key, fields in zip("ab", TOGETHER[case], strict=True):
        corpus.article(key, "2021-05-02")
        report = {"day": "2021-05-01", "towns": ["Northtown"], **TOLL, **fields}
        corpus.incident(key, report.pop("day"), *report.pop("towns"), **report)
    assert len(linked(corpus)) == 1


@pytest.mark.parametrize(("days", "expected"), [(5, 1), (6, 2)])
def test_agreement_on_a_town_that_is_often_in_the_news_says_less(corpus: Corpus, days: int, expected: int) -> None:
    for key, incident_type in (("a", "attack"), ("b", "bombing")):
        corpus.article(key, "2021-05-02")
        corpus.incident(key, "2021-05-01", "Northtown", incident_type=incident_type)
    for day in range(1, days):
        corpus.article(f"other{day}", f"2021-05-{3 * day + 1:02}")
        corpus.incident(f"other{day}", f"2021-05-{3 * day + 1:02}", "Northtown")
    assert len(linked(corpus)) == expected + days - 1


def test_undated_report_is_compared_with_the_days_before_its_publication_only(corpus: Corpus) -> None:
    corpus.article("a", "2021-05-02")
    corpus.article("weeks-later", "2021-05-20")
    corpus.incident("a", "2021-05-01", "Northtown", victims=["soldiers"], **TOLL)
    corpus.incident("weeks-later", None, "Northtown", victims=["soldiers"], **TOLL)
    assert len(linked(corpus)) == 2
    rows = corpus.rows("SELECT start_date, month FROM marts.linked_incident ORDER BY start_date NULLS LAST")
    assert rows == [(date(2021, 5, 1), date(2021, 5, 1)), (None, None)]


def test_report_that_fits_two_incidents_joins_one_and_does_not_make_them_one(corpus: Corpus) -> None:
    for key in ("a", "b", "roundup"):
        corpus.article(key, "2021-05-02" if key != "roundup" else "2021-05-09")
    north = corpus.incident("a", "2021-05-01", "Northtown", **TOLL)
    south = corpus.incident("b", "2021-05-01", "Southtown", **TOLL)
    corpus.incident("roundup", "2021-05-01", "Northtown", "Southtown", **TOLL)
    incidents = linked(corpus)
    assert sorted(map(len, incidents)) == [1, 2]
    assert not any(north in reports and south in reports for reports in incidents)


def test_reports_that_name_other_towns_do_not_meet_at_one_that_names_none(corpus: Corpus) -> None:
    victims = {"victims": ["soldiers", "drivers"], **TOLL}
    for key, published in (("vague", "05-01"), ("b", "05-02"), ("c", "05-03")):
        corpus.article(key, f"2021-{published}")
    vague = corpus.incident("vague", "2021-05-01", "Aland", **victims)
    north = corpus.incident("b", "2021-05-01", "Northtown", "Aland", **victims)
    south = corpus.incident("c", "2021-05-01", "Southtown", "Aland", **victims)
    assert linked(corpus) == [[vague, north], [south]]


def test_contradicting_reports_do_not_meet_at_one_with_which_they_share_day_and_town_alone(corpus: Corpus) -> None:
    for key, incident_type, victim in (
        ("a", "wounding", "people"),
        ("b", "bombing", "policemen"),
        ("c", "shooting", "doctor"),
    ):
        corpus.article(key, f"2021-05-0{'abc'.index(key) + 2}")
        corpus.incident(key, "2021-05-01", "Northtown", incident_type=incident_type, victims=[victim])
    assert len(linked(corpus)) == 3


def test_chain_of_reports_that_drifts_from_day_to_day_is_cut(corpus: Corpus) -> None:
    days = range(1, 7)
    for day in days:
        corpus.article(f"a{day}", f"2021-05-0{day}")
    reports = [corpus.incident(f"a{day}", f"2021-05-0{day}", "Northtown", **TOLL) for day in days]
    assert linked(corpus) == [reports[:3], reports[3:]]
    assert corpus.rows(
        f"SELECT reason, joined_id FROM marts.incident_links WHERE incident_id = '{reports[3]}'"
    ) == [("cut from a chain", reports[2])]  # fmt: skip


def test_parts_of_an_incident_are_joined_by_a_report_that_fits_both(corpus: Corpus) -> None:
    corpus.article("a", "2021-05-01")
    corpus.article("b", "2021-05-02")
    raid = corpus.incident("a", "2021-05-01", "Northtown", incident_type="attack", victims=["girls"])
    guard = corpus.incident("a", "2021-05-01", "Northtown", incident_type="killing", victims=["guard"], **toll(1, 1, 1))
    assert len(linked(corpus)) == 2
    whole = corpus.incident(
        "b", "2021-05-01", "Northtown", incident_type="attack", victims=["girls", "guard"], **toll(1, 1, 1)
    )
    assert linked(corpus) == [[raid, guard, whole]]


def test_repost_is_a_report_but_no_source(corpus: Corpus) -> None:
    corpus.article("a", "2021-05-02")
    corpus.article("copy", "2021-05-02", duplicate_of="a")
    for key in ("a", "copy"):
        corpus.incident(key, "2021-05-01", "Northtown", ordinal=0, **TOLL)
    rows = corpus.rows("SELECT n_reports, n_articles, n_sources FROM marts.linked_incident")
    assert rows == [(2, 1, 1)]
    assert corpus.rows("FROM staging.incident_pairs") == []


def test_what_is_only_feared_is_linked_with_nothing_and_kept(corpus: Corpus) -> None:
    corpus.article("a", "2021-05-02")
    corpus.article("b", "2021-05-02")
    corpus.incident("a", "2021-05-01", "Northtown", **TOLL)
    corpus.incident("b", "2021-05-01", "Northtown", status="hypothetical", **TOLL)
    assert corpus.rows("SELECT status, n_reports FROM marts.linked_incident ORDER BY status") == [
        ("actual", 1), ("hypothetical", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("tolls", "expected"),
    [
        ([(9, 9, None), (11, 11, 11)], (9, 11, 11)),
        ([(11, 11, 11), (9, 9, None)], (9, 11, 11)),
        ([(11, 11, 11), (20, 20, None)], (11, 20, 20)),
        ([(11, 11, 11), (8, 8, 8)], (8, 8, 11)),
        ([(None, None, None), (8, 8, 8)], (8, 8, 8)),
        ([(None, None, None), (None, None, None)], (None, None, None)),
    ],
)
def test_toll_is_the_latest_exact_figure_or_a_higher_at_least_after_it(
    corpus: Corpus,
    tolls: list[tuple[int | None, int | None, int | None]],
    expected: tuple[int | None, int | None, int | None],
) -> None:
    for n, bounds in enumerate(tolls):
        corpus.article(f"a{n}", f"2021-05-0{n + 1}")
        corpus.incident(f"a{n}", "2021-05-01", "Northtown", victims=["soldiers"], **toll(*bounds))
    assert corpus.rows("SELECT killed_low, killed_best, killed_high FROM marts.linked_incident") == [expected]


def test_evidence_for_and_against_a_pair_is_shown_in_points(corpus: Corpus) -> None:
    corpus.article("a", "2021-05-02")
    corpus.article("b", "2021-05-03")
    corpus.incident("a", "2021-05-01", "Northtown", victims=["two policemen"], **toll(3, 3, 3))
    corpus.incident("b", "2021-05-02", "Northtown", incident_type="shooting", victims=["policeman"], **toll(4, 4, 4))
    (row,) = corpus.rows(
        "SELECT days_apart, place, shared_places, shared_harmed, killed_earlier, killed_later, date_points, place_points, locality_points, "
        "name_points, means_points, perpetrator_points, harmed_points, toll_points, score, is_match FROM staging.incident_pairs"
    )
    assert row == (1, "same town", ["northtown"], ["policeman"], 3, 4, 1, 3, 0, 0, -2, 0, 1, 0, 3, False)


def test_perpetrators_are_rolled_up_and_one_that_is_hit_as_well_is_not_chosen(corpus: Corpus) -> None:
    corpus.actor("AAA", "state")
    corpus.actor("GROUP", "armed_group")
    corpus.actor("person:leader", "person", "GROUP")
    corpus.article("a", "2021-05-02")
    for actor, name in (("person:leader", "struck"), ("AAA", "camp")):
        start = {"struck": 26, "camp": 37}[name]
        mention = {"actor_id": actor, "name": name, "kind": "person", "method": "gazetteer", "mention_id": f"m{actor}"}
        corpus.mention("a", start, start + len(name), **mention)
    corpus.incident("a", "2021-05-01", "Northtown", perpetrator_organizations=["struck", "camp"], targets=["camp"])
    assert corpus.rows("SELECT perpetrator, perpetrators, harmed FROM marts.linked_incident") == [
        ("GROUP", ["AAA", "GROUP"], ["AAA"])
    ]
