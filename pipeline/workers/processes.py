"""Processes of this machine that tag: one (``Worker``), and a pool of them (``ProcessPool``).

What belongs here: starting them, talking to them, ending those that hang. What does not: what they do (``child``), and how often a part is
tried (``engine``).

Each is a new interpreter that shares nothing with this one but a socket: it has model and knowledge of its own, leaves Ctrl-C to this
process, and ends when this one is gone. What goes over the socket is Arrow; no spaCy object leaves the process that made it.
"""

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection

import pyarrow as pa

from pipeline.progress import Advance
from pipeline.workers.coder import Coder
from pipeline.workers.pool import Broken, Died, Done, Failed, Outcome, Part
from pipeline.workers.wire import READY, TABLE, from_bytes, to_bytes

# Workers share the cores: each keeps to its own.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_SECONDS_TO_START = 300
_STARTS = 3
# Batches on their way a worker: one that is tagged, one that follows, and some that are done before one that takes long.
_BATCHES_A_WORKER = 4


class Worker:
    """One process that tags; started with its first part, and again whenever it has ended.

    Args:
        coder: what it tags with.
    """

    def __init__(self, coder: Coder) -> None:
        self._coder = coder
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._lock = threading.Lock()
        self._closed = False

    def code(self, articles: pa.Table) -> Outcome:
        """Have articles tagged, a table of the shape ``batches.ARTICLES``; waits for the outcome, but not longer than they may take."""
        reason = ""
        for _ in range(_STARTS + 1):
            if self._process is not None and self._process.poll() is None:
                break
            refused, reason = self._start()
            if refused:
                return Broken(reason)
        else:
            return Broken(
                f"Workers end before they can tag ({reason}). Is there memory enough for the model in each of them?"
            )
        answer, reason = self._ask(to_bytes(articles), self._coder.seconds_allowed(articles))
        if answer is None:
            return Died(reason)
        if answer[:1] == TABLE:
            return Done(from_bytes(answer[1:]))
        return Failed(answer[1:].decode())

    def close(self) -> None:
        """End the process for good, whatever it is doing."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                self._process.kill()
                self._process.wait()

    def _start(self) -> tuple[bool, str]:
        """Start the process and wait until it is ready; returns whether it refused to work, and why it is not ready."""
        ours, theirs = Pipe()
        paths = os.pathsep.join(p for p in sys.path if p)
        with self._lock:
            if self._closed:
                return True, "The pool is closed."
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "pipeline.workers.child", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={**_ONE_THREAD, **os.environ, "PYTHONPATH": paths},
                stdin=subprocess.DEVNULL,
                stdout=2,  # standard output may carry this process's data
                process_group=0,  # out of reach of the terminal's Ctrl-C
            )
            self._connection = ours
        theirs.close()
        answer, reason = self._ask(pickle.dumps(self._coder), _SECONDS_TO_START)
        if answer is None or answer == READY:
            return False, reason
        return True, answer[1:].decode()

    def _ask(self, request: bytes, seconds: float) -> tuple[bytes | None, str]:
        """Send a request and wait for the answer; without one the process has ended, and the reason is told."""
        process, connection = self._process, self._connection
        if process is None or connection is None:
            return None, "it was never started"
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            connection.send_bytes(request)
            return connection.recv_bytes(), ""
        except (EOFError, OSError):
            process.kill()
            code = process.wait()
            if late.is_set():
                return None, f"it took longer than {seconds:.0f} s"
            return None, f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        finally:
            timer.cancel()


class ProcessPool:
    """Workers of this machine.

    Args:
        coder: what they tag with.
        workers: how many; no more are started than there are parts.
    """

    def __init__(self, coder: Coder, workers: int) -> None:
        self._coder = coder
        self._size = workers
        self._todo: queue.SimpleQueue[Part | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[Part, Outcome]] = queue.SimpleQueue()
        self._workers: list[Worker] = []
        self._threads: list[threading.Thread] = []

    @property
    def window(self) -> int:
        """See ``Pool``."""
        return self._size * _BATCHES_A_WORKER

    def leftovers(self) -> Iterator[Done]:
        """None: what is done is handed over at once."""
        return iter(())

    def submit(self, part: Part) -> None:
        """See ``Pool``."""
        self._todo.put(part)
        if len(self._workers) < self._size:
            worker = Worker(self._coder)
            # A thread each: it waits for its process, and hands it the next part at once, whatever the engine is doing.
            thread = threading.Thread(target=self._serve, args=(worker,), daemon=True)
            self._workers.append(worker)
            self._threads.append(thread)
            thread.start()

    def next(self, tell: Advance) -> tuple[Part, Outcome]:  # noqa: ARG002 - the protocol
        """See ``Pool``."""
        return self._done.get()

    def close(self) -> None:
        """See ``Pool``."""
        for _ in self._threads:
            self._todo.put(None)
        for worker in self._workers:
            worker.close()
        for thread in self._threads:
            thread.join()

    def _serve(self, worker: Worker) -> None:
        while (part := self._todo.get()) is not None:
            try:
                outcome = worker.code(part.articles)
            except Exception as error:  # whoever waits for the outcome must get one
                outcome = Broken(f"{type(error).__name__}: {error}")
            self._done.put((part, outcome))
