"""A source read in portions: so many of its items now, the rest another time."""

from collections.abc import Iterator

from pipeline.ingest.source import Item, Seen, Source, nothing_seen
from pipeline.records import Done


class Portion:
    """The next items (files, addresses) of a source that it has not delivered yet.

    Args:
        source: a source with a name, so that it remembers what it has delivered.
        most_items: how many items to read; the one that is begun is read to its end.
    """

    def __init__(self, source: Source, most_items: int) -> None:
        self._source = source
        self._most_items = most_items
        self.name = source.name
        self.kind = source.kind
        #: Whether the source was read to its end.
        self.is_whole = False

    def read(self, seen: Seen = nothing_seen) -> Iterator[Item]:
        """What the source yields, up to the last item of the portion."""
        done = 0
        for item in self._source.read(seen):
            if done >= self._most_items:
                return
            yield item
            done += isinstance(item, Done)
        self.is_whole = True
