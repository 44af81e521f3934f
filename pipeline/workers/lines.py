"""Articles in, lines of JSON out, in the same order: ``faultline tag``.

What belongs here: cutting a stream of articles into batches for an engine, and lines out of what comes back. What does not: reading and
writing (``cli``).
"""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import batched

import pyarrow as pa

from pipeline.errors import InputError
from pipeline.records import Article
from pipeline.tag.tagger import Tagger
from pipeline.warehouse.batches import articles_table
from pipeline.workers.opening import Workforce, open_engine

# A stream's end is not known: batches are small, so that all workers have one soon.
_ARTICLES_A_BATCH = 64


def tagged_lines(articles: Iterable[Article], tagger: Tagger, workers: int) -> Iterator[str]:
    """The tagged-article record of each article as a line of JSON, in order, tagged by so many processes.

    Raises:
        InputError: an article cannot be tagged; the message names it.
    """
    origins: deque[dict[str, str | None]] = deque()

    def batches() -> Iterator[pa.Table]:
        for some in batched(articles, _ARTICLES_A_BATCH):
            origins.append({a.article_id: a.origin or a.doc_id for a in some})
            yield articles_table(some)

    with open_engine(tagger, Workforce(workers=workers), "records") as engine:
        for batch in engine.tag(batches()):
            origin = origins.popleft()
            for lost in batch.rejected:
                msg = f"{origin[lost.article_id]}: the article cannot be tagged: {lost.reason}."
                raise InputError(msg)
            yield from batch.tagged["record"].to_pylist()
