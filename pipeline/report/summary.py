"""The short summary that a run ends with, as records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.warehouse.query import query


@dataclass(frozen=True, slots=True)
class RunResult:
    """What one run of the daily job did. ``batch`` is its run id, which marks the articles and rejects that it brought.

    ``failures`` says which sources could not be read to their end, and why.
    """

    batch: str
    read: int
    new: int
    known: int
    reposts: int
    rejected: int
    tagged: int
    other_language: int
    seconds: float
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair's current reading with its newest evidence.

    ``tension`` is the decayed share of conflict, 0 to 100, drawn to the middle where ``effective_n`` (the sum of the events'
    weights) is small; ``net_cooperation`` the decayed mean Goldstein score, -10 to +10; ``as_of`` the newest publication.
    """

    a: str
    b: str
    tension: float
    net_cooperation: float
    effective_n: float
    events: int
    as_of: date
    sentence: str | None
    source: str | None
    published: date | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a snapshot holds: figures by what they count, the tensest pairs, and what was rejected."""

    figures: dict[str, int]
    pairs: Sequence[Pair]
    rejected: Sequence[tuple[str, str]]


_FIGURES = """
SELECT
    (SELECT count(*) FROM raw.articles) AS articles,
    (SELECT count(*) FROM raw.articles WHERE duplicate_reason <> 'version') AS reposts,
    (SELECT count(*) FROM raw.articles WHERE duplicate_reason = 'version') AS "old versions",
    (SELECT count(*) FROM raw.rejected) AS "rejected items",
    (SELECT count(*) FROM core.current_actor_mentions) AS "actor mentions",
    (SELECT count(*) FROM core.current_date_mentions) AS dates,
    (SELECT count(*) FROM core.current_attack_counts) AS "reported figures",
    (SELECT count(*) FROM core.current_events) AS events,
    (SELECT count(*) FROM core.current_events WHERE start_date IS NOT NULL) AS "of them dated",
    (SELECT count(*) FROM core.current_incidents) AS incidents,
    (SELECT count(*) FROM core.current_relation_statements) AS "relation statements"
"""

# Well-founded readings first: actors of the knowledge base before names that only the texts know, pairs with several events,
# and recent ones, before the rest, however tense that looks.
_PAIRS = """
SELECT d.a_name, d.b_name, d.tension_now, d.net_cooperation_now, d.effective_n, d.n_events, d.as_of, d.sentence_text, d.source,
       d.published
FROM marts.dyad_current d JOIN core.actors x ON x.actor_id = d.a JOIN core.actors y ON y.actor_id = d.b
WHERE d.dataset = 'faultline' AND d.tension_rank IS NOT NULL
ORDER BY 'text' IN (x.source, y.source), d.n_events < 3, d.is_stale, d.tension_rank LIMIT 3
"""
_REJECTED = """
SELECT origin || coalesce(':' || line, ''), reason FROM raw.rejected ORDER BY first_seen DESC, origin, line LIMIT 20
"""


def summarize(snapshot: Path) -> Summary:
    """Read a summary off the snapshot.

    Raises:
        WarehouseError: there is no snapshot.
    """
    figures = query(snapshot, _FIGURES)
    pairs = query(snapshot, _PAIRS)
    rejected = query(snapshot, _REJECTED).rows
    return Summary(
        figures=dict(zip(figures.columns, (int(n) for n in figures.rows[0]), strict=True)),
        pairs=[Pair(*row) for row in pairs.rows],
        rejected=[(str(where), str(why)) for where, why in rejected],
    )


def one_line(pair: Pair) -> str:
    """A pair's reading in words."""
    return (
        f"{pair.a} – {pair.b}: tension {pair.tension:.0f} of 100, mean score {pair.net_cooperation:+.1f} "
        f"({pair.events} events, effective n {pair.effective_n:.1f}, as of {pair.as_of})"
    )


def evidence_source(pair: Pair) -> str:
    """Who published the evidence, and when."""
    return ", ".join(str(p) for p in (pair.source, pair.published) if p) or "source unknown"
