"""Weekly and monthly indicators on small cases worked out apart from the SQL, by plain loops or by scipy."""

import math
from datetime import date, timedelta
from typing import Any

import pytest
from scipy import stats

from tests.integration.models.corpus import KAPPA, TYPES, Corpus, Z

MONDAY = date(2021, 1, 4)


def read_every_week(corpus: Corpus, weeks: int, first: date = MONDAY, articles: int = 1) -> None:
    for week in range(weeks):
        for n in range(articles):
            corpus.article(f"w{week:03}-{n}", str(first + timedelta(days=7 * week + 1)), source=f"paper {n}")


def set_parameter(corpus: Corpus, **values: float) -> None:
    for name, value in values.items():
        corpus.con.execute("UPDATE core.parameters SET value = ? WHERE name = ?", [value, name])


def weekly_conflict(corpus: Corpus, counts: list[int]) -> None:
    """So many assaults of AAA on BBB in each week, at places of their own so that none are merged."""
    for week, count in enumerate(counts):
        for n in range(count):
            corpus.event(
                "AAA",
                "BBB",
                "ASSAULT",
                str(MONDAY + timedelta(days=7 * week + n % 7)),
                f"w{week:03}-0",
                location=f"place {n}",
            )


COUNTS = [1, 0, 2, 1, 0, 1, 3, 0, 1, 1, 0, 2, 1, 0, 1, 9, 11, 2, 0, 1]
# The week of the fifth event: with it the series begins.
BEGINS = 5


@pytest.fixture
def series(corpus: Corpus) -> Corpus:
    read_every_week(corpus, len(COUNTS))
    weekly_conflict(corpus, COUNTS)
    return corpus


def anscombe(x: int) -> float:
    return 2 * math.sqrt(x + 3 / 8)


def test_surges_equal_a_loop_and_the_negative_binomial_of_scipy(series: Corpus) -> None:
    rows = series.rows(
        "SELECT n_conflict, base_n, base_weeks_read, z, p_surge, flag, event_id FROM marts.surge_week ORDER BY week"
    )
    assert [r[0] for r in rows] == COUNTS[BEGINS:]
    for week, (x, base_n, base_weeks, z, p, flag, event) in enumerate(rows, start=BEGINS):
        base = COUNTS[max(week - 13, 0) : max(week - 1, 0)]
        assert (base_n, base_weeks) == (sum(base), len(base))
        assert (event is None) == (x == 0)
        if len(base) < 8:
            assert (p, flag) == (None, "insufficient history")
            continue
        assert z == pytest.approx(anscombe(x) - sum(map(anscombe, base)) / len(base))
        assert p == pytest.approx(
            stats.nbinom.sf(x - 1, sum(base) + 0.5, (len(base) + 0.25) / (len(base) + 1.25)), abs=1e-12
        )
    assert [r[5] for r in rows[14 - BEGINS : 18 - BEGINS]] == ["normal", "surge", "surge", "normal"]


def test_cusum_equals_its_recursion_and_says_since_when(series: Corpus) -> None:
    z = [r[0] for r in series.rows("SELECT z FROM marts.surge_week WHERE enough ORDER BY week")]
    rows = series.rows("SELECT week, cusum, is_alarm, started FROM marts.cusum_week ORDER BY week")
    level, zero = 0.0, None
    for value, (week, cusum, alarm, started) in zip(z, rows, strict=True):
        level = max(0.0, level + value - 0.5)
        assert cusum == pytest.approx(level, abs=1e-9)
        assert alarm == (level > 4)
        if level < 1e-9:
            zero = week
        elif zero:
            assert started == zero + timedelta(days=7)
    assert any(r[2] for r in rows)


def test_decayed_levels_equal_the_sum_over_all_earlier_events(corpus: Corpus) -> None:
    read_every_week(corpus, 30)
    events = [("AID", 3), ("ASSAULT", 40), ("REJECT", 41), ("CONSULT", 100), ("ASSAULT", 150), ("AID", 170)]
    for kind, day in events:
        corpus.event("AAA", "BBB", kind, str(MONDAY + timedelta(days=day)), "w000-0")
    rows = corpus.rows(
        "SELECT as_of, level_short, mean_short, effective_n_short, level_long, mean_long, effective_n_long, enough_short FROM marts.level_week ORDER BY week"
    )
    # The series begins with the week of the fifth event, and goes on to the end of the calendar.
    assert [r[0] for r in rows] == [MONDAY + timedelta(days=7 * week + 6) for week in range(150 // 7, 30)]
    for as_of, *found, enough in rows:
        past = [
            (TYPES[kind][1], (as_of - MONDAY - timedelta(days=day)).days)
            for kind, day in events
            if MONDAY + timedelta(days=day) <= as_of
        ]
        expected: list[Any] = []
        for half_life in (30, 90):
            n, level = sum(2 ** (-t / half_life) for _, t in past), sum(g * 2 ** (-t / half_life) for g, t in past)
            expected += [level, level / n if past else None, n]
        assert found == [pytest.approx(e, abs=1e-9) if e is not None else None for e in expected]
        assert enough == (expected[2] >= 2)


def test_weeks_of_which_nothing_was_read_are_no_baseline(corpus: Corpus) -> None:
    for week in (0, 1, 2, 3, 20):
        corpus.article(f"w{week:03}-0", str(MONDAY + timedelta(days=7 * week)))
    for week in (0, 20):
        for n in range(6):
            day = str(MONDAY + timedelta(days=7 * week))
            corpus.event("AAA", "BBB", "ASSAULT", day, f"w{week:03}-0", location=str(n))
    rows = corpus.rows(
        "SELECT flag, base_weeks_read FROM marts.surge_week WHERE week IN (DATE '2021-05-17', DATE '2021-05-24') ORDER BY week"
    )
    assert rows == [("not read", 0), ("insufficient history", 0)]


def test_few_events_on_a_low_baseline_are_no_surge(corpus: Corpus) -> None:
    read_every_week(corpus, 16)
    weekly_conflict(corpus, [0] * 14 + [5, 6])
    rows = corpus.rows("SELECT flag, z > 3 FROM marts.surge_week ORDER BY week DESC LIMIT 2")
    assert rows == [("surge", True), ("normal", True)]


def test_rates_equal_the_gamma_quantiles_and_hold_for_months_without_conflict(corpus: Corpus) -> None:
    read_every_week(corpus, 12, articles=4)
    weekly_conflict(corpus, [3, 0, 2, 0, 4, 1])
    rows = corpus.rows(
        "SELECT n_conflict, n_read, rate, rate_low, rate_high FROM marts.conflict_rate_month ORDER BY month"
    )
    assert [r[0] for r in rows] == [5, 5, 0]
    pooled = float(f"{10 / (sum(r[1] for r in rows) / 1000):.2g}")
    for x, read, rate, low, high in rows:
        exact = stats.gamma(x + 1, scale=1 / (read / 1000 + 1 / pooled))
        assert rate == pytest.approx(exact.mean())
        assert high == pytest.approx(exact.ppf(0.975), rel=0.01)
        assert low == pytest.approx(exact.ppf(0.025), rel=0.08 if x else 1)


def test_bootstrap_bands_are_near_those_of_theory_and_the_same_every_time(corpus: Corpus) -> None:
    corpus.article("a")
    kinds = ["ASSAULT", "REJECT", "AID", "CONSULT"] * 15
    for n, kind in enumerate(kinds):
        corpus.event("AAA", "BBB", kind, f"2021-05-{n % 28 + 1:02}", location=str(n))
    (before,) = corpus.rows("SELECT n, mean_low, mean_median, mean_high FROM marts.bootstrap_month")
    n, low, median, high = before
    (scores,) = corpus.rows("SELECT list(goldstein) FROM staging.events_clean")
    mean = sum(scores[0]) / n
    se = math.sqrt(sum((g - mean) ** 2 for g in scores[0])) / n
    assert median == pytest.approx(mean, abs=0.3)
    assert (high - low) / (2 * Z * se) == pytest.approx(1, abs=0.15)
    corpus.con.execute("DROP TABLE marts.bootstrap_month")
    assert corpus.rows("SELECT n, mean_low, mean_median, mean_high FROM marts.bootstrap_month") == [before]


def test_ladder_needs_two_sources_or_confidence_for_violence_and_measures_the_step(corpus: Corpus) -> None:
    corpus.article("a")
    corpus.article("b")
    corpus.event("AAA", "BBB", "REJECT", "2021-01-05")
    corpus.event("AAA", "BBB", "ASSAULT", "2021-01-12", confidence=0.6)
    corpus.event("AAA", "BBB", "CONSULT", "2021-01-13")
    sure = corpus.event("AAA", "BBB", "ASSAULT", "2021-01-19", confidence=0.6)
    corpus.event("AAA", "BBB", "ASSAULT", "2021-01-19", "b", confidence=0.5)
    corpus.event("AAA", "BBB", "REJECT", "2021-12-01")
    rows = corpus.rows(
        "SELECT week, rung, n_unsure, rung_before, step_up, event_id FROM marts.ladder_week ORDER BY week"
    )
    assert [r[:5] for r in rows] == [
        (date(2021, 1, 4), 2, 0, None, None),
        (date(2021, 1, 11), 0, 1, 2, -2),
        (date(2021, 1, 18), 7, 0, 2, 5),
        (date(2021, 11, 29), 2, 0, None, 2),
    ]
    assert rows[2][5] == sure


def test_momentum_compares_trailing_means_and_knows_its_error(corpus: Corpus) -> None:
    corpus.article("a")
    for day, kind in (
        ("2020-12-31", "AID"),
        ("2021-02-15", "AID"),
        ("2021-03-20", "REJECT"),
        ("2021-03-31", "ASSAULT"),
    ):
        corpus.event("AAA", "BBB", kind, day)
    (row,) = corpus.rows(
        "SELECT n_short, n_long, mean_short, mean_long, momentum, (momentum_high - momentum_low) / 2 FROM marts.momentum_day WHERE day = DATE '2021-03-31'"
    )
    scores = [7.0, 7.0, -4.0, -10.0]
    mean = sum(scores) / 4
    sigma = round(math.sqrt(sum((s - mean) ** 2 for s in scores) / 3), 1)
    # 31 December lies 90 days back: the window of 90 days begins on the day after.
    assert row == pytest.approx((2, 3, -7, -7 / 3, -14 / 3, Z * sigma * math.sqrt(1 / 2 - 1 / 3)))


def test_asymmetry_is_the_difference_of_the_directions(corpus: Corpus) -> None:
    corpus.article("a")
    for day in range(1, 4):
        corpus.event("AAA", "BBB", "AID", f"2021-05-0{day}")
    corpus.event("BBB", "AAA", "REJECT", "2021-05-02")
    corpus.event("BBB", "CCC", "REJECT", "2021-05-02")
    (row,) = corpus.rows(
        "SELECT a, b, n_ab, n_ba, asymmetry, asymmetry_high, asymmetry_volume, enough FROM marts.asymmetry_quarter"
    )
    sigma = round(math.sqrt(sum((s - 13 / 5) ** 2 for s in [7, 7, 7, -4, -4]) / 4), 1)
    assert row == ("AAA", "BBB", 3, 1, 11, pytest.approx(11 + Z * sigma * math.sqrt(1 / 3 + 1)), 0.5, False)


def test_lead_and_lag_equal_correlations_of_shifted_series(corpus: Corpus) -> None:
    set_parameter(corpus, lag_min_active=3, lag_min_weeks=10)
    weeks = 20
    read_every_week(corpus, weeks)
    acts = [1, 0, 3, 0, 0, 2, 0, 4, 1, 0, 0, 3, 0, 2, 0, 0, 1, 0, 2, 0]
    for week, n in enumerate(acts):
        for i in range(n):
            day = MONDAY + timedelta(days=7 * week)
            corpus.event("AAA", "BBB", "ASSAULT", str(day), "w000-0", location=f"x{i}")
            if week + 2 < weeks:
                corpus.event("BBB", "AAA", "ASSAULT", str(day + timedelta(days=14)), "w000-0", location=f"y{i}")
    ab = [-10.0 * n for n in acts]
    ba = [0.0, 0.0, *ab[:-2]]
    rows = corpus.rows("SELECT lag, r, r_change, n_weeks, follows FROM marts.lead_lag ORDER BY lag")
    assert [r[0] for r in rows] == list(range(-8, 9))
    for lag, r, r_change, n_weeks, _ in rows:
        x, y = (ab[: weeks - lag], ba[lag:]) if lag >= 0 else (ab[-lag:], ba[: weeks + lag])
        change = [[b - a for a, b in zip(s, s[1:], strict=False)] for s in (ab, ba)]
        cx, cy = (
            (change[0][: len(change[0]) - lag], change[1][lag:])
            if lag >= 0
            else (change[0][-lag:], change[1][: len(change[1]) + lag])
        )
        assert (r, r_change, n_weeks) == pytest.approx(
            (stats.pearsonr(x, y).statistic, stats.pearsonr(cx, cy).statistic, weeks - abs(lag))
        )
    assert {r[0] for r in rows if r[4]} >= {2}
    assert max(rows, key=lambda r: r[2])[0] == 2


def test_triads_multiply_their_signs_and_leave_out_sides_with_few_events(corpus: Corpus) -> None:
    corpus.article("a")
    sides = {("AAA", "BBB"): "AID", ("BBB", "CCC"): "AID", ("AAA", "CCC"): "ASSAULT", ("CCC", "DDD"): "AID"}
    for (a, b), kind in sides.items():
        for day in range(1, 6):
            corpus.event(a, b, kind, f"2021-05-0{day}")
    corpus.event("AAA", "DDD", "AID", "2021-05-01")
    (row,) = corpus.rows(
        "SELECT i, j, k, year, sign_ij, sign_ik, sign_jk, balance, n, strength, len(event_ids) FROM marts.triad_year"
    )
    means = [7 * 5 / (5 + KAPPA), 7 * 5 / (5 + KAPPA), 10 * 5 / (5 + KAPPA)]
    assert row == ("AAA", "BBB", "CCC", 2021, 1, -1, 1, -1, 5, pytest.approx(math.prod(means) ** (1 / 3)), 3)


def test_arrows_turn_on_a_lasting_break_and_say_when_they_cannot_tell(corpus: Corpus) -> None:
    corpus.article("a")
    for month in range(1, 8):
        for day in range(1, 16):
            corpus.event("AAA", "BBB", "AID" if month < 7 else "ASSAULT", f"2021-{month:02}-{day:02}")
    rows = corpus.rows("SELECT base_months, arrow, z FROM marts.arrow_month ORDER BY month")
    assert [r[:2] for r in rows[:5]] == [
        (0, "insufficient data"),
        (1, "insufficient data"),
        (2, "insufficient data"),
        (3, "unchanged"),
        (4, "unchanged"),
    ]
    assert rows[6][:2] == (6, "deteriorated")
    (months,) = corpus.rows(
        "SELECT list(net_cooperation ORDER BY month), list(net_cooperation_se ORDER BY month) FROM marts.dyad_month"
    )
    means, errors = months
    base_se = math.sqrt(sum(e * e for e in errors[:6]) / 6 / 6)
    assert rows[6][2] == pytest.approx((means[6] - sum(means[:6]) / 6) / math.sqrt(errors[6] ** 2 + base_se**2))


def test_press_share_is_that_of_gpr_with_a_base_that_stays(corpus: Corpus) -> None:
    set_parameter(corpus, press_base_months=2)
    tense = {(1, 0), (2, 0), (2, 1), (3, 0), (3, 1), (3, 2)}
    for month in (1, 2, 3):
        for n in range(4):
            corpus.article(f"{month}{n}", f"2021-{month:02}-10", source=f"paper {n % 2}")
            if (month, n) in tense:
                corpus.cue("AAA", "BBB", -1, 2, f"{month}{n}")
            elif n == 3:
                corpus.cue("AAA", "BBB", 1, 2, f"{month}{n}")
    rows = corpus.rows(
        "SELECT n_read, n_pair, n_tense, share_tense, press_index, press_index_by_source, base_share FROM marts.press_share_month ORDER BY month"
    )
    assert [r[:4] for r in rows] == [(4, 2, 1, 25), (4, 3, 2, 50), (4, 4, 3, 75)]
    assert [r[4] for r in rows] == pytest.approx([100 * 25 / 37.5, 100 * 50 / 37.5, 200])
    # Shares of the two papers: 1/2 and 0; 1/2 and 1/2; 1 and 1/2.
    assert [r[5] for r in rows] == pytest.approx([100 * 25 / 37.5, 100 * 50 / 37.5, 100 * 75 / 37.5])
    (band,) = corpus.rows(
        "SELECT press_index_low * base_share / 100, press_index_high * base_share / 100 FROM marts.press_share_month WHERE n_tense = 3"
    )
    middle, half = 0.75 + Z * Z / 8, Z * math.sqrt(0.75 * 0.25 / 4 + Z * Z / 64)
    assert band == pytest.approx(tuple(100 * (middle + s * half) / (1 + Z * Z / 4) for s in (-1, 1)))
    corpus.article("later", "2021-04-10", source="paper 0")
    assert corpus.rows("SELECT DISTINCT base_share FROM marts.press_share_month") == [(37.5,)]


def test_volatility_is_the_spread_of_weekly_sums(series: Corpus) -> None:
    (row,) = series.rows("SELECT volatility, weeks, n, enough FROM marts.volatility_week ORDER BY week DESC LIMIT 1")
    sums = [-10.0 * n for n in COUNTS]
    mean = sum(sums) / len(sums)
    assert row[0] == pytest.approx(math.sqrt(sum((s - mean) ** 2 for s in sums) / (len(sums) - 1)))
    assert row[1:] == (20, sum(COUNTS), False)
