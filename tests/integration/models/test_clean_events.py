"""Which events count, and how reports of one event become one row."""

from datetime import date
from typing import Any

import pytest

from tests.integration.models.corpus import Corpus

EXCLUDED: dict[str, dict[str, Any]] = {
    "undated": {"day": None},
    "dated to a year": {"date_precision": "year"},
    "hypothetical": {"status": "hypothetical"},
    "historical": {"status": "historical"},
    "future": {"status": "future"},
    "negated": {"negated": True},
    "not confident": {"confidence": 0.29},
    "without a target": {"target": None},
    "of an actor with itself": {"target": "AAA"},
    "of a repost": {"article": "copy"},
}


@pytest.mark.parametrize("case", EXCLUDED)
def test_only_asserted_dated_dyadic_events_of_originals_are_clean(corpus: Corpus, case: str) -> None:
    corpus.article("a")
    corpus.article("copy", duplicate_of="a")
    kept = corpus.event("AAA", "BBB", "AID", "2021-05-01", confidence=0.3)
    corpus.event(**{"source": "AAA", "target": "BBB", "event_type": "REJECT", "day": "2021-05-01", **EXCLUDED[case]})
    assert corpus.rows("SELECT event_id FROM staging.events_clean") == [(kept,)]
    assert corpus.rows("SELECT month, n FROM marts.dyad_month") == [(date(2021, 5, 1), 1)]


def test_undated_event_never_enters_the_month_of_publication(corpus: Corpus) -> None:
    corpus.article("a", "2021-06-30")
    corpus.event("AAA", "BBB", "ASSAULT", None)
    for mart in ("dyad_month", "dyad_month_directed", "dyad_current"):
        assert corpus.rows(f"FROM marts.{mart}") == []
    assert corpus.rows("SELECT month, n_events, share_dated, share_actual FROM marts.quality_month") == [
        (date(2021, 6, 1), 1, 0, 1)
    ]


def test_reports_of_one_event_become_one_row_with_noisy_or_over_articles(corpus: Corpus) -> None:
    corpus.article("a")
    corpus.article("b", "2021-06-01")
    corpus.event("AAA", "BBB", "REJECT", "2021-05-01", "a", confidence=0.5)
    corpus.event("AAA", "BBB", "REJECT", "2021-05-01", "a", confidence=0.4, goldstein=-1.0)
    best = corpus.event("AAA", "BBB", "REJECT", "2021-05-01", "b", confidence=0.6)
    (row,) = corpus.rows(
        "SELECT event_id, article_id, article_ids, n_reports, n_articles, n_sources, confidence, goldstein, len(event_ids) "
        "FROM staging.events_clean"
    )
    assert row[:6] == (best, "b", ["a", "b"], 3, 2, 2)
    assert row[6:] == (pytest.approx(1 - 0.5 * 0.4), pytest.approx(-3.0), 3)


def test_assaults_of_one_day_are_told_apart_by_place_and_other_types_are_not(corpus: Corpus) -> None:
    corpus.article("a")
    for place in ("Northtown", "Southtown", "northtown "):
        corpus.event("AAA", "BBB", "ASSAULT", "2021-05-01", location=place)
        corpus.event("AAA", "BBB", "CONSULT", "2021-05-01", location=place)
    rows = corpus.rows("SELECT event_type, n_reports FROM staging.events_clean ORDER BY ALL")
    assert rows == [("ASSAULT", 1), ("ASSAULT", 2), ("CONSULT", 3)]


def test_only_the_newest_coders_rows_count(corpus: Corpus) -> None:
    corpus.article("a", coder="c1")
    corpus.event("AAA", "BBB", "ASSAULT", "2021-05-01", coder="c1")
    corpus.run("a", "c2", "2021-08-01")
    corpus.event("AAA", "BBB", "AID", "2021-05-01", coder="c2")
    assert corpus.rows("SELECT event_type FROM staging.events_clean") == [("AID",)]
