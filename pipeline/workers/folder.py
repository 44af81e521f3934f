"""The folder through which a cluster's batches go: articles in, tagged articles out, as Parquet.

What belongs here: names and the only file access that tagging on a cluster has. What does not: what is done with a batch.

A batch is named by a hash of its articles and the coder. Every file is written under another name and renamed, so that what has its name
is whole; who tags a batch again writes the same file again.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import WorkersError
from pipeline.workers.wire import to_bytes

_ARTICLES, _TAGGED = ".articles.parquet", ".tagged.parquet"


class BatchFolder:
    """The batches of one coder.

    Args:
        path: a folder that all machines of the cluster see under this path; that of the coder is below it.
        coder_version: the coder.
    """

    def __init__(self, path: Path, coder_version: str) -> None:
        self.path = path / coder_version
        self._coder_version = coder_version

    @contextmanager
    def owned(self) -> Iterator[None]:
        """Holds the folder for one run, and clears away what nobody can use: other coders' batches, articles, half-written files.

        Raises:
            WorkersError: another run has it, or it cannot be written.
        """
        top = self.path.parent
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with (top / "lock").open("w") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError as error:
                    msg = f"Another run tags through {top}: wait for it, or give this one a folder of its own (tagging.batches)."
                    raise WorkersError(msg) from error
                for old in top.iterdir():
                    if old.is_dir() and old != self.path:
                        shutil.rmtree(old, ignore_errors=True)
                for file in self.path.iterdir():
                    if not file.name.endswith(_TAGGED):
                        file.unlink(missing_ok=True)
                yield
        except OSError as error:
            msg = f"{top}, the folder of batches (tagging.batches), cannot be used: {error.strerror or error}."
            raise WorkersError(msg) from error

    def finished(self) -> list[str]:
        """Names of the batches that are tagged."""
        return sorted(f.name.removesuffix(_TAGGED) for f in self.path.glob(f"*{_TAGGED}"))

    def put_articles(self, articles: pa.Table) -> str:
        """Write a batch of articles; returns its name."""
        digest = hashlib.blake2b(self._coder_version.encode(), digest_size=16)
        digest.update(to_bytes(articles.combine_chunks()))
        self._write(articles, self.path / f"{digest.hexdigest()}{_ARTICLES}")
        return digest.hexdigest()

    def articles(self, name: str) -> pa.Table:
        """A batch of articles."""
        return pq.read_table(self.path / f"{name}{_ARTICLES}")

    def put_tagged(self, name: str, tagged: pa.Table) -> None:
        """Write a tagged batch."""
        self._write(tagged, self.path / f"{name}{_TAGGED}")

    def tagged(self, name: str) -> pa.Table:
        """A tagged batch."""
        return pq.read_table(self.path / f"{name}{_TAGGED}")

    def is_finished(self, name: str) -> bool:
        """Whether the batch is tagged."""
        return (self.path / f"{name}{_TAGGED}").exists()

    def remove(self, name: str) -> None:
        """Drop a batch that is stored."""
        for ending in (_ARTICLES, _TAGGED):
            (self.path / f"{name}{ending}").unlink(missing_ok=True)

    @staticmethod
    def _write(table: pa.Table, target: Path) -> None:
        partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
        pq.write_table(table, partial, compression="zstd")
        partial.replace(target)
