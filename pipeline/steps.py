"""The steps of the pipeline, each joining two rooms: read into the warehouse, tag what is untagged, load what is known.

What belongs here: the loops between rooms. What does not: how anything is read, tagged or stored. Assets and the command line
call these; each step can be stopped at any moment and called again, and then goes on where it stood.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path

from pipeline.ingest import read_sources
from pipeline.knowledge.actor_variants import find_variants
from pipeline.knowledge.actors import load_actors
from pipeline.knowledge.scales import load_scales
from pipeline.progress import Progress, silent
from pipeline.records import Article, Rejected
from pipeline.settings import Indicators
from pipeline.tag.tagger import Tagger
from pipeline.warehouse.reference import reference_rows
from pipeline.warehouse.store import Warehouse

_ARTICLES_PER_WRITE = 1000


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one reading brought.

    ``read`` = ``new`` + ``known``; ``duplicates`` are those among the new that repeat another article's text;
    ``rejected`` holds every item that could not be read, also those seen before.
    """

    read: int
    new: int
    duplicates: int
    rejected: Sequence[Rejected]

    @property
    def known(self) -> int:
        """Articles that the warehouse had already."""
        return self.read - self.new


@dataclass(frozen=True, slots=True)
class TagReport:
    """What one tagging did: articles, seconds of tagging, new rows by table, articles left because of their language."""

    coder_version: str
    articles: int
    seconds: float
    other_language: int
    rows: dict[str, int] = field(default_factory=dict)


def ingest(paths: Sequence[Path], warehouse: Warehouse, batch: str, progress: Progress = silent) -> IngestReport:
    """Read articles from files and folders into the warehouse, in bounded batches, each committed whole.

    Raises:
        InputError: a path does not exist.
    """
    read = new = duplicates = 0
    rejected: list[Rejected] = []
    with progress("reading articles") as advance:
        for items in batched(read_sources(paths), _ARTICLES_PER_WRITE):
            added = warehouse.add(items, batch)
            read += sum(isinstance(i, Article) for i in items)
            new, duplicates = new + added.articles, duplicates + added.duplicates
            rejected += [i for i in items if isinstance(i, Rejected)]
            advance(len(items))
    return IngestReport(read, new, duplicates, rejected)


def tag_untagged(warehouse: Warehouse, tagger: Tagger, batch_size: int, progress: Progress = silent) -> TagReport:
    """Tag every article that this coder_version has not tagged, in batches, each committed whole.

    No connection is open while spaCy runs. A batch that another process tagged meanwhile is stored once.
    """
    version = tagger.coder_version
    backlog = warehouse.backlog(version)
    rows: dict[str, int] = {}
    articles = 0
    seconds = 0.0
    with progress("tagging", backlog.untagged) as advance:
        while todo := warehouse.untagged(version, batch_size):
            started = time.perf_counter()
            tagged = list(tagger.tag(todo))
            seconds += time.perf_counter() - started
            for table, count in warehouse.store_tagged(tagged).items():
                rows[table] = rows.get(table, 0) + count
            articles += len(tagged)
            advance(len(tagged))
    return TagReport(version, articles, seconds, backlog.other_language, rows)


def join_variants(warehouse: Warehouse) -> int:
    """Find the spellings of one name among all actors that the texts name; returns how many stand for another."""
    variants = find_variants(warehouse.named_actors())
    warehouse.store_variants(variants)
    return len(variants)


def load_knowledge(warehouse: Warehouse, indicators: Indicators, own_actors: Path | None = None) -> None:
    """Bring the reference tables to what the knowledge files, a user's own table of actors and the settings say."""
    warehouse.load_reference(reference_rows(load_actors(own_actors), load_scales(), indicators))
