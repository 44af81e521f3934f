"""How much was read, how often an actor is named, and the way back from a row to its sentence."""

from datetime import date

from pipeline.sqlmodels import build, run_tests
from pipeline.warehouse import schema
from pipeline.warehouse.merge import insert_new
from tests.integration.models.corpus import SPAN, TEXT, Corpus


def test_quality_counts_reposts_apart_and_keeps_articles_without_a_date(corpus: Corpus) -> None:
    corpus.article("a")
    corpus.article("copy", duplicate_of="a")
    corpus.article("undated", None)
    corpus.event("AAA", "BBB", "AID", "2021-05-01")
    corpus.event("AAA", None, "AID", "2021-05-01", status="future")
    corpus.event("AAA", "BBB", "AID", "2021-05-01", "copy")
    rows = corpus.rows(
        "SELECT month, n_articles, n_reposts, n_sources, n_tagged, n_events, share_actual, share_dated, share_dyadic, share_usable "
        "FROM marts.quality_month ORDER BY month NULLS LAST"
    )
    assert rows == [(date(2021, 6, 1), 2, 1, 1, 1, 2, 0.5, 1, 0.5, 0.5), (None, 1, 0, 1, 1, 0, None, None, None, None)]


def test_evidence_leads_from_every_kind_of_row_to_its_sentence(corpus: Corpus) -> None:
    corpus.article("a")
    corpus.event(None, None, "AID", None)
    corpus.count(None, "2021-05", None)
    corpus.cue("AAA", "BBB", 1, 1)
    corpus.incident("a", None)
    rows = corpus.rows("SELECT kind, sentence_text, text, start_char, end_char FROM marts.evidence ORDER BY kind")
    assert rows == [(kind, TEXT[18:50], TEXT[26:32], *SPAN) for kind in ("count", "event", "incident", "relation")]


def test_actor_months_hold_events_mentions_and_figures(corpus: Corpus) -> None:
    corpus.actor("AAA", "state")
    corpus.actor("AAAMIL", "military", "AAA")
    corpus.article("a", "2021-06-30")
    corpus.event("AAAMIL", "BBB", "ASSAULT", "2021-06-01")
    corpus.event("BBB", "AAA", "AID", "2021-06-02")
    corpus.count("AAAMIL", "2021-06", 4)
    mention = {**corpus._base("a", "c1"), "name": "Army", "kind": "military", "method": "gazetteer"}
    rows = [{**mention, "mention_id": f"m{i}", "actor_id": actor} for i, actor in enumerate(("AAAMIL", "AAA"))]
    insert_new(corpus.con, schema.actor_mentions, rows)
    row = corpus.rows("SELECT * EXCLUDE (actor_name) FROM marts.actor_month WHERE actor = 'AAA'")
    assert row == [("AAA", date(2021, 6, 1), 1, 1, 1, 0, 2, 1, 1, 0, 0, 0)]


def test_rows_whose_text_does_not_match_are_found(corpus: Corpus) -> None:
    corpus.article("a")
    corpus.event("AAA", "BBB", "AID", "2021-05-01", text="struck!")
    build(corpus.con, corpus.project)
    failed = {r.name for r in run_tests(corpus.con, corpus.project) if not r.passed}
    assert failed == {"core_spans_reproduce_the_text"}
