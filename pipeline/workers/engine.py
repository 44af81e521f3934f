"""The engine: has batches tagged by a pool of workers, in order, and deals with what goes wrong.

What belongs here: how often a part is tried, when it is cut, when an article is given up. What does not: workers (``processes``,
``cluster``).

A part whose worker died is tried again; after ``tries`` such ends it is halved, and its halves have one try each, until an article is
alone. That one has all tries again, and is then given up. A part on which the tagger raises an error is halved at once.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

import pyarrow as pa

from pipeline.errors import WorkersError
from pipeline.progress import Advance, nobody
from pipeline.warehouse.batches import TAGGED, TaggedBatch, Untaggable
from pipeline.workers.pool import Broken, Died, Done, Failed, Outcome, Part, Pool

logger = logging.getLogger(__name__)

# So many articles given up with none tagged between them: it is not the articles.
_MOST_IN_A_ROW = 10


@dataclass(slots=True)
class _Open:
    """A batch on its way: what of it is still out, how much of it was told of, the tables of its parts by their place, and what was given up."""

    size: int
    out: int
    told: int = 0
    tables: dict[int, pa.Table] = field(default_factory=dict)
    rejected: list[Untaggable] = field(default_factory=list)
    forget: list[Callable[[], None]] = field(default_factory=list)


def _tell(batch: _Open, tell: Advance, articles: int = 1, /) -> None:
    """Tell of more articles of a batch, each once, however often it is tried."""
    more = min(articles, batch.size - batch.told)
    if more > 0:
        batch.told += more
        tell(more)


class Engine:
    """Tags batches with a pool.

    Args:
        pool: the workers; closed at the end of the ``with``.
        coder_version: whose work it is.
        tries: how many ends of a worker are forgiven.
    """

    def __init__(self, pool: Pool, coder_version: str, tries: int = 3) -> None:
        self.coder_version = coder_version
        self._pool = pool
        self._tries = tries
        self._in_a_row = 0

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()

    def tag(self, batches: Iterable[pa.Table], tell: Advance = nobody) -> Iterator[TaggedBatch]:
        """Tag batches: one tagged batch for each, in order; before them what an earlier run has left.

        Who asks for the next one has stored the one before. Batches are taken from the iterable as workers come free, so the whole may
        be larger than memory.

        Args:
            batches: tables of the shape ``batches.ARTICLES``.
            tell: told of articles when they are tagged or given up.

        Raises:
            WorkersError: there are no workers, or they get through nothing.
            FaultlineError: as the tagger.
        """
        for done in self._pool.leftovers():
            tell(len(done.table))
            yield TaggedBatch(done.table)
            done.forget()
        source = enumerate(batches)
        opened: dict[int, _Open] = {}
        while True:
            while len(opened) < self._pool.window and (following := next(source, None)):
                number, articles = following
                opened[number] = _Open(len(articles), len(articles))
                self._pool.submit(Part(number, 0, articles))
            if not opened:
                return
            first = next(iter(opened))
            if opened[first].out:
                part, outcome = self._pool.next(partial(_tell, opened[first], tell))
                batch = opened[part.batch]
                self._settle(part, outcome, batch)
                _tell(batch, tell, batch.size - batch.out - batch.told)
                continue
            batch = opened.pop(first)
            tables = [batch.tables[place] for place in sorted(batch.tables)]
            yield TaggedBatch(pa.concat_tables(tables) if tables else TAGGED.empty_table(), batch.rejected)
            for forget in batch.forget:
                forget()

    def _settle(self, part: Part, outcome: Outcome, batch: _Open) -> None:
        match outcome:
            case Done():
                batch.tables[part.first] = outcome.table
                batch.forget.append(outcome.forget)
                batch.out -= len(part.articles)
                self._in_a_row = 0
            case Broken():
                raise WorkersError(outcome.reason)
            case Failed():
                self._cut(part, f"the tagger fails on it: {outcome.reason}", batch)
            case Died():
                part.tries += outcome.times
                again = part.tries < self._tries
                logger.warning(
                    "A worker ended on %d articles (%s): %s.",
                    len(part.articles),
                    outcome.reason,
                    "they are tried again" if again else "they are tried in smaller parts",
                )
                if again:
                    self._pool.submit(part)
                else:
                    self._cut(part, f"{part.tries} workers ended while they tagged it: {outcome.reason}", batch)

    def _cut(self, part: Part, reason: str, batch: _Open) -> None:
        """Halve a part that nobody gets through, or give its only article up."""
        if len(part.articles) > 1:
            half = len(part.articles) // 2
            for first, articles in ((0, part.articles.slice(0, half)), (half, part.articles.slice(half))):
                tries = self._tries - 1 if len(articles) > 1 else 0
                self._pool.submit(Part(part.batch, part.first + first, articles, tries))
            return
        self._in_a_row += 1
        if self._in_a_row == _MOST_IN_A_ROW:
            msg = f"{_MOST_IN_A_ROW} articles one after the other could not be tagged, so the articles are not the cause. The last: {reason}."
            raise WorkersError(msg)
        batch.rejected.append(Untaggable(part.articles["article_id"][0].as_py(), self.coder_version, reason))
        batch.out -= 1
