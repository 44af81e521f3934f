"""Batches of articles as Arrow tables: what a tagger is given, and what the warehouse merges.

What belongs here: the two shapes, and how records become them. What does not: who tags a batch (``workers``) or how it is merged
(``tagged``). Both shapes have one row an article, so that batches can be cut and joined, and can be kept as Parquet.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import pyarrow as pa
from sqlalchemy import Table

from pipeline.records import Article, TaggedArticle
from pipeline.warehouse import schema
from pipeline.warehouse.rows import discovered_actors, discovered_roles, tagged_rows

# What a tagger reads of an article.
ARTICLES = pa.schema(
    [
        pa.field("article_id", pa.string(), nullable=False),
        *(pa.field(name, pa.string()) for name in ("doc_id", "url", "source", "title")),
        pa.field("published", pa.date32()),
        pa.field("published_precision", pa.string()),
        pa.field("text", pa.string(), nullable=False),
    ]
)
# Tables that a tagged article has rows of: its own, and the actors and roles that it tells of.
_TABLES = (*schema.TAGGED_TABLES, schema.actors, schema.actor_roles)
# A tagged batch: each of these tables is a column of its name, which holds the article's rows as a list.
TAGGED = pa.schema(
    [
        pa.field("article_id", pa.string(), nullable=False),
        pa.field("coder_version", pa.string(), nullable=False),
        pa.field("seconds", pa.float64()),
        *(pa.field(t.name, pa.list_(pa.struct(list(schema.arrow_schema(t))))) for t in _TABLES),
    ]
)


@dataclass(frozen=True, slots=True)
class Untaggable:
    """An article that the tagger does not get through, and why."""

    article_id: str
    coder_version: str
    reason: str


@dataclass(frozen=True, slots=True)
class TaggedBatch:
    """A batch behind the tagger: a table of the shape ``TAGGED``, and the articles that are missing in it."""

    tagged: pa.Table
    rejected: Sequence[Untaggable] = ()


def articles_table(articles: Iterable[Article]) -> pa.Table:
    """Articles as a table of the shape ``ARTICLES``."""
    rows = [{name: getattr(a, name) for name in ARTICLES.names} for a in articles]
    return pa.Table.from_pylist(rows, schema=ARTICLES)


def articles_of(table: pa.Table) -> Iterator[Article]:
    """The articles of such a table, in order."""
    for row in table.to_pylist():
        yield Article(**row)


def tagged_table(tagged: Iterable[TaggedArticle]) -> pa.Table:
    """Tagged articles as a table of the shape ``TAGGED``; of an article's rows with the same key the first one stays.

    Raises:
        pyarrow.ArrowInvalid: a value does not fit its column (a bug of the tagger).
    """
    articles = list(tagged)
    rows = [
        {**tagged_rows([a]), "actors": discovered_actors(a.actors), "actor_roles": discovered_roles(a)}
        for a in articles
    ]
    heads = [[getattr(a, name) for a in articles] for name in ("article_id", "coder_version", "seconds")]
    columns = [pa.array(values, type=TAGGED.field(i).type) for i, values in enumerate(heads)]
    return pa.Table.from_arrays([*columns, *(_lists(t, [r[t.name] for r in rows]) for t in _TABLES)], schema=TAGGED)


def _lists(table: Table, rows: Sequence[Iterable[dict[str, Any]]]) -> pa.Array:
    """One list of rows an article as an Arrow array of lists of structs."""
    keys = [c.name for c in table.primary_key.columns]
    flat: list[dict[str, Any]] = []
    offsets = [0]
    for of_article in rows:
        unique: dict[tuple[Any, ...], dict[str, Any]] = {}
        for row in of_article:
            unique.setdefault(tuple(row[k] for k in keys), row)
        flat += unique.values()
        offsets.append(len(flat))
    fields = list(schema.arrow_schema(table))
    # The rows of one table all have the same columns; what none of them has is null.
    there = [f.name for f in fields if flat and f.name in flat[0]]
    values = dict(zip(there, zip(*map(itemgetter(*there), flat), strict=True), strict=True)) if there else {}
    columns = [pa.array(values.get(f.name, [None] * len(flat)), type=f.type) for f in fields]
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.StructArray.from_arrays(columns, fields=fields))


def rows_of(batch: pa.Table, table: Table) -> pa.Table:
    """The rows of one table in a tagged batch."""
    wanted = schema.arrow_schema(table)
    pieces = [chunk.flatten() for chunk in batch.column(table.name).chunks]
    return pa.Table.from_batches(
        [pa.RecordBatch.from_struct_array(p) for p in pieces], schema=None if pieces else wanted
    ).cast(wanted)
