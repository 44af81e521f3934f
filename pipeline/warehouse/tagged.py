"""A tagged batch -> rows of ``core``, and of ``raw.rejected`` for what the tagger does not get through.

What belongs here: merging one batch in the caller's transaction, by keys, so that a batch that comes twice changes nothing. What does
not: the shape of a batch (``batches``), or which articles are still to do (``store``).
"""

from collections.abc import Sequence
from dataclasses import asdict

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.warehouse import schema
from pipeline.warehouse.batches import TaggedBatch, Untaggable, rows_of
from pipeline.warehouse.intake import utc_now
from pipeline.warehouse.merge import append, insert_arrow
from pipeline.warehouse.rows import row_id

_REJECT = """
INSERT INTO raw.rejected BY NAME
SELECT r.rejected_id, coalesce(a.origin, a.url, a.article_id) AS origin, r.reason, left(a.text, ?) AS excerpt, ?::TIMESTAMP AS first_seen,
    a.ingest_source, a.ingest_batch, a.article_id, r.coder_version
FROM rejects r JOIN raw.articles a USING (article_id)
WHERE NOT EXISTS (FROM raw.rejected j WHERE j.rejected_id = r.rejected_id)
"""
_EXCERPT = 200


def add_batch(con: duckdb.DuckDBPyConnection, batch: TaggedBatch) -> dict[str, int]:
    """Merge a tagged batch; what is there already stays as it is. Returns new rows by table name, ``tagging_runs`` among them."""
    tagged, now = _not_stored(con, batch.tagged), utc_now()
    written = {t.name: append(con, t, rows_of(tagged, t)) for t in schema.TAGGED_TABLES}
    for table in (schema.actors, schema.actor_roles):
        insert_arrow(con, table, _first_of_each(rows_of(tagged, table), [c.name for c in table.primary_key.columns]))
    runs = tagged.select(["article_id", "coder_version", "seconds"])
    runs = runs.append_column("tagged_at", pa.array([now] * len(runs), pa.timestamp("us")))
    written[schema.tagging_runs.name] = append(con, schema.tagging_runs, runs)
    if batch.rejected:
        _add_rejected(con, batch.rejected)
    return written


def _not_stored(con: duckdb.DuckDBPyConnection, tagged: pa.Table) -> pa.Table:
    """The articles of a batch that are not stored, each once. An article's rows came with its row in core.tagging_runs: only that is looked up.

    No index keeps these tables unique, only this, in the transaction that inserts.
    """
    found = con.execute(
        "SELECT article_id, coder_version FROM core.tagging_runs WHERE article_id IN (SELECT unnest(?::VARCHAR[]))",
        [tagged["article_id"].to_pylist()],
    ).fetchall()
    stored = set(found)
    new = []
    for key in zip(tagged["article_id"].to_pylist(), tagged["coder_version"].to_pylist(), strict=True):
        new.append(key not in stored)
        stored.add(key)
    return tagged.filter(pa.array(new, pa.bool_()))


def _first_of_each(rows: pa.Table, keys: Sequence[str]) -> pa.Table:
    """Of rows with the same key the first: several articles may tell of one actor."""
    numbered = rows.select(keys).append_column("row", pa.array(range(len(rows)), pa.int64()))
    first = numbered.group_by(keys).aggregate([("row", "min")])["row_min"]
    return rows.take(first.take(pc.sort_indices(first)))


def _add_rejected(con: duckdb.DuckDBPyConnection, rejected: Sequence[Untaggable]) -> None:
    rejects = [{**asdict(r), "rejected_id": row_id("tagging", r.article_id, r.coder_version)} for r in rejected]
    con.register("rejects", pa.Table.from_pylist(rejects))
    con.execute(_REJECT, [_EXCERPT, utc_now()])
    con.unregister("rejects")
