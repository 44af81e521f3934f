"""A place for batches in S3.

What belongs here: objects below an address, and the lease by which one run has them. What does not: what they are (``exchange``).

A PUT is atomic: an object is there whole or not at all. A store knows no process, so nothing ends a dead driver's lock as the kernel does it in a
folder. The lock is therefore an object that its driver writes anew every few seconds, for as long as it lives. Each write is a conditional
PUT: the first succeeds only where there is no such object (``If-None-Match: *``), the following ones only on what the same driver wrote last
(``If-Match``), so that of two drivers exactly one has it, whatever they do at once; a lock object without conditions would leave a gap between
looking and writing. Who finds a lock looks whether it changes. While it does, another run is at work; when it has stayed the same for the length of a
lease, its driver is dead or cut off, and it is taken over, on the condition that it is still the same. Nobody compares clocks of
machines: each measures on its own how long something stayed as it was. A driver that could not renew for so long takes itself for the loser.

Should two runs overlap all the same, between such a look and the next commit, nothing is stored twice: the warehouse merges by keys. The loser's
workers may miss their articles then, and it stops.
"""

import functools
import logging
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from pipeline.errors import FaultlineError, WorkersError
from pipeline.warehouse.s3 import open_s3, said_by_s3

logger = logging.getLogger(__name__)

_LOCK = "lock"
_SETTING = "tagging.batches"
_RENEWALS_A_LEASE = 6


@dataclass(frozen=True, slots=True)
class Bucket:
    """The objects below an address of S3; ``endpoint`` and ``region`` as in ``settings.ObjectStoreSettings``."""

    address: str
    endpoint: str = ""
    region: str = ""
    lease_seconds: float = 30

    def __str__(self) -> str:
        return self.address

    @contextmanager
    def held(self) -> Iterator[Callable[[], None]]:
        """See ``Place``. Waits a lease where the driver before has left its lock."""
        lease = _Lease(self)
        lease.take()
        try:
            yield lease.check
        finally:
            lease.release()

    def names(self) -> list[str]:
        """See ``Place``."""
        listed = self.do(lambda s3, store: [str(meta["path"]) for some in s3.list(store) for meta in some])
        return [name for name in listed if name.count("/") == 1]

    def has(self, name: str) -> bool:
        """See ``Place``."""
        try:
            self.do(lambda s3, store: s3.head(store, name))
        except FileNotFoundError:
            return False
        return True

    def put(self, name: str, data: bytes) -> None:
        """See ``Place``."""
        self.do(lambda s3, store: s3.put(store, name, data))

    def get(self, name: str) -> bytes:
        """See ``Place``."""
        return self.do(lambda s3, store: bytes(s3.get(store, name).bytes()))

    def remove(self, *names: str) -> None:
        """See ``Place``."""
        for name in names:
            with suppress(FileNotFoundError):  # some stores say so, Amazon's does not
                self.do(lambda s3, store, name=name: s3.delete(store, name))  # type: ignore[misc]

    def do[T](self, action: Callable[[Any, Any], T]) -> T:
        """Something that is asked of the store; ``action`` is given obstore, which is an extra, and the store.

        Raises:
            FileNotFoundError: there is no such object.
            SettingsError: the extra is not installed.
            WorkersError: the store does not do it.
        """
        try:
            store = _store(self.address, self.endpoint, self.region)
            import obstore

            return action(obstore, store)
        except (FaultlineError, FileNotFoundError):
            raise
        except Exception as error:
            raise WorkersError(said_by_s3(self.address, error, _SETTING)) from error


@functools.cache
def _store(address: str, endpoint: str, region: str) -> Any:
    """One client a process; a cluster's worker asks for it in each task."""
    return open_s3(address, endpoint, region, _SETTING)


class _Lease:
    """A driver's hold on a bucket, renewed by a thread until it is given back."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._driver = f"{os.uname().nodename} {os.getpid()} {uuid.uuid4().hex}"
        self._writes = 0
        self._tag = ""
        self._renewed = 0.0
        self._lost = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="lease of batches", daemon=True)

    def take(self) -> None:
        """Write the lock object: at once where there is none, after a lease where there is one that nobody renews.

        Raises:
            WorkersError: another run renews it, or the store cannot be used.
        """
        if not self._write("create"):
            self._wait_for_the_dead()
        self._thread.start()

    def check(self) -> None:
        """Raise WorkersError where the place is no longer this run's."""
        if self._lost or time.monotonic() - self._renewed > self._bucket.lease_seconds:
            msg = (
                f"This run lost {self._bucket} (tagging.batches): it could not renew its lock there for {self._bucket.lease_seconds:g} s, or another "
                "run took it over. What was committed stays; the same command goes on from there."
            )
            raise WorkersError(msg)

    def release(self) -> None:
        """Drop the lock object, unless it may be another run's."""
        self._ended.set()
        self._thread.join()
        with suppress(WorkersError):
            self.check()
            self._bucket.remove(_LOCK)

    def _wait_for_the_dead(self) -> None:
        seen = self._seen()
        deadline = time.monotonic() + self._bucket.lease_seconds
        logger.info("%s holds a lock: waiting %g s whether its driver lives.", self._bucket, self._bucket.lease_seconds)
        while time.monotonic() < deadline:
            time.sleep(self._bucket.lease_seconds / _RENEWALS_A_LEASE)
            now = self._seen()
            if now == seen:
                continue
            if now is None and self._write("create"):
                return  # given back meanwhile
            raise self._another()
        if not self._write({"e_tag": seen} if seen else "create"):
            raise self._another()

    def _another(self) -> WorkersError:
        return WorkersError(
            f"Another run tags through {self._bucket}: wait for it, or give this one a prefix of its own (tagging.batches)."
        )

    def _seen(self) -> str | None:
        """The version of the lock object, None where there is none."""
        try:
            return str(self._bucket.do(lambda s3, store: s3.head(store, _LOCK))["e_tag"])
        except FileNotFoundError:
            return None

    def _write(self, mode: Any) -> bool:
        """Write the lock object on a condition; returns whether it held."""
        self._writes += 1
        content = f"{self._driver} {self._writes}".encode()
        begun = time.monotonic()  # before the PUT, so that others count from a later moment

        def put(s3: Any, store: Any) -> str:
            try:
                return str(s3.put(store, _LOCK, content, mode=mode)["e_tag"])
            except (s3.exceptions.AlreadyExistsError, s3.exceptions.PreconditionError):
                # obstore sends a request again whose answer was lost: then the condition failed on what this driver wrote itself.
                with suppress(FileNotFoundError):
                    found = s3.get(store, _LOCK)
                    if bytes(found.bytes()) == content:
                        return str(found.meta["e_tag"])
                return ""

        try:
            tag = self._bucket.do(put)
        except FileNotFoundError as error:
            raise WorkersError(f"{self._bucket} (tagging.batches) is in no bucket of that name: make it.") from error
        if tag:
            self._tag, self._renewed = tag, begun
        return bool(tag)

    def _renew(self) -> None:
        while not self._ended.wait(self._bucket.lease_seconds / _RENEWALS_A_LEASE):
            with suppress(WorkersError):  # a store that does not answer may answer the next time
                if not self._write({"e_tag": self._tag}):
                    self._lost = True
                    return
