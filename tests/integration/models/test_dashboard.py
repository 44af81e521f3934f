"""What stands behind a reading, data sets of others, and builds in parts: what holds across the marts."""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from pipeline.indicator_settings import Indicators
from pipeline.sqlmodels import build, parts
from pipeline.steps import find_changepoints
from pipeline.warehouse import schema
from pipeline.warehouse.merge import insert_new
from pipeline.warehouse.store import ConflictSeries
from tests.integration.models.corpus import TEXT, TYPES, Corpus
from tests.integration.models.test_series import COUNTS, read_every_week, weekly_conflict


def imported(
    serial: int, dataset: str, source: str, target: str, event_type: str, day: str, **fields: Any
) -> dict[str, Any]:
    quad, goldstein, plover = TYPES[event_type]
    when = date.fromisoformat(day)
    return {
        "event_id": f"{dataset}-{serial}", "dataset": dataset, "native_id": str(serial), "source_actor_id": source, "target_actor_id": target,
        "event_type": event_type, "quad_class": quad, "quad_scheme": "plover", "goldstein": goldstein, "plover_score": plover, "start_date": when,
        "end_date": when, "date_precision": "day", "is_unique": False, "origin": f"file:{serial}", **fields,
    }  # fmt: skip


def test_every_reading_of_a_pair_has_its_n_its_band_and_its_evidence(corpus: Corpus) -> None:
    read_every_week(corpus, len(COUNTS))
    weekly_conflict(corpus, COUNTS)
    for n in range(12):
        corpus.event("BBB", "AAA", "CONSULT", str(date(2021, 4, 5) + timedelta(days=n)), "w010-0")
    corpus.cue("AAA", "BBB", -1, 2, "w018-0")
    rows = corpus.rows(
        "SELECT indicator, value, low, high, n, enough, is_shown, evidence_kind, evidence_id FROM marts.dyad_dashboard"
    )
    found = {r[0]: r[1:] for r in rows}
    assert set(found) == {
        "net_cooperation", "tension", "tension_now", "net_cooperation_bootstrap", "arrow", "mean_short", "mean_long", "asymmetry", "surge", "cusum",
        "conflict_rate", "ladder_ab", "ladder_ba", "momentum", "volatility", "press_index", "cue_balance",
    }  # fmt: skip
    for indicator, (value, low, high, n, _, _, kind, evidence) in found.items():
        assert n is not None
        if low is not None:
            assert low <= value <= high, indicator
        assert corpus.rows(
            f"SELECT count(*) FROM marts.evidence WHERE kind = '{kind}' AND id = '{evidence}' AND sentence_text IS NOT NULL"
        ) == [(1,)]
    assert found["cue_balance"][4:6] == (False, False)


def test_an_old_reading_is_grey_however_well_founded(corpus: Corpus) -> None:
    corpus.article("a", "2021-01-31")
    for day in range(1, 20):
        corpus.event("AAA", "BBB", "ASSAULT", f"2021-01-{day:02}")
    corpus.article("z", "2022-06-01")
    assert corpus.rows("SELECT enough, is_stale, is_shown FROM marts.dyad_dashboard WHERE indicator = 'tension'") == [
        (True, True, False)
    ]


def test_evidence_of_a_month_lists_every_report_and_which_marts_it_enters(corpus: Corpus) -> None:
    corpus.article("a")
    corpus.article("b")
    first = corpus.event("AAA", "BBB", "ASSAULT", "2021-05-04", "a", confidence=0.9)
    second = corpus.event("AAA", "BBB", "ASSAULT", "2021-05-04", "b")
    corpus.event("AAA", "BBB", "AID", "2021-05-01", date_precision="month", end_date=date(2021, 5, 31))
    corpus.cue("AAA", "BBB", -1, 2)
    rows = corpus.rows(
        "SELECT id, counts_as, article_id, sentence_text, start_char, end_char FROM marts.dyad_month_evidence "
        "WHERE a = 'AAA' AND b = 'BBB' AND month = DATE '2021-05-01' AND list_contains(indicators, 'surge_week') ORDER BY id"
    )
    assert rows == [(first, first, "a", TEXT[18:50], 26, 32), (second, first, "b", TEXT[18:50], 26, 32)]
    kinds = corpus.rows(
        "SELECT kind, list_contains(indicators, 'level_week') FROM marts.dyad_month_evidence WHERE id NOT IN (?, ?) ORDER BY kind".replace(
            "?, ?", f"'{first}', '{second}'"
        )
    )
    assert kinds == [("event", False), ("relation", False)]


def test_imported_events_run_through_the_same_marts_and_never_mix_with_ours(corpus: Corpus) -> None:
    corpus.article("a", "2021-06-30")
    for day in range(1, 7):
        corpus.event("AAA", "BBB", "AID", f"2021-05-0{day}")
    rows = [
        imported(n, "others", "AAA", "BBB", "ASSAULT", f"2021-05-0{n + 1}", description="as told") for n in range(6)
    ]
    insert_new(corpus.con, schema.imported_events, [*rows, imported(99, "others", "AAA", "AAA", "AID", "2021-05-01")])
    assert corpus.rows(
        "SELECT dataset, n, tension_raw, net_cooperation_raw FROM marts.dyad_month ORDER BY dataset"
    ) == [
        ("faultline", 6, 0, 7),
        ("others", 6, 100, -10),
    ]
    assert corpus.rows(
        "SELECT dataset, tension_rank, sentence_text IS NULL FROM marts.dyad_current ORDER BY dataset"
    ) == [("faultline", 1, False), ("others", 1, True)]
    assert corpus.rows(
        "SELECT text, coder_version FROM marts.evidence WHERE dataset = 'others' AND id = 'others-0'"
    ) == [("as told", "file:0")]
    (agreement,) = corpus.rows("SELECT dataset_x, dataset_y, n_x, n_y, same_sign FROM marts.dataset_agreement_month")
    assert agreement == ("faultline", "others", 6, 6, False)
    assert corpus.rows("SELECT n_months, share_same_sign, enough FROM marts.dataset_agreement") == [(1, 0, False)]
    assert corpus.rows("SELECT count(*) FROM marts.actor_month WHERE n_conflict_source > 0") == [(0,)]


def test_rows_of_event_lists_stay_apart_and_their_deaths_add_up(corpus: Corpus) -> None:
    common = {"is_unique": True, "killed_low": 1, "killed_best": 2, "killed_high": 4, "location": "Northtown"}
    insert_new(
        corpus.con,
        schema.imported_events,
        [imported(n, "list", "BBB", "AAA", "ASSAULT", "2021-05-03", **common) for n in range(3)],
    )
    assert corpus.rows("SELECT n FROM marts.dyad_month") == [(3,)]
    assert corpus.rows("SELECT a, b, n, killed_low, killed_best, killed_high FROM marts.deaths_month") == [
        ("AAA", "BBB", 3, 3, 6, 12)
    ]


def test_changepoints_reach_the_mart_with_an_event(corpus: Corpus) -> None:
    read_every_week(corpus, len(COUNTS))
    weekly_conflict(corpus, COUNTS)
    series = corpus.rows("SELECT week, n_conflict FROM marts.surge_week ORDER BY week")

    class Store:
        """The two calls of the step, on the connection that the test has open."""

        def conflict_series(self, least: int, made_with: str) -> list[ConflictSeries]:
            weeks, counts = zip(*series, strict=True)
            return [ConflictSeries(("faultline", "AAA", "BBB"), weeks, counts, False)] if sum(counts) >= least else []

        def store_changepoints(self, found: list[Any], kept: list[Any], made_with: str) -> None:
            assert kept == []
            ((dataset, a, b), weeks, counts, values) = found[0]
            names = [c.name for c in schema.changepoints.columns]
            insert_new(
                corpus.con,
                schema.changepoints,
                [dict(zip(names, (dataset, a, b, *r), strict=True)) for r in zip(weeks, counts, *values, strict=True)],
            )

    assert find_changepoints(Store(), Indicators()) == 1  # type: ignore[arg-type]
    (row,) = corpus.rows(
        "SELECT n_conflict, p_recent > 0.9, event_id IS NOT NULL FROM marts.changepoint_week WHERE n_conflict = 11"
    )
    assert row == (11, True, True)
    assert corpus.rows("SELECT indicator FROM marts.dyad_dashboard WHERE mart = 'changepoint_week'") == [
        ("changepoint",)
    ]


def test_building_bit_by_bit_and_in_slices_gives_the_rows_of_a_full_build(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(1)  # noqa: S311 - test data
    actors = ["AAA", "BBB", "CCC", "DDD"]

    def news(start: date, days: int, articles: int, days_ago: tuple[int, ...] = (0, 0, 1, 3, 40, 200)) -> None:
        for _ in range(articles):
            key, published = f"n{corpus.serial}", start + timedelta(days=dice.randrange(days))
            corpus.article(key, str(published), source=f"paper {dice.randrange(3)}")
            for _ in range(dice.randint(1, 4)):
                a, b = dice.sample(actors, 2)
                told = published - timedelta(days=dice.choice(days_ago))
                fields = {"confidence": round(dice.uniform(0.2, 1), 2), "location": dice.choice(["Northtown", None])}
                corpus.event(a, b, dice.choice(list(TYPES)), str(told) if dice.random() < 0.9 else None, key, **fields)
            if dice.random() < 0.5:
                corpus.cue(*dice.sample(actors, 2), dice.choice([-1, 1]), dice.randint(1, 3), key)

    def check() -> None:
        """What is there is what a full build makes, whatever changed: every table, every bit."""
        bit_by_bit = {t: corpus.con.execute(f"FROM {t} ORDER BY ALL").fetchall() for t in tables}
        build(corpus.con, corpus.project, full=True)
        for table in tables:
            assert bit_by_bit[table] == corpus.con.execute(f"FROM {table} ORDER BY ALL").fetchall(), table

    tables = [m.full_name for m in corpus.project.models if m.materialization == "table"]
    for actor in actors:
        corpus.actor(actor, "state")
    corpus.actor("MINISTER", "person")
    corpus.role("MINISTER", "AAA", "2021-01-01", None)
    news(date(2021, 1, 1), 400, 90)
    build(corpus.con, corpus.project)
    extents: set[str] = set()
    for day in range(3):
        news(date(2022, 2, 10) + timedelta(days=day), 1, 3)
        extents |= {r.extent for r in build(corpus.con, corpus.project)}
    assert extents == {"whole", "partitions", "nothing"}
    news(date(2022, 2, 14), 1, 3, days_ago=(0,))
    extent = {r.model: r.extent for r in build(corpus.con, corpus.project)}
    parted = {m.full_name for m in corpus.project.models if m.partition}
    # A new week and a new day; the means of all events may pass to another tenth in a corpus of this size.
    assert {m for m in parted if extent[m] == "partitions"} > {
        "staging.actors_rolled_up", "staging.events_rolled_up", "staging.events_clean", "staging.dyad_days", "staging.dyad_month_sums",
        "staging.dyad_weeks", "staging.surge_scores", "staging.cusum_years", "marts.cusum_week", "marts.volatility_week", "marts.level_week",
        "marts.ladder_week", "marts.bootstrap_month", "marts.dyad_month",
    }  # fmt: skip
    check()
    # An article that was published long ago and is read only now, and news of long ago.
    news(date(2021, 3, 1), 1, 2)
    news(date(2022, 2, 15), 1, 2, days_ago=(330, 2000))
    build(corpus.con, corpus.project)
    # Another coder finds nothing in one article and something else in the next.
    corpus.run("n0", "c2", "2022-03-01")
    told = corpus.con.execute(
        "SELECT article_id FROM core.events WHERE article_id <> 'n0' ORDER BY event_id LIMIT 1"
    ).fetchall()
    corpus.run(told[0][0], "c2", "2022-03-01")
    corpus.event("CCC", "AAA", "AID", "2021-04-01", told[0][0], "c2")
    build(corpus.con, corpus.project)
    check()
    # A person, who has acted for one state all the time, has acted for another since last summer.
    corpus.event("MINISTER", "BBB", "REJECT", "2021-05-03", told[0][0], "c2")
    corpus.event("MINISTER", "BBB", "ASSAULT", "2021-09-03", told[0][0], "c2")
    build(corpus.con, corpus.project)
    corpus.con.execute("UPDATE core.actor_roles SET end_date = DATE '2021-06-30' WHERE actor_id = 'MINISTER'")
    corpus.role("MINISTER", "DDD", "2021-07-01", None)
    build(corpus.con, corpus.project)
    assert ("DDD",) in corpus.con.execute(
        "SELECT source FROM staging.events_rolled_up WHERE source_actor_id = 'MINISTER'"
    ).fetchall()
    check()
    # A repost turns out to be one, and an article is gone.
    corpus.con.execute("UPDATE raw.articles SET duplicate_of = 'n0' WHERE article_id = ?", told[0])
    for table in ("core.events", "core.tagging_runs", "raw.articles"):
        corpus.con.execute(f"DELETE FROM {table} WHERE article_id = (SELECT max(article_id) FROM raw.articles)")
    build(corpus.con, corpus.project)
    check()
    # As a warehouse of millions of events is built.
    monkeypatch.setattr(parts, "ROWS_A_SLICE", 20)
    build(corpus.con, corpus.project, full=True)
    monkeypatch.undo()
    check()
