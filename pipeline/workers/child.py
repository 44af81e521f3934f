"""The process that tags for another one: ``python -m pipeline.workers.child FD``, started by ``processes``.

It is told its coder once over the socket FD, loads model and knowledge, says so, and then answers batches until its parent is gone or has
asked nothing for a while. What belongs here: this loop. What does not: who starts it, and what becomes of its answers.
"""

import os
import pickle
import queue
import signal
import sys
import threading
from multiprocessing.connection import Connection

from pipeline.errors import FaultlineError
from pipeline.records import Article
from pipeline.warehouse.batches import articles_table
from pipeline.workers.coder import Coder
from pipeline.workers.wire import READY, REFUSED, TABLE, from_bytes, to_bytes

# A cluster's worker outlives the run: the model's memory is given back some time after the last batch.
_IDLE_SECONDS = 600
# The parent ends a process that hangs; the kernel does it so much later where the parent is gone.
_SECONDS_OF_GRACE = 30


def main() -> None:
    """Serve the parent at the other end of the socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair
    connection = Connection(int(sys.argv[1]))
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(connection, requests), daemon=True).start()
    coder: Coder = pickle.loads(requests.get())  # noqa: S301 - from our own parent
    try:
        tagger = coder.make()
        if tagger.coder_version != coder.coder_version:
            msg = f"Its coder is {tagger.coder_version}, not {coder.coder_version}: install the same version, model and tables."
            raise FaultlineError(msg)
        coder.code(
            tagger, articles_table([Article("", "Nothing happened.")])
        )  # loads model and knowledge, and PyArrow loads pandas
    except FaultlineError as error:
        connection.send_bytes(REFUSED + str(error).encode())
        return
    connection.send_bytes(READY)
    while True:
        try:
            articles = from_bytes(requests.get(timeout=_IDLE_SECONDS))
        except queue.Empty:
            return
        signal.alarm(int(coder.seconds_allowed(articles)) + _SECONDS_OF_GRACE)
        try:
            answer = TABLE + to_bytes(coder.code(tagger, articles))
        except Exception as error:
            answer = REFUSED + f"{type(error).__name__}: {error}".encode()
        signal.alarm(0)
        connection.send_bytes(answer)


def _listen(connection: Connection, requests: "queue.SimpleQueue[bytes]") -> None:
    """Put what the parent sends into the queue, and end the process when the parent is gone, whatever it is doing."""
    try:
        while True:
            requests.put(connection.recv_bytes())
    except (EOFError, OSError):
        os._exit(0)


if __name__ == "__main__":
    main()
