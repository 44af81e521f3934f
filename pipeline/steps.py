"""The steps of the pipeline, each joining two rooms: read into the warehouse, tag what is untagged, load what is known.

What belongs here: the loops between rooms. What does not: how anything is read, tagged or stored. Assets and the command line
call these; each step can be stopped at any moment and called again, and then goes on where it stood.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import batched
from pathlib import Path

import pyarrow as pa

from pipeline.changepoints import METHOD, detect
from pipeline.errors import FaultlineError
from pipeline.imports.actors import ActorCodes
from pipeline.imports.formats import Format
from pipeline.imports.reading import Skipped, read_events
from pipeline.indicator_settings import Indicators
from pipeline.ingest import near_duplicates
from pipeline.ingest.source import Item, Source, SourceFailedError, nothing_seen
from pipeline.knowledge.actor_variants import find_variants
from pipeline.knowledge.actors import load_actors
from pipeline.knowledge.scales import load_scales
from pipeline.progress import Progress, silent
from pipeline.records import Article, Done, Rejected
from pipeline.sqlmodels import BuildResult, Project, build
from pipeline.sqlmodels.project import Select
from pipeline.warehouse.codings import ALL_ARTICLES, ArticleSelection
from pipeline.warehouse.reference import reference_rows
from pipeline.warehouse.store import Warehouse
from pipeline.workers.engine import Engine

logger = logging.getLogger(__name__)

# Opening and closing the warehouse costs as much as storing some hundred articles.
_ITEMS_PER_WRITE = 2000
# A slow source is written bit by bit, so that little is lost with it.
_SECONDS_PER_WRITE = 20
_CHARACTERS_PER_WRITE = 20_000_000
_REJECTS_KEPT = 20
_ARTICLES_PER_LOOK = 2000
_EVENTS_PER_WRITE = 20_000
_CHANGEPOINTS = "core.changepoints"


@dataclass(slots=True)
class SourceReport:
    """What the reading of one source brought.

    ``read`` counts articles, of which ``new`` were not in the warehouse; among the new, ``reposts`` have another one's text,
    ``near`` nearly so, and ``versions`` a text that has changed at a known address. ``sample`` holds the first rejects.
    ``flags`` counts the quality flags of the articles read. ``failure`` says why the source could not be read to its end; None where it was.
    """

    name: str
    kind: str
    read: int = 0
    new: int = 0
    reposts: int = 0
    near: int = 0
    versions: int = 0
    rejected: int = 0
    failure: str | None = None
    sample: list[Rejected] = field(default_factory=list)
    flags: Counter[str] = field(default_factory=Counter)

    @property
    def known(self) -> int:
        """Articles that the warehouse had already."""
        return self.read - self.new


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one reading of all its sources brought."""

    sources: Sequence[SourceReport]

    @property
    def read(self) -> int:
        """Articles read."""
        return sum(s.read for s in self.sources)

    @property
    def new(self) -> int:
        """Articles that were not in the warehouse."""
        return sum(s.new for s in self.sources)

    @property
    def known(self) -> int:
        """Articles that the warehouse had already."""
        return self.read - self.new

    @property
    def duplicates(self) -> int:
        """Reposts and near-duplicates among the new ones."""
        return sum(s.reposts + s.near for s in self.sources)

    @property
    def rejected(self) -> int:
        """Items that could not be read, also those seen before."""
        return sum(s.rejected for s in self.sources)

    @property
    def sample(self) -> list[Rejected]:
        """The first rejects of each source."""
        return [r for s in self.sources for r in s.sample]

    @property
    def flags(self) -> Counter[str]:
        """Articles read with each quality flag."""
        return sum((s.flags for s in self.sources), Counter())

    @property
    def failures(self) -> list[str]:
        """Why sources could not be read to their end."""
        return [s.failure for s in self.sources if s.failure]


@dataclass(frozen=True, slots=True)
class TagReport:
    """What one tagging did: articles, seconds of tagging, new rows by table.

    ``other_language`` articles were left because of their language; ``rejected`` is how many the tagger did not get through.
    """

    coder_version: str
    articles: int
    seconds: float
    other_language: int
    rejected: int = 0
    rows: dict[str, int] = field(default_factory=dict)


def ingest(
    sources: Sequence[Source], warehouse: Warehouse, batch: str, progress: Progress = silent, *, again: bool = False
) -> IngestReport:
    """Read sources into the warehouse, in bounded batches, each committed whole with the cursor of its source.

    A source that fails ends its own reading only.

    Args:
        sources: what to read.
        warehouse: where to.
        batch: identifier of this reading.
        progress: who is told how far it is.
        again: whether to read also what the sources remember to have delivered.
    """
    reports = [_read_source(source, warehouse, batch, progress, again=again) for source in sources]
    compare_texts(warehouse, progress)
    brought = warehouse.brought(batch)
    for source, report in zip(sources, reports, strict=True):
        reasons = brought.get(source.name, {})
        report.reposts, report.near = reasons.get("text", 0), reasons.get("near", 0)
    return IngestReport(reports)


def _read_source(source: Source, warehouse: Warehouse, batch: str, progress: Progress, *, again: bool) -> SourceReport:
    report = SourceReport(source.name or source.kind, source.kind)
    name = source.name
    seen = nothing_seen if again or name is None else partial(warehouse.seen, name)
    items = iter(source.read(seen))
    with progress(f"reading {name or 'articles'}") as advance:
        finished = False
        while not finished:
            chunk: list[Article | Rejected | Done] = []
            try:
                finished = _fill(chunk, items)
            except FaultlineError:
                raise
            except Exception as error:  # whatever a source stumbles over must not keep the others from being read
                logger.debug("reading %s failed", report.name, exc_info=True)
                known = isinstance(error, SourceFailedError)
                report.failure = str(error) if known else f"{report.name}: {type(error).__name__}: {error}"
                chunk.append(Rejected(report.name, None, report.failure))
                finished = True
            _store(chunk, warehouse, batch, report, name)
            advance(sum(not isinstance(i, Done) for i in chunk))
    return report


def _fill(chunk: list[Article | Rejected | Done], items: Iterator[Item]) -> bool:
    """Take items until there are enough for one write, by number, size or time; returns whether there are no more."""
    until = time.monotonic() + _SECONDS_PER_WRITE
    characters = 0
    for item in items:
        chunk.append(item)
        characters += len(item.text) if isinstance(item, Article) else 0
        if len(chunk) >= _ITEMS_PER_WRITE or characters >= _CHARACTERS_PER_WRITE or time.monotonic() >= until:
            return False
    return True


def _store(
    items: Sequence[Article | Rejected | Done], warehouse: Warehouse, batch: str, report: SourceReport, name: str | None
) -> None:
    added = warehouse.add(items, batch, name)
    rejected = [i for i in items if isinstance(i, Rejected)]
    report.read += sum(isinstance(i, Article) for i in items)
    report.new += added.articles
    report.versions += added.versions
    report.flags.update(flag for i in items if isinstance(i, Article) for flag in i.quality_flags)
    report.rejected += len(rejected)
    report.sample += rejected[: _REJECTS_KEPT - len(report.sample)]


def compare_texts(warehouse: Warehouse, progress: Progress = silent) -> int:
    """Look every text that was not yet compared up among all others, and mark near-duplicates; returns how many pairs are alike."""
    pairs = 0
    with progress("comparing texts") as advance:
        todo = warehouse.uncompared(_ITEMS_PER_WRITE)
        while todo:
            bands = {text_hash: near_duplicates.bands(text) for text_hash, text in todo.items()}
            advance(len(todo))
            found, todo = warehouse.compare(
                bands, near_duplicates.repost_similarity, near_duplicates.REPOST, _ITEMS_PER_WRITE
            )
            pairs += found
    return pairs


def tag_untagged(
    warehouse: Warehouse,
    engine: Engine,
    batch_size: int,
    progress: Progress = silent,
    selection: ArticleSelection = ALL_ARTICLES,
) -> TagReport:
    """Tag every selected article that the engine's coder has not tagged, in batches, each committed whole.

    No connection is open while the engine works. A batch that another process tagged meanwhile is stored once.

    Raises:
        WorkersError: as ``Engine.tag``; what was committed before stays.
    """
    version = engine.coder_version
    backlog = warehouse.backlog(version, selection)
    rows: dict[str, int] = {}
    rejected = 0
    seconds = 0.0
    with progress("tagging", backlog.untagged) as advance:
        found = True
        while found:  # once more for what came in meanwhile
            found = False
            for batch in engine.tag(untagged_batches(warehouse, version, batch_size, selection), advance):
                found = True
                for table, count in warehouse.store_batch(batch).items():
                    rows[table] = rows.get(table, 0) + count
                rejected += len(batch.rejected)
                seconds += sum(batch.tagged["seconds"].to_pylist())
    return TagReport(version, rows.get("tagging_runs", 0), seconds, backlog.other_language, rejected, rows)


def untagged_batches(
    warehouse: Warehouse, version: str, batch_size: int, selection: ArticleSelection = ALL_ARTICLES
) -> Iterator[pa.Table]:
    """Batches of what is still to tag, looked up bit by bit: those on their way are not there twice, nor all in memory at once."""
    after = None
    while len(found := warehouse.untagged(version, max(batch_size, _ARTICLES_PER_LOOK), selection, after)):
        for first in range(0, len(found), batch_size):
            yield found.slice(first, batch_size)
        after = (found["published"][-1].as_py(), found["article_id"][-1].as_py())


def join_variants(warehouse: Warehouse) -> int:
    """Find the spellings of one name among all actors that the texts name; returns how many stand for another."""
    variants = find_variants(warehouse.named_actors())
    warehouse.store_variants(variants)
    return len(variants)


def load_knowledge(warehouse: Warehouse, indicators: Indicators, own_actors: Path | None = None) -> None:
    """Bring the reference tables to what the knowledge files, a user's own table of actors and the settings say."""
    warehouse.load_reference(reference_rows(load_actors(own_actors), load_scales(), indicators))


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one import brought: events that the file holds, those of them that were new, and rows that are no event."""

    read: int
    new: int
    skipped: Sequence[Skipped]


def import_events(
    path: Path,
    form: Format,
    dataset: str,
    actors: ActorCodes,
    warehouse: Warehouse,
    *,
    replace: bool = False,
    progress: Progress = silent,
) -> ImportReport:
    """Read a table of events that others coded into core.imported_events, in bounded batches, each committed whole.

    Args:
        path: the file.
        form: its format.
        dataset: the name under which its events are kept.
        actors: whom its codes mean.
        warehouse: where to.
        replace: drop what was imported under this name before.
        progress: who is told how far it is.

    Raises:
        InputError: the file cannot be read as this format; what was committed before stays.
    """
    read = new = 0
    skipped: list[Skipped] = []
    if replace:
        warehouse.forget_imported(dataset)
    with progress("reading events") as advance:
        for items in batched(read_events(path, form, dataset, actors), _EVENTS_PER_WRITE):
            rows = [i for i in items if not isinstance(i, Skipped)]
            new += warehouse.add_imported(rows)
            read += len(rows)
            skipped += [i for i in items if isinstance(i, Skipped)]
            advance(len(items))
    return ImportReport(read, new, skipped)


def find_changepoints(warehouse: Warehouse, indicators: Indicators) -> int:
    """Look for changes of the weekly conflict of every pair whose series has changed; returns how many series there are.

    Weeks of which nothing was read say nothing and are left out. Pairs with less conflict than ``series_min_events`` have no series.
    """
    made_with = f"{METHOD} hazard_weeks={indicators.hazard_weeks!r} changepoint_run={indicators.changepoint_run!r}"
    series = warehouse.conflict_series(indicators.series_min_events, made_with)
    found = []
    for s in series:
        if not s.is_known:
            c = detect(s.counts, indicators.hazard_weeks, indicators.changepoint_run)
            found.append((s.pair, s.weeks, s.counts, (c.p_recent.tolist(), c.run_weeks.tolist(), c.rate.tolist())))
    warehouse.store_changepoints(found, [s.pair for s in series if s.is_known], made_with)
    return len(series)


def build_models(
    warehouse: Warehouse, project: Project, indicators: Indicators, select: Select = None, *, full: bool = False
) -> list[BuildResult]:
    """Build models with the changepoints between the weekly series and what reads them, as the asset graph does.

    Raises:
        SqlModelError: as ``sqlmodels.build``.
    """
    readers = {m.full_name for m in project.models if _CHANGEPOINTS in m.depends_on}
    chosen = [m.full_name for m in project.selected(select)]
    after = [n for n in chosen if n in readers or readers & project.ancestors(n)]
    before = [n for n in chosen if n not in after]
    with warehouse.connect() as con:
        built = build(con, project, before, full=full)
    if after:
        find_changepoints(warehouse, indicators)
        with warehouse.connect() as con:
            built += build(con, project, after, full=full)
    return built
