"""The engine that the settings ask for."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.settings import Settings
from pipeline.tag.tagger import Tagger
from pipeline.workers.coder import Coder, Form
from pipeline.workers.engine import Engine
from pipeline.workers.places import Folder, Place, place_of
from pipeline.workers.pool import InProcess, Pool
from pipeline.workers.processes import ProcessPool


@dataclass(frozen=True, slots=True)
class Workforce:
    """Who tags; the settings of ``[tagging]`` say what each of these is."""

    engine: str = "process"
    workers: int = 1
    scheduler: str = ""
    batches: Place = Folder(Path("batches"))
    tries: int = 3
    patience_seconds: float = 60

    @classmethod
    def from_settings(cls, settings: Settings) -> "Workforce":
        """The workforce that the settings describe."""
        t, store = settings.tagging, settings.object_store
        place = place_of(settings.batches_place, store.endpoint, store.region)
        return cls(t.engine, t.workers, t.scheduler, place, t.tries, t.patience_seconds)


def open_engine(tagger: Tagger, workforce: Workforce, form: Form = "rows") -> Engine:
    """An engine with the workers that are asked for; they start with the first batch, and end with the engine's ``with``.

    Raises:
        WorkersError: what the cluster needs is not installed, or another run has its place of batches.
    """
    coder = Coder.of(tagger, form, workforce.patience_seconds)
    return Engine(_pool(tagger, coder, workforce), coder.coder_version, workforce.tries)


def _pool(tagger: Tagger, coder: Coder, workforce: Workforce) -> Pool:
    if workforce.engine == "dask":
        from pipeline.workers.cluster import DaskPool
        from pipeline.workers.exchange import Exchange

        exchange = Exchange(workforce.batches, coder.coder_version)
        return DaskPool(coder, exchange, workforce.scheduler, workforce.workers)
    return ProcessPool(coder, workforce.workers) if workforce.workers > 1 else InProcess(coder, tagger)
