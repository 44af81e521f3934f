"""Whether the newest month of reading looks like the months before it: a source that changed, a tagger that broke.

What belongs here: comparing monthly measures of quality with their own past. What does not: measuring them (``marts.quality_month``).
"""

from dataclasses import dataclass
from datetime import date

import duckdb

# A month is compared with the mean of up to six months before it; less than three, or few articles, say nothing.
_MONTHS = 6
_LEAST_MONTHS = 3
_LEAST_ARTICLES = 30
# What lies within three standard deviations of the months, or within these bounds of the mean, is no drift.
_DEVIATIONS = 3.0
_SHARES = {"share_names_resolved": 0.10, "share_dated": 0.10, "share_actual": 0.10}
_RATIO = 0.30
_EVENTS = "events_per_article"


@dataclass(frozen=True, slots=True)
class Drift:
    """One measure of the newest month against the months before: their mean and standard deviation."""

    measure: str
    month: date
    value: float
    mean: float
    deviation: float
    months: int

    @property
    def is_drift(self) -> bool:
        """Whether the month stands out."""
        allowance = self.mean * _RATIO if self.measure == _EVENTS else _SHARES[self.measure]
        return abs(self.value - self.mean) > max(allowance, _DEVIATIONS * self.deviation)


_MEASURES = f"""
WITH months AS (
    SELECT *, n_events / nullif(n_tagged, 0) AS {_EVENTS}, row_number() OVER (ORDER BY month DESC) - 1 AS age
    FROM marts.quality_month WHERE month IS NOT NULL AND n_articles >= {_LEAST_ARTICLES}
)
UNPIVOT (SELECT month, age, {", ".join([*_SHARES, _EVENTS])} FROM months WHERE age <= {_MONTHS}) ON {", ".join([*_SHARES, _EVENTS])} INTO NAME measure VALUE value
"""  # noqa: S608 - our own names


def newest_month(con: duckdb.DuckDBPyConnection) -> list[Drift]:
    """Each measure of the newest month that has enough articles, against up to six such months before; empty with less than three."""
    rows = con.execute(
        f"""
        SELECT measure, max(month) FILTER (age = 0), max(value) FILTER (age = 0), avg(value) FILTER (age > 0),
               stddev_samp(value) FILTER (age > 0), count(*) FILTER (age > 0)
        FROM ({_MEASURES}) GROUP BY measure
        HAVING count(*) FILTER (age > 0) >= {_LEAST_MONTHS} AND max(value) FILTER (age = 0) IS NOT NULL ORDER BY measure
        """  # noqa: S608
    ).fetchall()
    return [Drift(*row) for row in rows]
