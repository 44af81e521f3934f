"""Reported figures and what texts say of them."""

import math
from datetime import date
from typing import Any

import pytest

from tests.integration.models.corpus import Corpus, Z


def test_attack_tempo_keeps_the_latest_figure_per_attribution(corpus: Corpus) -> None:
    corpus.article("early", "2021-09-01")
    corpus.article("late", "2021-09-20")
    corpus.count("GROUP", "2021-08", 30, "early", target_actor_id="AAA")
    corpus.count("GROUP", "2021-08", 32, "late", target_actor_id="AAA")
    corpus.count("GROUP", "2021-08", 21, "early", target_actor_id="AAA", attribution_type="independent")
    corpus.count("GROUP", "2021-08", 3, "late", target_actor_id="AAA", grain="event")
    corpus.count("GROUP", "2021-08", 9, "late", target_actor_id="AAA", measure="killed")
    corpus.count("GROUP", "2021-08", 99, "late", target_actor_id="AAA", status="hypothetical")
    rows = corpus.rows(
        "SELECT perpetrator, target, attribution_type, best, n_reports, n_articles, is_ytd_max, months_known, months_elapsed "
        "FROM marts.attack_tempo ORDER BY attribution_type"
    )
    assert rows == [
        ("GROUP", "AAA", "independent", 21, 1, 1, True, 1, 8),
        ("GROUP", "AAA", "self_claim", 32, 2, 2, True, 1, 8),
    ]


@pytest.mark.parametrize(
    ("known", "expected", "is_max"),
    [
        ({}, "unknown", True),
        ({"2021-01": 5, "2021-02": 31}, "agree", True),
        ({"2021-02": 31}, "unknown", True),
        ({"2021-02": 33}, "contradict", False),
        ({"2020-12": 50, "2021-04": 60}, "unknown", True),
    ],
)
def test_stated_maximum_is_checked_against_the_months_that_are_known(
    corpus: Corpus, known: dict[str, int], expected: str, is_max: bool
) -> None:
    corpus.article("a")
    claim = {
        "comparison_text": "the most this year",
        "comparison_relation": "max",
        "comparison_start": date(2021, 1, 1),
    }
    corpus.count("GROUP", "2021-03", 32, **claim)
    for month, best in known.items():
        corpus.count("GROUP", month, best)
    rows = corpus.rows("SELECT comparison_check, is_ytd_max FROM marts.attack_tempo WHERE month = DATE '2021-03-01'")
    assert rows == [(expected, is_max)]


YEAR = {"comparison_text": "this year", "comparison_start": date(2021, 1, 1), "comparison_end": date(2021, 12, 31)}


def bounds(corpus: Corpus) -> list[tuple[Any, ...]]:
    return corpus.rows(
        "SELECT bounded_month, lower_bound, upper_bound, known_figure, verdict FROM marts.comparison_bounds ORDER BY bounded_month"
    )


def test_highest_of_the_year_bounds_the_months_that_were_over_when_it_was_said(corpus: Corpus) -> None:
    corpus.article("a", "2021-05-10")
    corpus.article("b", "2021-12-01")
    corpus.count("GROUP", "2021-03", 32, comparison_relation="max", **YEAR)
    corpus.count("GROUP", "2021-01", 30, "b")
    corpus.count("GROUP", "2021-02", 40, "b")
    corpus.count("GROUP", "2021-04", None, "b", low=20)
    corpus.count("GROUP", "2021-05", 50, "b")
    assert bounds(corpus) == [
        (date(2021, 1, 1), None, 32, 30, "agree"),
        (date(2021, 2, 1), None, 32, 40, "contradict"),
        (date(2021, 4, 1), None, 32, 20, "unknown"),
    ]
    assert corpus.rows("SELECT comparison_check FROM marts.attack_tempo WHERE month = DATE '2021-03-01'") == [
        ("contradict",)
    ]


@pytest.mark.parametrize(
    ("relation", "known", "expected"),
    [
        ("min", 31, (32, None, 31, "contradict")),
        ("min", 32, (32, None, 32, "agree")),
        ("increase", 32, (None, 31, 32, "contradict")),
        ("increase", 31, (None, 31, 31, "agree")),
        ("decrease", 32, (33, None, 32, "contradict")),
        ("decrease", 33, (33, None, 33, "agree")),
    ],
)
def test_each_relation_bounds_the_month_that_it_is_said_of(
    corpus: Corpus, relation: str, known: int, expected: tuple[Any, ...]
) -> None:
    corpus.article("a")
    frame = {"comparison_start": date(2021, 2, 1), "comparison_end": date(2021, 2, 28)}
    corpus.count("GROUP", "2021-03", 32, comparison_relation=relation, comparison_text="as said", **frame)
    corpus.count("GROUP", "2021-02", known)
    assert bounds(corpus) == [(date(2021, 2, 1), *expected)]


def test_open_figure_bounds_nothing_and_other_sources_are_no_judges(corpus: Corpus) -> None:
    corpus.article("a", "2021-03-31")
    corpus.count("GROUP", "2021-02", None, low=30, comparison_relation="max", **YEAR)
    corpus.count("GROUP", "2021-01", 99)
    corpus.count("OTHERS", "2021-02", 30, comparison_relation="max", **YEAR)
    corpus.count("OTHERS", "2021-01", 99, attribution_type="independent")
    rows = corpus.rows(
        "SELECT perpetrator, upper_bound, known_figure, verdict FROM marts.comparison_bounds ORDER BY perpetrator"
    )
    assert rows == [("GROUP", None, 99, "unknown"), ("OTHERS", 30, None, "unknown")]


def gaps(corpus: Corpus) -> list[tuple[Any, ...]]:
    return corpus.rows(
        "SELECT measure, grain, other_side, self_claim, other, ratio, difference, n_self_claims, n_others, n_incidents "
        "FROM marts.attack_claim_gap ORDER BY measure, grain, other_side"
    )


def test_own_monthly_figure_stands_against_each_other_kind_of_source(corpus: Corpus) -> None:
    corpus.article("a", "2021-09-01")
    corpus.article("b", "2021-09-09")
    corpus.count("GROUP", "2021-08", 147)
    corpus.count("GROUP", "2021-08", 99, attribution_type="independent")
    corpus.count("GROUP", "2021-08", 90, attribution_type="official")
    corpus.count("GROUP", "2021-08", 98, "b", attribution_type="official")
    # Neither an incident of the month nor the year's total enters the month.
    corpus.count("GROUP", "2021-08", 7, "b", grain="event")
    corpus.count("GROUP", "2021-08", 900, "b", grain="year")
    corpus.count("GROUP", "2021-08", 0, attribution_type="media")
    assert gaps(corpus) == [
        ("attacks", "month", "independent", 147, 99, pytest.approx(147 / 99), 48, 1, 1, None),
        ("attacks", "month", "media", 147, 0, None, 147, 1, 1, None),
        ("attacks", "month", "official", 147, 98, 1.5, 49, 1, 2, None),
        ("attacks", "month", "unattributed", 147, None, None, None, 1, 0, None),
    ]


def incident_by(corpus: Corpus, article: str, day: str, town: str, **fields: Any) -> None:
    """An incident that GROUP committed."""
    corpus.incident(article, day, town, perpetrator_organizations=["Raiders"], victims=["soldiers"], **fields)


def with_group(corpus: Corpus, *articles: str) -> None:
    corpus.actor("GROUP", "armed_group")
    for n, key in enumerate(articles):
        corpus.article(key, f"2021-05-0{n + 5}")
        mention = {"actor_id": "GROUP", "name": "Raiders", "kind": "armed_group", "method": "gazetteer"}
        corpus.mention(key, 18, 25, **mention, mention_id=f"m{n}")


def told_killed(corpus: Corpus, article: str, best: int, side: str, **fields: Any) -> None:
    days = {"start_date": None, "end_date": None}
    corpus.count(
        None, "2021-05", best, article, measure="killed", grain="event", attribution_type=side, **days, **fields
    )


def test_killed_are_compared_over_the_incidents_of_which_both_sides_speak(corpus: Corpus) -> None:
    with_group(corpus, "a", "b", "c")
    incident_by(corpus, "a", "2021-05-01", "Northtown")
    incident_by(corpus, "b", "2021-05-01", "Northtown")
    incident_by(corpus, "c", "2021-05-03", "Southtown")
    told_killed(corpus, "a", 19, "unattributed", attributed_to="GROUP")
    told_killed(corpus, "b", 6, "official")
    told_killed(corpus, "b", 2, "official")
    told_killed(corpus, "c", 50, "official")
    # The month's total is of another grain.
    corpus.count("GROUP", "2021-05", 70, "c", measure="killed", attribution_type="official")
    rows = [row for row in gaps(corpus) if row[2] == "official"]
    assert rows == [
        ("killed", "incident", "official", 19, 6, pytest.approx(19 / 6), 13, 1, 3, 1),
        ("killed", "month", "official", None, 70, None, None, 0, 1, None),
    ]


def test_lethality_counts_an_incident_once_however_often_it_is_reported(corpus: Corpus) -> None:
    with_group(corpus, "a", "b", "c", "d")
    for article, killed in (("a", 4), ("b", 6)):
        toll = {f"killed_{bound}": killed for bound in ("low", "best", "high")}
        incident_by(corpus, article, "2021-05-01", "Northtown", **toll, injured_low=1, injured_best=1)
    incident_by(corpus, "c", "2021-05-03", "Southtown", killed_low=0, killed_best=0, killed_high=0)
    incident_by(corpus, "d", "2021-05-05", "Farcity")
    incident_by(corpus, "d", "2021-05-05", "Farcity", status="hypothetical", killed_low=99, killed_best=99)
    corpus.incident("d", None, "Northtown", killed_low=99, killed_best=99)
    (row,) = corpus.rows(
        "SELECT perpetrator, month, n_incidents, n_with_toll, n_sources, killed_low, killed_best, killed_high, injured_best, killed_per_incident, "
        "killed_per_incident_shrunk, killed_per_incident_low, killed_per_incident_high FROM marts.lethality_month"
    )
    assert row[:10] == ("GROUP", date(2021, 5, 1), 3, 2, 4, 4, 6, 6, 1, 3.0)
    # Tolls 6 and 0: mean 3, variance 18, so that φ is 6.
    shape, rate = 6 / 6 + 1, 2 / 6 + 1 / 3
    spread = Z / (3 * math.sqrt(shape))
    band = [shape * (1 - 1 / (9 * shape) + s * spread) ** 3 / rate for s in (-1, 1)]
    assert row[10:] == pytest.approx((shape / rate, *band))
