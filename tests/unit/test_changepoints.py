"""Changepoint detection against the definition, summed over every way to cut a short series."""

import math
from itertools import product

import numpy as np
import pytest

from pipeline.changepoints import PRIOR_RATE, PRIOR_SHAPE, detect

HAZARD_WEEKS = 6.0


def evidence(counts: list[int]) -> float:
    """Probability of counts of one rate, the rate integrated out."""
    shape, rate = PRIOR_SHAPE + sum(counts), PRIOR_RATE + len(counts)
    log = PRIOR_SHAPE * math.log(PRIOR_RATE) - math.lgamma(PRIOR_SHAPE) + math.lgamma(shape) - shape * math.log(rate)
    return math.exp(log - sum(math.lgamma(x + 1) for x in counts))


def by_enumeration(counts: list[int]) -> dict[int, float]:
    """Probability of each length of the last run, over all 2^(n-1) ways to cut the series."""
    found: dict[int, float] = {}
    for cuts in product((False, True), repeat=len(counts) - 1):
        starts = [0, *(i + 1 for i, cut in enumerate(cuts) if cut), len(counts)]
        runs = [counts[a:b] for a, b in zip(starts, starts[1:], strict=False)]
        weight = math.prod(evidence(r) for r in runs)
        weight *= (1 / HAZARD_WEEKS) ** sum(cuts) * (1 - 1 / HAZARD_WEEKS) ** (len(cuts) - sum(cuts))
        found[len(runs[-1])] = found.get(len(runs[-1]), 0) + weight
    total = sum(found.values())
    return {length: p / total for length, p in found.items()}


@pytest.mark.parametrize("counts", [[0, 0, 1, 0, 9, 7, 8], [3, 2, 4, 3, 0, 0], [0, 0, 0, 0], [5], [40, 0, 41, 1, 39]])
def test_beliefs_equal_those_summed_over_every_way_to_cut_the_series(counts: list[int]) -> None:
    exact = by_enumeration(counts)
    found = detect(counts, HAZARD_WEEKS, recent_weeks=2)
    assert found.p_recent[-1] == pytest.approx(exact.get(1, 0) + exact.get(2, 0), abs=1e-6)
    assert found.run_weeks[-1] == pytest.approx(sum(n * p for n, p in exact.items()), abs=1e-5)
    rate = sum(p * (PRIOR_SHAPE + sum(counts[-n:])) / (PRIOR_RATE + n) for n, p in exact.items())
    assert found.rate[-1] == pytest.approx(rate, abs=1e-5)


def test_a_jump_is_seen_within_weeks_and_steadiness_is_not_called_change() -> None:
    rng = np.random.default_rng(7)
    counts = [*rng.poisson(1.5, 100), *rng.poisson(12, 30)]
    found = detect([int(c) for c in counts], 52, recent_weeks=4)
    assert found.p_recent[101] > 0.95
    assert found.p_recent[20:100].max() < 0.6
    assert found.p_recent[125:].max() < 0.1
    assert found.run_weeks[-1] == pytest.approx(30, abs=3)


def test_no_series_gives_no_beliefs() -> None:
    assert detect([], 52, 4).p_recent.size == 0
