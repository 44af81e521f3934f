"""Dagster resources: thin. They turn settings into plain objects of the lower rooms.

What belongs here: classes with configuration fields, shown in Dagster's UI, and one method that returns the plain object.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import dagster as dg

from pipeline.ingest.catalog import open_sources
from pipeline.ingest.files import FileSource
from pipeline.ingest.portion import Portion
from pipeline.ingest.source import Source
from pipeline.notify import Channels
from pipeline.settings import Alerts as AlertSettings
from pipeline.settings import Maintenance as MaintenanceSettings
from pipeline.settings import Settings
from pipeline.tag.tagger import Tagger
from pipeline.warehouse.lake import DuckLake
from pipeline.warehouse.published_store import PublishedStore
from pipeline.warehouse.storage import DuckDBFile, storage_of
from pipeline.warehouse.store import Warehouse
from pipeline.workers.engine import Engine
from pipeline.workers.opening import Workforce, open_engine
from pipeline.workers.places import place_of

__all__ = [
    "AlertSettings",
    "Channels",
    "MaintenanceSettings",
    "PublishedStore",
    "Sources",
    "TaggerResource",
    "WarehouseResource",
    "resources_from",
]


@lru_cache(maxsize=2)
def _tagger(model: str, own_actors: str | None, day_first: bool) -> Tagger:
    # One per process: the model takes seconds to load and hundreds of megabytes to hold.
    return Tagger(model, Path(own_actors) if own_actors else None, day_first=day_first)


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources that the settings declare."""

    settings: Settings

    def open(self, paths: Sequence[Path] = (), names: Sequence[str] = ()) -> AbstractContextManager[Sequence[Source]]:
        """The sources of one reading; without paths and names all that are declared."""
        return open_sources(self.settings, paths, names)

    def silent(self, last: Mapping[str, datetime], now: datetime) -> dict[str, datetime | None]:
        """Declared sources of the network that brought nothing for longer than the settings allow, and when they did last (UTC)."""
        limit = now - timedelta(hours=self.settings.schedule.stale_hours)
        names = [s.name for s in self.settings.sources if s.kind != "files"]
        return {n: last.get(n) for n in names if n not in last or last[n] < limit}

    @staticmethod
    def portion(folder: Path, most_files: int) -> Portion:
        """The next files of a folder that is read bit by bit; it remembers under its path what it has delivered."""
        return Portion(FileSource([folder], name=f"backfill {folder}"), most_files)


class WarehouseResource(dg.ConfigurableResource):
    """The warehouse that the pipeline writes, and where its snapshot is published.

    ``lake`` holds the fields of ``DuckLake``; where it is empty, the warehouse is the DuckDB file ``path``.
    """

    path: str
    published: str
    lake: dict[str, Any] = {}
    lock_timeout_seconds: float = 60

    def open(self, least_patience_seconds: float = 0) -> Warehouse:
        """The warehouse; it connects only while it is asked something, and waits for other writers at least so long."""
        storage = DuckLake(**self.lake) if self.lake else DuckDBFile(Path(self.path))
        return Warehouse(storage, max(self.lock_timeout_seconds, least_patience_seconds))

    @property
    def snapshot(self) -> Path:
        """The file that readers open."""
        return Path(self.published) / "warehouse.duckdb"


class TaggerResource(dg.ConfigurableResource):
    """The tagger with its spaCy model, loaded on first use and once per process, and who runs it (docs/scaling.md)."""

    model: str
    own_actors: str | None = None
    day_first: bool = False
    batch_size: int = 500
    engine: str = "process"
    workers: int = 1
    scheduler: str = ""
    batches: str = "batches"
    endpoint: str = ""
    region: str = ""
    tries: int = 3
    patience_seconds: float = 60

    def load(self) -> Tagger:
        """The tagger."""
        return _tagger(self.model, self.own_actors, self.day_first)

    def open_engine(self) -> Engine:
        """The engine that has articles tagged: in this process, in others, or on a cluster.

        Raises:
            WorkersError: as ``workers.opening.open_engine``.
        """
        place = place_of(self.batches, self.endpoint, self.region)
        who = Workforce(self.engine, self.workers, self.scheduler, place, self.tries, self.patience_seconds)
        return open_engine(self.load(), who)


def resources_from(settings: Settings) -> dict[str, object]:
    """All resources as the settings say."""
    storage = storage_of(settings)
    return {
        "sources": Sources(settings),
        "indicators": settings.indicators,
        "alerting": settings.alerts,
        "channels": Channels.from_settings(settings),
        "maintenance": settings.maintenance,
        "copies": PublishedStore.from_settings(settings),
        "warehouse": WarehouseResource(
            path=str(settings.warehouse_path),
            published=str(settings.published_dir),
            lake=asdict(storage) if isinstance(storage, DuckLake) else {},
            lock_timeout_seconds=settings.warehouse.lock_timeout_seconds,
        ),
        "tagger": TaggerResource(
            model=settings.model.name,
            own_actors=str(settings.own_actors) if settings.own_actors else None,
            day_first=settings.knowledge.day_first,
            batch_size=settings.tagging.batch_size,
            engine=settings.tagging.engine,
            workers=settings.tagging.workers,
            scheduler=settings.tagging.scheduler,
            batches=settings.batches_place,
            endpoint=settings.object_store.endpoint,
            region=settings.object_store.region,
            tries=settings.tagging.tries,
            patience_seconds=settings.tagging.patience_seconds,
        ),
    }
