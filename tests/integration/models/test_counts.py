"""Reported figures and what texts say of them."""

from datetime import date

import pytest

from tests.integration.models.corpus import Corpus


def test_attack_tempo_keeps_the_latest_figure_per_attribution(corpus: Corpus) -> None:
    corpus.article("early", "2021-09-01")
    corpus.article("late", "2021-09-20")
    corpus.count("GROUP", "2021-08", 30, "early", target_actor_id="AAA")
    corpus.count("GROUP", "2021-08", 32, "late", target_actor_id="AAA")
    corpus.count("GROUP", "2021-08", 21, "early", target_actor_id="AAA", attribution_type="independent")
    corpus.count("GROUP", "2021-08", 3, "late", target_actor_id="AAA", grain="event")
    corpus.count("GROUP", "2021-08", 9, "late", target_actor_id="AAA", measure="killed")
    corpus.count("GROUP", "2021-08", 99, "late", target_actor_id="AAA", status="hypothetical")
    corpus.build()
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
    corpus.build()
    rows = corpus.rows("SELECT comparison_check, is_ytd_max FROM marts.attack_tempo WHERE month = DATE '2021-03-01'")
    assert rows == [(expected, is_max)]
