"""Bayesian online changepoint detection on weekly counts.

What belongs here: the method. What does not: which series it is applied to and where its results go (``steps``).

Source: Adams, R. P. and MacKay, D. J. C. (2007), Bayesian Online Changepoint Detection, arXiv:0710.3742. Counts of a run are Poisson with an
unknown rate that has a Gamma prior, so the prediction of the next count is negative binomial in closed form. A run holds the weeks since the
last change, the present one included.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Another name where the method gives other values: what was found before is found anew.
METHOD = "Gamma-Poisson 1"
# The prior of a rate, Gamma(shape, rate): the same as that of surges (marts.surge_week).
PRIOR_SHAPE = 0.5
PRIOR_RATE = 0.25
# Runs less probable than this are dropped; what is left is made to sum to 1 again.
_NEGLIGIBLE = 1e-8


@dataclass(frozen=True, slots=True)
class Changepoints:
    """What is believed after each week, as arrays of one value a week.

    ``p_recent``: probability that the present run is at most so many weeks long; ``run_weeks``: its expected length in weeks;
    ``rate``: the expected count of a week now.
    """

    p_recent: NDArray[np.float64]
    run_weeks: NDArray[np.float64]
    rate: NDArray[np.float64]


def detect(counts: Sequence[int], hazard_weeks: float, recent_weeks: int) -> Changepoints:
    """Go through a series week by week.

    Args:
        counts: events of each week, none below 0.
        hazard_weeks: weeks between two changes, a priori; more than 1.
        recent_weeks: length up to which a run is called recent.

    In the first ``recent_weeks`` weeks every run is recent, so ``p_recent`` is 1 there.
    """
    hazard = 1 / hazard_weeks
    total = int(sum(counts))
    # Γ(shape + k) for every number of events that a run can hold: all predictions are look-ups.
    gammas = np.array([math.lgamma(PRIOR_SHAPE + k) for k in range(total + 1)])
    weeks = np.zeros(0, dtype=np.int64)
    events = np.zeros(0, dtype=np.int64)
    beliefs = np.zeros(0)
    found = np.empty((3, len(counts)))
    for week, x in enumerate(counts):
        # A run that begins this week, before all others; then each run that goes on.
        weeks, events = np.concatenate(([0], weeks)), np.concatenate(([0], events))
        prior = np.concatenate(([1.0 if week == 0 else hazard], (1 - hazard) * beliefs))
        rate = PRIOR_RATE + weeks
        log_predictive = (
            gammas[events + x]
            - gammas[events]
            - math.lgamma(x + 1)
            + (events + PRIOR_SHAPE) * np.log(rate / (rate + 1))
            - x * np.log(rate + 1)
        )
        # The largest exponent is taken out: a burst can make every prediction smaller than the smallest number.
        beliefs = prior * np.exp(log_predictive - log_predictive.max())
        beliefs /= beliefs.sum()
        weeks, events = weeks + 1, events + x
        kept = beliefs > _NEGLIGIBLE
        weeks, events, beliefs = weeks[kept], events[kept], beliefs[kept] / beliefs[kept].sum()
        found[:, week] = (
            beliefs[weeks <= recent_weeks].sum(),
            (beliefs * weeks).sum(),
            (beliefs * (events + PRIOR_SHAPE) / (weeks + PRIOR_RATE)).sum(),
        )
    return Changepoints(*found)
