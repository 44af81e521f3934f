"""What is said of a pair."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.integration.models.corpus import Corpus


def test_cue_balance_and_ambivalence_equal_the_closed_forms(corpus: Corpus) -> None:
    corpus.article("a", "2021-06-30")
    corpus.article("b", "2021-06-02")
    corpus.article("undated", None)
    corpus.cue("AAA", "BBB", 1, 3)
    corpus.cue("AAA", "BBB", -1, 1, "b")
    strongest = corpus.serial - 1
    corpus.cue("BBB", "AAA", -1, 2)
    corpus.cue("BBB", "AAA", 0, 1)
    corpus.cue("BBB", "AAA", -1, 3, status="hypothetical")
    corpus.cue("BBB", "AAA", -1, 3, "undated")
    (row,) = corpus.rows(
        "SELECT a, b, month, n_statements, n_neutral, tense, cooperative, n_articles, enough, relation_id, "
        "tension_balance, ambivalence, tension_balance_a_to_b, tension_balance_b_to_a FROM marts.cue_month"
    )
    assert row[:10] == ("AAA", "BBB", date(2021, 6, 1), 4, 1, 3, 3, 2, True, f"r{strongest:03}")
    assert row[10:] == pytest.approx((0, 1, -2 / 4, 1))


def test_annotated_article_shows_support_one_way_and_reservations_the_other(corpus: Corpus, shared: Path) -> None:
    file = shared / "seed" / "seed_gold.json"
    if not file.is_file():
        pytest.skip(f"{file} is not there")
    polarity = {"cooperative": 1, "tense": -1}
    corpus.article("a", "2021-09-10")
    for cue in json.loads(file.read_text(encoding="utf-8"))["relation_cues"]:
        a, b = cue["directed"].split(">") if cue["directed"] else cue["pair"]
        fields = {"directed": bool(cue["directed"]), "status": cue["status"]}
        corpus.cue(a, b, polarity.get(cue["polarity"], 0), cue["strength"], **fields)
    rows = corpus.rows(
        "SELECT cooperative, tense, round(tension_balance, 2), round(ambivalence, 2), round(tension_balance_a_to_b, 2), "
        "round(tension_balance_b_to_a, 2) FROM marts.cue_month WHERE a = 'PAK' AND b = 'TAL'"
    )
    assert rows == [(36, 22, -0.24, 0.76, -0.71, 0.14)]
