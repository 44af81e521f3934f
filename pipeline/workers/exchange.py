"""What goes between the driver of a cluster and its workers: batches of articles, and tagged ones, as Parquet.

What belongs here: how batches are named, and what a run finds and clears away. What does not: where they lie (``places``, ``bucket``), or what
is done with a batch.

A batch is named by a hash of its articles and the coder. A place shows whole objects only, and who tags a batch again puts the same there again.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.workers.places import PARTIAL, Place
from pipeline.workers.wire import to_bytes

_ARTICLES, _TAGGED = ".articles.parquet", ".tagged.parquet"


class Exchange:
    """The batches of one coder.

    Args:
        place: what all machines of the cluster see; the coder's batches are below its version.
        coder_version: the coder.
    """

    def __init__(self, place: Place, coder_version: str) -> None:
        self.place = place
        self._coder_version = coder_version

    @contextmanager
    def owned(self) -> Iterator[Callable[[], None]]:
        """Holds the place for one run, and clears away what nobody can use: other coders' batches, articles, half-written files.

        Nothing is cleared away that has no name of a batch: somebody may have named a place with other things in it.

        Yields:
            What asks whether the place is still this run's, and raises WorkersError where it is not.

        Raises:
            WorkersError: another run has it, or it cannot be written.
        """
        with self.place.held() as still_ours:
            kept = f"{self._coder_version}/"
            ours = [n for n in self.place.names() if n.endswith((_ARTICLES, _TAGGED, PARTIAL))]
            self.place.remove(*(n for n in ours if not (n.startswith(kept) and n.endswith(_TAGGED))))
            yield still_ours

    def finished(self) -> list[str]:
        """Names of the batches that are tagged."""
        first = f"{self._coder_version}/"
        found = (n for n in self.place.names() if n.startswith(first) and n.endswith(_TAGGED))
        return sorted(n.removeprefix(first).removesuffix(_TAGGED) for n in found)

    def put_articles(self, articles: pa.Table) -> str:
        """Put a batch of articles there; returns its name."""
        digest = hashlib.blake2b(self._coder_version.encode(), digest_size=16)
        digest.update(to_bytes(articles.combine_chunks()))
        self._put(digest.hexdigest() + _ARTICLES, articles)
        return digest.hexdigest()

    def articles(self, name: str) -> pa.Table:
        """A batch of articles.

        Raises:
            FileNotFoundError: there is none.
        """
        return self._get(name + _ARTICLES)

    def put_tagged(self, name: str, tagged: pa.Table) -> None:
        """Put a tagged batch there."""
        self._put(name + _TAGGED, tagged)

    def tagged(self, name: str) -> pa.Table:
        """A tagged batch."""
        return self._get(name + _TAGGED)

    def is_finished(self, name: str) -> bool:
        """Whether the batch is tagged."""
        return self.place.has(self._full(name + _TAGGED))

    def remove(self, name: str) -> None:
        """Drop a batch that is stored."""
        # The articles first: a run that is ended between the two leaves what the next one stores again, without effect, and removes.
        self.place.remove(self._full(name + _ARTICLES), self._full(name + _TAGGED))

    def _full(self, name: str) -> str:
        return f"{self._coder_version}/{name}"

    def _put(self, name: str, table: pa.Table) -> None:
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="zstd")
        self.place.put(self._full(name), bytes(sink.getvalue()))

    def _get(self, name: str) -> pa.Table:
        return pq.read_table(pa.BufferReader(self.place.get(self._full(name))))
