"""By what a relation's rows can be told apart when only some of them are made anew: article, pair and time.

What belongs here: which columns hold these keys, and SQL for them. What does not: which of them have changed (``versions``).

A change is told as "of this article", "of this pair from this day on" or "of every pair from this day on". All three can be read
from the columns' names, which mean the same in every model, so that a change of one relation says what it touches in the next.
"""

from collections.abc import Collection
from dataclasses import dataclass

# Both actors of a row, in whichever direction: a pair is the same from both sides.
_PAIRS = (("a", "b"), ("source", "target"), ("source_actor_id", "target_actor_id"))
# A row's first day, and how much time the row covers.
_TIMES = {
    "event_date": "day",
    "day": "day",
    "start_date": "day",
    "week": "week",
    "month": "month",
    "quarter": "quarter",
    "year_start": "year",
}
# From short to long; what ``date_trunc`` takes.
PERIODS = ("day", "week", "month", "quarter", "year")
# Articles are told apart by so many parts, however many there are.
ARTICLE_PARTS = 65536
# Before everything: what has no day may have changed at any time.
BEGINNING = "DATE '0001-01-01'"
KINDS = ("article", "pair")


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one relation; a key that it does not have is None. ``time`` is a column."""

    article: str | None
    pair: tuple[str, str] | None
    time: str | None

    def columns(self, alias: str) -> str:
        """The keys as the four columns of a change: article, a, b, since."""
        article = f"hash({alias}.{self.article}) % {ARTICLE_PARTS}" if self.article else "NULL"
        a, b = self._pair(alias) if self.pair else ("NULL", "NULL")
        return f"{article}::INTEGER AS article, {a}::VARCHAR AS a, {b}::VARCHAR AS b, {self.since(alias)} AS since"

    def since(self, alias: str) -> str:
        """The day from which on a change of the row counts; null where the relation has no time."""
        return f"coalesce({alias}.{self.time}, {BEGINNING})::DATE" if self.time else "NULL::DATE"

    def is_in(self, alias: str, part: str, kind: str) -> str:
        """Whether a row is of the part that a row of ``part`` names (``sides`` for pairs): a condition for a join."""
        if kind == "article":
            return f"(hash({alias}.{self.article}) % {ARTICLE_PARTS})::INTEGER = {part}.article"
        assert self.pair is not None  # noqa: S101 - as below
        # The columns as they are: least and greatest of every row of a large table cost more than the rest of the join.
        return " AND ".join(
            f"{alias}.{own} IS NOT DISTINCT FROM {part}.{side}" for own, side in zip(self.pair, "xy", strict=True)
        )

    def is_in_slice(self, alias: str, number: int, slices: int, kind: str) -> str:
        """Whether a row is of one of so many slices; all rows of an article, or of a pair, are in one."""
        if kind == "article":
            key = f"hash({alias}.{self.article})"
        else:
            assert self.pair is not None  # noqa: S101 - as below
            a, b = (f"{alias}.{column}" for column in self.pair)
            key = f"xor(hash(coalesce({a}, {b})), hash(coalesce({b}, {a})))"
        return f"{key} % {slices} = {number}"

    def has(self, kind: str) -> bool:
        """Whether rows can be told apart by this kind of key."""
        return (self.article if kind == "article" else self.pair) is not None

    def _pair(self, alias: str) -> tuple[str, str]:
        assert self.pair is not None  # noqa: S101 - for the type checker; the header is checked when it is read
        sides = ", ".join(f"{alias}.{column}" for column in self.pair)
        return f"coalesce(least({sides}), '')", f"coalesce(greatest({sides}), '')"


def keys(columns: Collection[str]) -> Keys:
    """The keys that a relation with these columns has."""
    article = "article_id" if "article_id" in columns else None
    # The actors that a text names are not yet the pair of the indicators; in imported data they are.
    pairs = [p for p in _PAIRS if {*p} <= {*columns} and not (article and p[0].endswith("_id"))]
    return Keys(article, pairs[0] if pairs else None, next((t for t in _TIMES if t in columns), None))


def sides(pairs: str) -> str:
    """A query for the pairs of a relation (``a``, ``b``, ``since``) as rows may name them in ``x`` and ``y``: either way round, with nulls."""
    a, b = "nullif(a, '')", "nullif(b, '')"
    ways = [(a, b), (b, a), (f"{a}", "NULL"), ("NULL", f"{a}")]
    one_sided = " WHERE a = b"
    return " UNION ".join(
        f"SELECT {x}::VARCHAR AS x, {y}::VARCHAR AS y, since FROM {pairs}{one_sided if 'NULL' in (x, y) else ''}"  # noqa: S608 - our own names
        for x, y in ways
    )


def covers(period: str, time: str | None) -> bool:
    """Whether rows that have this column of time lie within periods of this length."""
    return period in PERIODS and time is not None and PERIODS.index(period) >= PERIODS.index(_TIMES[time])


def first_day(day: str, time: str, period: str) -> str:
    """SQL for the first day of the period that the row with this day begins in."""
    return f"date_trunc('{period}', date_trunc('{_TIMES[time]}', {day}))::DATE"
