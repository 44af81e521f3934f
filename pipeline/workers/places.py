"""Places where a cluster's batches can lie: what is asked of one, and the plain kind, a folder that all machines share.

What belongs here: whole objects by name, and holding a place for one run. What does not: what the objects are (``exchange``). The other kind is
``bucket``.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pipeline.errors import WorkersError

PARTIAL = ".partial"


class Place(Protocol):
    """Where objects lie by names of two parts, ``below/name``. It is sent to workers, so it is made of plain values."""

    def held(self) -> AbstractContextManager[Callable[[], None]]:
        """Have the place for one run; yields what asks whether it is still this run's, and raises WorkersError where it is not.

        Raises:
            WorkersError: another run has it, or it cannot be used.
        """
        ...

    def names(self) -> list[str]:
        """Names of all objects."""
        ...

    def has(self, name: str) -> bool:
        """Whether there is such an object."""
        ...

    def put(self, name: str, data: bytes) -> None:
        """Write an object; nobody sees half of it."""
        ...

    def get(self, name: str) -> bytes:
        """Read an object.

        Raises:
            FileNotFoundError: there is none.
        """
        ...

    def remove(self, *names: str) -> None:
        """Drop objects, in this order; those that are not there are no matter."""
        ...


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that all machines see under this path. The kernel's lock on a file in it ends with the process that has it."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    @contextmanager
    def held(self) -> Iterator[Callable[[], None]]:
        """See ``Place``."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = (self.path / "lock").open("w")
        except OSError as error:
            msg = f"{self}, the folder of batches (tagging.batches), cannot be used: {error.strerror or error}."
            raise WorkersError(msg) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                msg = f"Another run tags through {self}: wait for it, or give this one a folder of its own (tagging.batches)."
                raise WorkersError(msg) from error
            for below in self.path.iterdir():
                if below.is_dir() and not any(below.iterdir()):
                    below.rmdir()  # of a coder that has none any more
            yield lambda: None

    def names(self) -> list[str]:
        """See ``Place``."""
        return [f"{f.parent.name}/{f.name}" for f in self.path.glob("*/*")]

    def has(self, name: str) -> bool:
        """See ``Place``."""
        return (self.path / name).exists()

    def put(self, name: str, data: bytes) -> None:
        """Written under another name and renamed, so that what has its name is whole."""
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f"{target.name}.{os.getpid()}{PARTIAL}")
        partial.write_bytes(data)
        partial.replace(target)

    def get(self, name: str) -> bytes:
        """See ``Place``."""
        return (self.path / name).read_bytes()

    def remove(self, *names: str) -> None:
        """See ``Place``."""
        for name in names:
            (self.path / name).unlink(missing_ok=True)


def place_of(address: str, endpoint: str = "", region: str = "") -> Place:
    """The place that the settings name: ``s3://bucket/prefix``, else a folder."""
    if address.startswith("s3://"):
        from pipeline.workers.bucket import Bucket  # only who uses it pays for it

        return Bucket(address, endpoint, region)
    return Folder(Path(address).absolute())
