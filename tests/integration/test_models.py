"""The indicators of dbt_like_sql/ on small cases worked out by hand, and on real event data."""

import json
import math
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.sqlmodels import Project, build, column_lineage, load_project, run_tests
from pipeline.warehouse import schema
from pipeline.warehouse.merge import insert_new
from pipeline.warehouse.rows import row_id
from pipeline.warehouse.sources import relation_columns
from pipeline.warehouse.store import Warehouse

ROOT = Path(__file__).parent.parent.parent
TEXT = "Café talks began. Raiders struck the camp 😀 twice. More followed."
SENTENCES = ((0, 17), (18, 50), (51, 65))
SPAN = (26, 32)
KAPPA, Z = 5.0, 1.96
# Type: quad class, Goldstein, PLOVER score
TYPES = {
    "CONSULT": (1, 1.0, 2.5),
    "AID": (2, 7.0, 10.0),
    "REJECT": (3, -4.0, -2.0),
    "ASSAULT": (4, -10.0, -9.0),
}


@pytest.fixture(scope="session")
def project() -> Project:
    return load_project(ROOT / "dbt_like_sql", relation_columns())


class Corpus:
    """Fills a warehouse with rows as the tagger would write them, and builds the models."""

    def __init__(self, con: duckdb.DuckDBPyConnection, project: Project) -> None:
        self.con, self.project = con, project
        values = {"min_confidence": 0.3, "kappa_events": KAPPA, "z95": Z}
        insert_new(con, schema.parameters, [{"name": n, "value": v, "description": n} for n, v in values.items()])
        self.serial = 0

    def article(self, key: str, published: str | None = "2021-06-30", coder: str = "c1", **fields: Any) -> None:
        day = date.fromisoformat(published) if published else None
        row = {"article_id": key, "text": TEXT, "text_hash": key, "published": day, "source": f"paper {key}", **fields}
        insert_new(self.con, schema.articles, [{**row, "ingest_batch": "b", "fetched_at": _timestamp("2021-07-01")}])
        self.run(key, coder)

    def run(self, key: str, coder: str, tagged_at: str = "2021-07-01") -> None:
        run = {"article_id": key, "coder_version": coder}
        insert_new(self.con, schema.tagging_runs, [{**run, "tagged_at": _timestamp(tagged_at)}])
        rows = [{**run, "sentence": i, "start_char": s, "end_char": e} for i, (s, e) in enumerate(SENTENCES)]
        insert_new(self.con, schema.sentences, rows)

    def _base(self, article: str, coder: str) -> dict[str, Any]:
        start, end = SPAN
        self.serial += 1
        base = {"article_id": article, "coder_version": coder, "sentence": 1, "status": "actual"}
        return {**base, "start_char": start, "end_char": end, "text": TEXT[start:end]}

    def event(
        self,
        source: str | None,
        target: str | None,
        event_type: str,
        day: str | None,
        article: str = "a",
        coder: str = "c1",
        **fields: Any,
    ) -> str:
        quad, goldstein, plover = TYPES[event_type]
        start = date.fromisoformat(day) if day else None
        row = {
            **self._base(article, coder),
            "event_id": f"e{self.serial:03}",
            "source_actor_id": source,
            "target_actor_id": target,
            "event_type": event_type,
            "quad_class": quad,
            "quad_scheme": "plover",
            "goldstein": goldstein,
            "plover_score": plover,
            "start_date": start,
            "end_date": start,
            "date_precision": "day" if day else "none",
            "negated": False,
            "confidence": 0.8,
            **fields,
        }
        insert_new(self.con, schema.events, [row])
        return str(row["event_id"])

    def count(self, actor: str | None, month: str, best: int | None, article: str = "a", **fields: Any) -> None:
        start = date.fromisoformat(f"{month}-01")
        row = {
            **self._base(article, "c1"),
            "count_id": f"n{self.serial:03}",
            "measure": "attacks",
            "low": best,
            "best": best,
            "high": best,
            "actor_id": actor,
            "start_date": start,
            "end_date": start.replace(day=28),
            "grain": "month",
            "attribution_type": "self_claim",
            **fields,
        }
        insert_new(self.con, schema.attack_counts, [row])

    def cue(self, a: str, b: str, polarity: int, strength: int, article: str = "a", **fields: Any) -> None:
        row = {
            **self._base(article, "c1"),
            "relation_id": f"r{self.serial:03}",
            "actor_a": a,
            "actor_b": b,
            "directed": True,
            "cue_type": "trust",
            "polarity": polarity,
            "strength": strength,
            **fields,
        }
        insert_new(self.con, schema.relation_statements, [row])

    def actor(self, actor_id: str, kind: str, parent: str | None = None) -> None:
        row = {"actor_id": actor_id, "name": actor_id.title(), "kind": kind, "parent_id": parent, "source": "test"}
        insert_new(self.con, schema.actors, [row])

    def role(self, actor_id: str, parent: str, start: str | None, end: str | None, source: str = "curated") -> None:
        row = {"actor_id": actor_id, "parent_id": parent, "role": "member", "source": source}
        days = {k: date.fromisoformat(v) if v else None for k, v in (("start_date", start), ("end_date", end))}
        insert_new(self.con, schema.actor_roles, [{**row, **days, "role_id": row_id(*row.values(), start, end)}])

    def build(self) -> None:
        build(self.con, self.project)
        failed = [(r.model, r.name, r.sample) for r in run_tests(self.con, self.project) if not r.passed]
        assert failed == []

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.con.execute(sql).fetchall()


def _timestamp(day: str) -> datetime:
    return datetime.fromisoformat(day)


@pytest.fixture(scope="session")
def empty_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse at the newest revision; every test gets a copy, which is faster than to migrate again."""
    path = tmp_path_factory.mktemp("warehouse") / "empty.duckdb"
    with Warehouse(path).connect():
        return path


@pytest.fixture
def corpus(empty_warehouse: Path, tmp_path: Path, project: Project) -> Iterator[Corpus]:
    path = Path(shutil.copy(empty_warehouse, tmp_path / "w.duckdb"))
    with Warehouse(path).connect() as con:
        yield Corpus(con, project)


def test_every_model_builds_and_passes_its_tests_on_an_empty_warehouse(corpus: Corpus) -> None:
    corpus.build()
    for model in corpus.project.models:
        assert corpus.rows(f"SELECT count(*) FROM {model.full_name}") == [(0,)]


def test_every_column_of_a_mart_that_is_no_bare_count_has_an_origin(project: Project) -> None:
    without = {
        f"{m.name}.{column}"
        for m in project.models
        if m.schema == "marts"
        for column, origins in column_lineage(project, m.full_name).items()
        if not origins
    }
    counts = {
        "quality_month.n_articles",
        "quality_month.n_events",
        "cue_month.n_statements",
        "dyad_current.n_events",
        "unresolved_names.n_mentions",
    }
    assert without == {"evidence.kind", *counts}


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
    corpus.build()
    assert corpus.rows("SELECT event_id FROM staging.events_clean") == [(kept,)]
    assert corpus.rows("SELECT month, n FROM marts.dyad_month") == [(date(2021, 5, 1), 1)]


def test_undated_event_never_enters_the_month_of_publication(corpus: Corpus) -> None:
    corpus.article("a", "2021-06-30")
    corpus.event("AAA", "BBB", "ASSAULT", None)
    corpus.build()
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
    corpus.build()
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
    corpus.build()
    rows = corpus.rows("SELECT event_type, n_reports FROM staging.events_clean ORDER BY ALL")
    assert rows == [("ASSAULT", 1), ("ASSAULT", 2), ("CONSULT", 3)]


def test_only_the_newest_coders_rows_count(corpus: Corpus) -> None:
    corpus.article("a", coder="c1")
    corpus.event("AAA", "BBB", "ASSAULT", "2021-05-01", coder="c1")
    corpus.run("a", "c2", "2021-08-01")
    corpus.event("AAA", "BBB", "AID", "2021-05-01", coder="c2")
    corpus.build()
    assert corpus.rows("SELECT event_type FROM staging.events_clean") == [("AID",)]


ROLL_UP = {
    "army to its state": ("AAAMIL", "2021-05-01", "AAA"),
    "armed group stays although it governs": ("GROUP", "2021-05-01", "GROUP"),
    "minister through government to state": ("person:minister", "2021-05-01", "AAA"),
    "minister before his time stays himself": ("person:minister", "2019-05-01", "person:minister"),
    "dated role wins over what the text says": ("person:turncoat", "2021-05-01", "GROUP"),
    "what the text says counts outside the dated role": ("person:turncoat", "2019-05-01", "BBB"),
    "the article's own word wins over other articles": ("person:disputed", "2021-05-01", "BBB"),
    "population stays": ("AAACVL", "2021-05-01", "AAACVL"),
    "unknown to everyone": ("person:nobody", "2021-05-01", "person:nobody"),
    "circle of parents ends": ("org:egg", "2021-05-01", "org:hen"),
}


@pytest.mark.parametrize("case", ROLL_UP)
def test_participants_are_rolled_up_to_whom_they_stand_for(corpus: Corpus, case: str) -> None:
    actor, day, expected = ROLL_UP[case]
    for actor_id, kind, parent in (
        ("AAA", "state", None), ("BBB", "state", None), ("CCC", "state", None), ("AAAMIL", "military", "AAA"), ("AAAGOV", "government", "AAA"),
        ("AAACVL", "population", None), ("GROUP", "armed_group", None), ("person:minister", "person", None),
        ("person:turncoat", "person", None), ("person:disputed", "person", None), ("person:nobody", "person", None),
        ("org:hen", "unknown", "org:egg"), ("org:egg", "unknown", "org:hen"),
    ):  # fmt: skip
        corpus.actor(actor_id, kind, parent)
    corpus.role("GROUP", "AAA", "2020-01-01", None)
    corpus.role("person:minister", "AAAGOV", "2020-01-01", "2021-12-31")
    corpus.role("person:turncoat", "GROUP", "2021-01-01", None)
    corpus.role("person:turncoat", "BBB", None, None, "text:a")
    corpus.role("person:disputed", "BBB", None, None, "text:a")
    corpus.role("person:disputed", "AAA", None, None, "text:x")
    corpus.role("person:disputed", "AAA", None, None, "text:y")
    corpus.article("a")
    corpus.event(actor, "CCC", "REJECT", day)
    corpus.build()
    rows = corpus.rows("SELECT source, source_actor_id FROM staging.events_rolled_up")
    assert rows == [(expected, actor)]


def test_acts_within_one_state_make_no_pair(corpus: Corpus) -> None:
    corpus.actor("AAA", "state")
    corpus.actor("AAAMIL", "military", "AAA")
    corpus.article("a")
    corpus.event("AAAMIL", "AAA", "REJECT", "2021-05-01")
    corpus.build()
    assert corpus.rows("FROM marts.dyad_month") == []
    assert corpus.rows("SELECT share_dyadic FROM marts.quality_month") == [(0,)]


def wilson(p: float, n: float) -> tuple[float, float]:
    middle, half = p + Z * Z / (2 * n), Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return 100 * (middle - half) / (1 + Z * Z / n), 100 * (middle + half) / (1 + Z * Z / n)


def test_monthly_measures_equal_the_closed_forms(corpus: Corpus) -> None:
    corpus.article("a")
    corpus.event("AAA", "BBB", "ASSAULT", "2021-05-01")
    corpus.event("BBB", "AAA", "REJECT", "2021-05-02")
    corpus.event("BBB", "AAA", "AID", "2021-05-03")
    corpus.event("AAA", "BBB", "CONSULT", "2021-04-03")
    last = corpus.event("AAA", "CCC", "CONSULT", "2021-05-09")
    corpus.build()
    scores = [-10.0, -4.0, 7.0, 1.0, 1.0]
    mean = sum(scores) / 5
    variance = sum((s - mean) ** 2 for s in scores) / 4
    prior = (4 * (-6 / 4) + KAPPA * mean) / (4 + KAPPA)
    share = (1.5 + KAPPA * (1.5 / 5)) / (3 + KAPPA)
    (row,) = corpus.rows(
        "SELECT n, n_verbal_cooperation, n_material_cooperation, n_verbal_conflict, n_material_conflict, enough, last_event_date, n_articles, "
        "net_cooperation_raw, net_cooperation, net_cooperation_se, balance, tension_raw, tension, tension_low, tension_high, "
        "net_cooperation_plover_raw FROM marts.dyad_month WHERE a = 'AAA' AND b = 'BBB' AND month = DATE '2021-05-01'"
    )
    assert row[:8] == (3, 0, 1, 1, 1, False, date(2021, 5, 3), 1)
    assert row[8:] == pytest.approx(
        (
            -7 / 3,
            (3 * (-7 / 3) + KAPPA * prior) / (3 + KAPPA),
            math.sqrt(variance / 8),
            -7 / 21,
            50.0,
            100 * share,
            *wilson(share, 8),
            -1 / 3,
        )
    )
    assert corpus.rows("SELECT b, event_id FROM marts.dyad_month WHERE b = 'CCC'") == [("CCC", last)]


def test_direction_shows_what_the_pair_hides(corpus: Corpus) -> None:
    corpus.article("a")
    corpus.event("AAA", "BBB", "AID", "2021-05-01")
    corpus.event("BBB", "AAA", "REJECT", "2021-05-02")
    corpus.build()
    rows = corpus.rows("SELECT source, target, n, net_cooperation_raw FROM marts.dyad_month_directed ORDER BY source")
    assert rows == [("AAA", "BBB", 1, 7.0), ("BBB", "AAA", 1, -4.0)]
    assert corpus.rows("SELECT a, b, n, net_cooperation_raw FROM marts.dyad_month") == [("AAA", "BBB", 2, 1.5)]


@pytest.mark.parametrize("event_type", ["ASSAULT", "CONSULT"])
def test_one_sided_corpus_stays_within_the_scales(corpus: Corpus, event_type: str) -> None:
    corpus.con.execute("UPDATE core.parameters SET value = 0.3 WHERE name = 'kappa_events'")
    corpus.article("a")
    for day in range(1, 8):
        corpus.event("AAA", "BBB", event_type, f"2021-05-{day:02}")
    corpus.build()
    (row,) = corpus.rows("SELECT tension, net_cooperation FROM marts.dyad_month")
    assert row == pytest.approx((100, -10) if event_type == "ASSAULT" else (0, 1))


def test_current_reading_decays_ranks_and_shows_the_newest_sentence(corpus: Corpus) -> None:
    corpus.actor("AAA", "state")
    corpus.article("a", "2021-06-30", title="Raid", url="https://example.org/raid")
    corpus.event("AAA", "BBB", "AID", "2021-04-01")
    newest = corpus.event("AAA", "BBB", "ASSAULT", "2021-06-30")
    corpus.event("AAA", "CCC", "CONSULT", "2021-06-30")
    corpus.event("AAA", "DDD", "ASSAULT", "2015-01-01")
    corpus.build()
    rows = corpus.rows(
        "SELECT tension_rank, b, effective_n, level, net_cooperation_now, tension_now, is_stale FROM marts.dyad_current ORDER BY b"
    )
    pool = 2 / 4
    # 90 days lie between 1 April and 30 June: half a weight.
    assert rows[0] == (
        1,
        "BBB",
        *map(pytest.approx, (1.5, -10 + 7 / 2, (-10 + 7 / 2) / 1.5, 100 * (1 + 5 * pool) / 6.5)),
        True,
    )
    assert rows[1][:4] == (2, "CCC", 1.0, 1.0)
    assert rows[2] == (None, "DDD", 0, 0, None, pytest.approx(100 * pool), True)
    (evidence,) = corpus.rows(
        "SELECT as_of, a_name, b_name, event_id, title, source, url, sentence_text, sentence_start, sentence_end "
        "FROM marts.dyad_current WHERE b = 'BBB'"
    )
    assert evidence[:7] == (date(2021, 6, 30), "Aaa", "BBB", newest, "Raid", "paper a", "https://example.org/raid")
    assert evidence[7] == TEXT[18:50] == "Raiders struck the camp 😀 twice."


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
    corpus.build()
    (row,) = corpus.rows(
        "SELECT a, b, month, n_statements, n_neutral, tense, cooperative, n_articles, enough, relation_id, "
        "tension_balance, ambivalence, tension_balance_a_to_b, tension_balance_b_to_a FROM marts.cue_month"
    )
    assert row[:10] == ("AAA", "BBB", date(2021, 6, 1), 4, 1, 3, 3, 2, True, f"r{strongest:03}")
    assert row[10:] == pytest.approx((0, 1, -2 / 4, 1))


def test_quality_counts_reposts_apart_and_keeps_articles_without_a_date(corpus: Corpus) -> None:
    corpus.article("a")
    corpus.article("copy", duplicate_of="a")
    corpus.article("undated", None)
    corpus.event("AAA", "BBB", "AID", "2021-05-01")
    corpus.event("AAA", None, "AID", "2021-05-01", status="future")
    corpus.event("AAA", "BBB", "AID", "2021-05-01", "copy")
    corpus.build()
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
    corpus.build()
    rows = corpus.rows("SELECT kind, sentence_text, text, start_char, end_char FROM marts.evidence ORDER BY kind")
    assert rows == [(kind, TEXT[18:50], TEXT[26:32], *SPAN) for kind in ("count", "event", "relation")]


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
    corpus.build()
    row = corpus.rows("SELECT * EXCLUDE (actor_name) FROM marts.actor_month WHERE actor = 'AAA'")
    assert row == [("AAA", date(2021, 6, 1), 1, 1, 1, 0, 2, 1, 1, 0, 0, 0)]


def test_rows_whose_text_does_not_match_are_found(corpus: Corpus) -> None:
    corpus.article("a")
    corpus.event("AAA", "BBB", "AID", "2021-05-01", text="struck!")
    build(corpus.con, corpus.project)
    failed = {r.name for r in run_tests(corpus.con, corpus.project) if not r.passed}
    assert failed == {"core_spans_reproduce_the_text"}


# CAMEO roots in PLOVER's types, as the PLOVER manual maps them; the acts below are counted once a day and type.
PLOVER_OF_ROOT = {
    "01": "STATE", "02": "APPEAL", "03": "AGREE", "04": "CONSULT", "05": "SUPPORT", "06": "COOPERATE", "07": "AID", "08": "CONCEDE",
    "09": "ACCUSE", "10": "REQUEST", "11": "ACCUSE", "12": "REJECT", "13": "THREATEN", "14": "PROTEST", "15": "MOBILIZE",
    "16": "SANCTION", "17": "COERCE", "18": "ASSAULT", "19": "ASSAULT", "20": "ASSAULT",
}  # fmt: skip


@pytest.fixture
def keds(corpus: Corpus, shared: Path) -> Corpus:
    """Events that KEDS coded from wire reports on the Levant, as if one article told them all."""
    file = shared / "gold" / "keds" / "events.csv.gz"
    if not file.is_file():
        pytest.skip(f"{file} is not there")
    con = corpus.con
    con.execute(
        "CREATE TEMP TABLE keds AS SELECT *, row_number() OVER () AS i FROM read_csv(?, all_varchar = true)",
        [str(file)],
    )
    con.execute("DELETE FROM keds WHERE dataset <> 'levant.cameo' OR goldstein IS NULL OR quad IS NULL")
    corpus.article("a", "2011-12-31")
    con.execute("CREATE TEMP TABLE ids AS SELECT source AS id FROM keds UNION SELECT target FROM keds")
    con.execute(
        "INSERT INTO core.actors BY NAME SELECT DISTINCT id[:3] AS actor_id, actor_id AS name, 'state' AS kind, 'keds' AS source FROM ids"
    )
    con.execute(
        "INSERT INTO core.actors BY NAME SELECT id AS actor_id, id AS name, 'government' AS kind, id[:3] AS parent_id, 'keds' AS source "
        "FROM ids WHERE len(id) > 3"
    )
    con.execute(
        "CREATE TEMP TABLE types AS SELECT unnest(?) AS root, unnest(?) AS event_type",
        [list(PLOVER_OF_ROOT), list(PLOVER_OF_ROOT.values())],
    )
    con.execute(
        "INSERT INTO core.events BY NAME SELECT lpad(i::VARCHAR, 9, '0') AS event_id, 'c1' AS coder_version, 'a' AS article_id, 1 AS sentence, "
        "26 AS start_char, 32 AS end_char, 'struck' AS text, source AS source_actor_id, target AS target_actor_id, event_type, quad::INT AS quad_class, "
        "'keds' AS quad_scheme, goldstein::DOUBLE AS goldstein, goldstein::DOUBLE AS plover_score, date::DATE AS start_date, date::DATE AS end_date, "
        "'day' AS date_precision, 'actual' AS status, false AS negated, 1.0 AS confidence FROM keds JOIN types ON root = code[:2]"
    )
    return corpus


def test_indicators_see_the_second_intifada_in_real_event_data(keds: Corpus) -> None:
    build(keds.con, keds.project, ["+dyad_month"])
    assert [r.name for r in run_tests(keds.con, keds.project, "+dyad_month") if not r.passed] == []
    rows = keds.rows(
        "SELECT n, round(net_cooperation_raw, 2), round(tension_raw), round(tension), round(tension_low), round(tension_high) FROM marts.dyad_month "
        "WHERE a = 'ISR' AND b = 'PAL' AND month IN (DATE '2000-08-01', DATE '2000-10-01') ORDER BY month"
    )
    assert rows[0][:4] == (25, 2.47, 12, 15)
    assert rows[1] == (140, -4.38, 61, 60, 52, 68)


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
    corpus.build()
    rows = corpus.rows(
        "SELECT cooperative, tense, round(tension_balance, 2), round(ambivalence, 2), round(tension_balance_a_to_b, 2), "
        "round(tension_balance_b_to_a, 2) FROM marts.cue_month WHERE a = 'PAK' AND b = 'TAL'"
    )
    assert rows == [(36, 22, -0.24, 0.76, -0.71, 0.14)]
