"""The indicators of pairs, on cases worked out by hand and on real event data."""

import math
from datetime import date
from pathlib import Path

import pytest

from pipeline.sqlmodels import build, run_tests
from tests.integration.models.corpus import KAPPA, TEXT, Corpus, Z


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
            round(math.sqrt(variance), 1) / math.sqrt(8),
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
    rows = corpus.rows("SELECT source, target, n, net_cooperation_raw FROM marts.dyad_month_directed ORDER BY source")
    assert rows == [("AAA", "BBB", 1, 7.0), ("BBB", "AAA", 1, -4.0)]
    assert corpus.rows("SELECT a, b, n, net_cooperation_raw FROM marts.dyad_month") == [("AAA", "BBB", 2, 1.5)]


@pytest.mark.parametrize("event_type", ["ASSAULT", "CONSULT"])
def test_one_sided_corpus_stays_within_the_scales(corpus: Corpus, event_type: str) -> None:
    corpus.con.execute("UPDATE core.parameters SET value = 0.3 WHERE name = 'kappa_events'")
    corpus.article("a")
    for day in range(1, 8):
        corpus.event("AAA", "BBB", event_type, f"2021-05-{day:02}")
    (row,) = corpus.rows("SELECT tension, net_cooperation FROM marts.dyad_month")
    assert row == pytest.approx((100, -10) if event_type == "ASSAULT" else (0, 1))


def test_current_reading_decays_ranks_and_shows_the_newest_sentence(corpus: Corpus) -> None:
    corpus.actor("AAA", "state")
    corpus.article("a", "2021-06-30", title="Raid", url="https://example.org/raid")
    corpus.event("AAA", "BBB", "AID", "2021-04-01")
    newest = corpus.event("AAA", "BBB", "ASSAULT", "2021-06-30")
    corpus.event("AAA", "CCC", "CONSULT", "2021-06-30")
    corpus.event("AAA", "DDD", "ASSAULT", "2015-01-01")
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
