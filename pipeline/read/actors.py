"""Whom a reader means by a name: an id, a name or an alias of an actor that the snapshot knows."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from pipeline.errors import UnknownNameError

_SUGGESTIONS = 5
_LEAST_LIKENESS = 70
_SHORT = 3


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor of the snapshot. ``kind`` is a kind of core.actors; ``unknown`` for a code of an imported data set that is none of ours."""

    actor_id: str
    name: str
    kind: str


# Everybody whom a pair, an event or a name may speak of, ranked by how directly the words name them: 1 id, 2 name, 3 alias,
# 4 an alias that texts take for this actor only in context.
_KNOWN = """
SELECT actor_id, name, kind, actor_id AS word, 1 AS rank FROM core.actors
UNION ALL SELECT actor_id, name, kind, name, 2 FROM core.actors
UNION ALL SELECT actor_id, a.name, a.kind, l.alias, CASE WHEN l.needs_context THEN 4 ELSE 3 END
FROM core.actor_aliases l JOIN core.actors a USING (actor_id)
UNION ALL SELECT DISTINCT x, x, 'unknown', x, 1
FROM (
    SELECT unnest([source_actor_id, target_actor_id]) AS x FROM core.imported_events
    UNION ALL SELECT unnest([a, b]) FROM marts.dyad_current
)
WHERE x IS NOT NULL AND x NOT IN (SELECT actor_id FROM core.actors)
"""
_ACTIVE = "SELECT a FROM marts.dyad_current UNION SELECT b FROM marts.dyad_current"


def find_actor(con: duckdb.DuckDBPyConnection, wanted: str) -> Actor:
    """The actor that an id, a name or an alias means; capitals do not matter.

    An id wins over a name and a name over an alias. Of several with one name those win that belong to a pair with events.

    Raises:
        UnknownNameError: nobody has this name, or several have; the message names those that come close, with their ids.
    """
    rows = con.execute(
        f"SELECT DISTINCT actor_id, name, kind, rank, actor_id IN ({_ACTIVE}) FROM ({_KNOWN}) WHERE lower(word) = lower(trim(?))",  # noqa: S608
        [wanted],
    ).fetchall()
    best = min((r[3] for r in rows), default=0)
    rows = [r for r in rows if r[3] == best]
    candidates = [r for r in rows if r[4]] or rows
    if len(candidates) == 1:
        return Actor(*candidates[0][:3])
    if candidates:
        named = "; ".join(sorted(f"{i} ({name}, {kind})" for i, name, kind, *_ in candidates))
        msg = f"{wanted!r} names several actors: {named}. Write the id of the one that you mean."
        raise UnknownNameError(msg)
    words = con.execute(
        f"SELECT word, actor_id, bool_or(actor_id IN ({_ACTIVE})) FROM ({_KNOWN}) GROUP BY ALL ORDER BY 3 DESC, min(rank), 1"  # noqa: S608
    ).fetchall()
    close = suggestions(wanted, [w for w, *_ in words])
    owners = {w: i for w, i, _ in reversed(words)}
    named = ", ".join(dict.fromkeys(w if w == owners[w] else f"{w} ({owners[w]})" for w in close))
    hint = f"Close to it: {named}." if close else "Nothing comes close."
    msg = f"No actor is known as {wanted!r}. {hint}"
    raise UnknownNameError(msg)


def suggestions(wanted: str, words: Sequence[str]) -> list[str]:
    """Words that come close to a misspelt one, the closest first."""
    from rapidfuzz import fuzz, process, utils

    # Two or three letters are part of half of all names.
    found = process.extract(
        wanted,
        [w for w in words if len(w) > _SHORT or len(wanted) <= _SHORT + 1],
        scorer=fuzz.WRatio,
        processor=utils.default_process,
        limit=_SUGGESTIONS,
        score_cutoff=_LEAST_LIKENESS,
    )
    return [word for word, _, _ in found]
