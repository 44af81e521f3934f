"""A Dask cluster that tags: one that runs already, or one of this machine for as long as the run takes.

What belongs here: the pool of its workers (``DaskPool``), and the task that they run. What does not: tagging itself, which a process beside each of
its workers does (``processes``), and what becomes of a part that goes wrong (``engine``).

The scheduler is told names of batches only; the batches lie in a folder or in S3, where driver and workers see them. A Dask worker does not tag by
itself: spaCy would keep it from answering its scheduler, nobody could end it when it hangs, and an article that ends its process would
take down whatever else it holds.
"""

import itertools
import logging
import math
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from pipeline.errors import FaultlineError, WorkersError
from pipeline.progress import Advance
from pipeline.workers.coder import Coder
from pipeline.workers.exchange import Exchange
from pipeline.workers.pool import Broken, Died, Done, Outcome, Part
from pipeline.workers.processes import Worker

if TYPE_CHECKING:
    from distributed import Client, Future

_BATCHES_A_WORKER = 4
_SECONDS_TO_CONNECT = 20
_SECONDS_BETWEEN_LOOKS = 2
# Workers that a scheduler has lost may be started again.
_SECONDS_WITHOUT_WORKERS = 60
_LOOPBACK = "127.0.0.1"
_task = threading.local()


def tag_batch(coder: Coder, exchange: Exchange, name: str) -> Outcome | None:
    """The task of a Dask worker: tag a batch that lies there and put the tagged one beside it; returns what went wrong.

    Each thread of the worker has a tagging process of its own, which outlives the task.
    """
    try:
        if exchange.is_finished(name):
            return None
        articles = exchange.articles(name)
        if getattr(_task, "coder", None) != coder:
            if hasattr(_task, "worker"):
                _task.worker.close()
            _task.coder, _task.worker = coder, Worker(coder)
        outcome: Outcome = _task.worker.code(articles)
        if not isinstance(outcome, Done):
            return outcome
        exchange.put_tagged(name, outcome.table)
    except FileNotFoundError:
        return Broken(f"The workers do not see {exchange.place}: set tagging.batches to what all machines share.")
    except FaultlineError as error:
        return Broken(f"On a worker: {error}")
    return None


class DaskPool:
    """The workers of a Dask cluster; connected to with the first part.

    Args:
        coder: what they tag with.
        exchange: where the batches lie.
        scheduler: address of the scheduler; without one a cluster is started on the loopback address of this machine.
        workers: how many workers that one has.
    """

    def __init__(self, coder: Coder, exchange: Exchange, scheduler: str, workers: int) -> None:
        self._coder = coder
        self._exchange = exchange
        self._scheduler = scheduler
        self._workers = workers
        self._stack = ExitStack()
        self._client: Client | None = None
        self._numbers = itertools.count()
        self._done: queue.SimpleQueue[tuple[Part, str, Future[Any]]] = queue.SimpleQueue()
        self._futures: set[Future[Any]] = set()
        self._looked = -math.inf
        self._threads = 0
        self._seen_workers = time.monotonic()
        self._still_ours = self._stack.enter_context(exchange.owned())

    @property
    def window(self) -> int:
        """See ``Pool``."""
        return _BATCHES_A_WORKER * (max(self._look(), 1) if self._client else self._workers)

    def leftovers(self) -> Iterator[Done]:
        """See ``Pool``."""
        for name in self._exchange.finished():
            yield self._finished(name)

    def submit(self, part: Part) -> None:
        """See ``Pool``."""
        client = self._client = self._client or self._connect()
        self._still_ours()
        name = self._exchange.put_articles(part.articles)
        # A key of its own: the same part may be tried again.
        key = f"tag-{name}-{next(self._numbers)}"
        future = client.submit(tag_batch, self._coder, self._exchange, name, key=key, pure=False)
        self._futures.add(future)
        future.add_done_callback(lambda f: self._done.put((part, name, f)))

    def next(self, tell: Advance) -> tuple[Part, Outcome]:  # noqa: ARG002 - the protocol
        """See ``Pool``."""
        while True:
            try:
                part, name, future = self._done.get(timeout=_SECONDS_BETWEEN_LOOKS)
            except queue.Empty:
                self._look()
                continue
            self._futures.discard(future)
            outcome = self._outcome(name, future)
            if not isinstance(outcome, Done):
                self._exchange.remove(name)
            return part, outcome

    def close(self) -> None:
        """See ``Pool``."""
        self._stack.close()

    def _finished(self, name: str) -> Done:
        self._still_ours()
        return Done(self._exchange.tagged(name), lambda: self._exchange.remove(name))

    def _outcome(self, name: str, future: "Future[Any]") -> Outcome:
        if future.status == "cancelled":
            raise self._gone()
        error: Any = future.exception() if future.status == "error" else None
        if error is None:
            outcome: Outcome | None = future.result()
            return self._finished(name) if outcome is None else outcome
        from distributed import KilledWorker

        if isinstance(error, KilledWorker):
            return Died("workers of the cluster were lost", error.allowed_failures + 1)
        if isinstance(error, ImportError):
            return Broken(f"The workers of the cluster cannot load Faultline ({error}): install this version there.")
        return Broken(f"The workers of the cluster fail: {type(error).__name__}: {error}.")

    def _connect(self) -> "Client":
        try:
            from distributed import Client, LocalCluster
            from distributed.utils import silence_logging_cmgr
        except ImportError as error:
            msg = (
                'tagging.engine is "dask", which needs a package more. '
                "Install it with: uv sync --extra dask (or pip install 'faultline[dask]')."
            )
            raise WorkersError(msg) from error
        self._stack.enter_context(silence_logging_cmgr(logging.CRITICAL))  # what matters becomes an error of ours
        address: Any = self._scheduler
        if not address:
            address = self._stack.enter_context(
                LocalCluster(
                    n_workers=self._workers,
                    threads_per_worker=1,
                    host=_LOOPBACK,
                    dashboard_address=f"{_LOOPBACK}:0",
                    worker_dashboard_address=f"{_LOOPBACK}:0",
                    memory_limit=0,  # the process beside it needs the memory
                    silence_logs=logging.CRITICAL,
                )
            )
        try:
            client: Client = self._stack.enter_context(
                Client(address, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
            )
        except (OSError, ValueError) as error:
            msg = f"No Dask scheduler answers at {address} (tagging.scheduler): {error}. Start it with `dask scheduler`, or correct the address."
            raise WorkersError(msg) from error
        self._stack.callback(client.cancel, self._futures)
        return client

    def _look(self) -> int:
        """How many batches the cluster works on at once: the threads of all its workers.

        Raises:
            WorkersError: the scheduler is gone, or has had no worker for a while.
        """
        if self._client is None or self._client.status in ("closed", "closing"):
            raise self._gone()
        now = time.monotonic()
        if now - self._looked < _SECONDS_BETWEEN_LOOKS:
            return self._threads
        try:
            self._threads, self._looked = sum(self._client.nthreads().values()), now
        except OSError as error:
            raise self._gone() from error
        if self._threads:
            self._seen_workers = now
        elif now - self._seen_workers > _SECONDS_WITHOUT_WORKERS:
            where = self._scheduler or "of this run"
            msg = (
                f"The Dask scheduler {where} has had no workers for {_SECONDS_WITHOUT_WORKERS} s: start some with `dask worker ADDRESS`. "
                "What was committed stays; the same command goes on from there."
            )
            raise WorkersError(msg)
        return self._threads

    def _gone(self) -> WorkersError:
        where = f"at {self._scheduler}" if self._scheduler else "of this run"
        return WorkersError(
            f"The Dask scheduler {where} is gone. What was committed stays: when it runs again, the same command goes on from there."
        )
