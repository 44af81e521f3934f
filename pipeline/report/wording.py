"""What readings are called, how they are written, and what they rest on: the words of ``marts.dyad_dashboard`` for readers."""

import re
from dataclasses import dataclass
from typing import Any

from pipeline.report.briefing import Row, Table, band, between, is_missing, number, records


@dataclass(frozen=True, slots=True)
class Wording:
    """An indicator's name, the format of its value, what n counts, and whether its word says more than its value."""

    label: str
    form: str
    rests_on: str
    in_words: bool = False


INDICATORS = {
    "tension_now": Wording("Tension now (0–100)", ".0f", "effective events"),
    "tension": Wording("Tension, newest month (0–100)", ".0f", "events"),
    "net_cooperation": Wording("Net cooperation, that month (±10)", "+.1f", "events"),
    "net_cooperation_bootstrap": Wording("The same, resampled", "+.1f", "events"),
    "mean_short": Wording("Mean score, short memory (±10)", "+.1f", "effective events"),
    "mean_long": Wording("Mean score, long memory (±10)", "+.1f", "effective events"),
    "arrow": Wording("Against the months before", "+.1f", "events", in_words=True),
    "momentum": Wording("Last 30 days against last 90", "+.1f", "events"),
    "surge": Wording("Conflict of the newest week", "+.1f", "weeks of baseline", in_words=True),
    "cusum": Wording("Slow rise of conflict", ".1f", "conflict events", in_words=True),
    "changepoint": Wording("Change of the rate of conflict", ".2f", "weeks", in_words=True),
    "conflict_rate": Wording("Conflict per 1,000 articles read", ".1f", "conflict events"),
    "ladder_ab": Wording("Highest rung, {a} → {b} (0–7)", ".0f", "events", in_words=True),
    "ladder_ba": Wording("Highest rung, {b} → {a} (0–7)", ".0f", "events", in_words=True),
    "asymmetry": Wording("How much friendlier {a} acts", "+.1f", "events each way"),
    "volatility": Wording("Unsteadiness of weekly sums", ".1f", "events"),
    "press_index": Wording("Press calling it tense (base 100)", ".0f", "articles read"),
    "cue_balance": Wording("Statements, −1 friendly to +1 tense", "+.2f", "statements"),
}


def readings_table(readings: Any, a: str, b: str) -> Table:
    """The readings of one pair (``Snapshot.readings``), grey where they are not to be relied on."""
    rows = []
    by_name = {r.indicator: r for r in records(readings)}
    for name in [n for n in INDICATORS if n in by_name]:
        r, words = by_name[name], INDICATORS[name]
        value = number(r.value, words.form)
        if words.in_words and not is_missing(r.reading):
            value = f"{_in_words(r.reading)} ({value})" if not is_missing(r.value) else _in_words(r.reading)
        why = "" if r.is_shown else ": too little" if not r.enough else ": too old"
        cells = [
            words.label.format(a=a, b=b),
            value,
            band(r.low, r.high, words.form),
            f"{number(r.n, '.1f' if r.n != int(r.n) else '.0f')} {_one(words.rests_on) if r.n == 1 else words.rests_on}{why}",
            between(r.period_start, r.period_end),
        ]
        rows.append(Row(cells, is_grey=not r.is_shown))
    columns = ("Indicator", "Reading", "Band (95 %)", "Rests on", "Speaks of")
    return Table("The newest reading of each indicator", columns, rows, frozenset({1, 2}))


def _one(plural: str) -> str:
    """The singular of what n counts: "effective events" is "effective event", "weeks of baseline" "week of baseline"."""
    return re.sub(r"(event|week|article|statement)s", r"\1", plural, count=1)


def _in_words(reading: str) -> str:
    """A rung in words: "ASSAULT, +5" is "assault, 5 rungs up"; other readings are words already."""
    found = re.fullmatch(r"([A-Z]+)(?:, ([+-])(\d+))?", reading)
    if not found:
        return reading
    name, sign, steps = found.groups()
    moved = (
        f", {steps} rung{'' if steps == '1' else 's'} {'up' if sign == '+' else 'down'}"
        if steps and steps != "0"
        else ""
    )
    return name.lower() + moved
