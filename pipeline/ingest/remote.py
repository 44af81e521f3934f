"""Files by their addresses, ``https://`` and ``s3://``: fetched whole to the disk, read like local ones, and removed.

What belongs here: which of them are new or have changed, and the folder that they are fetched to. What does not: fetching (``fetcher``,
``object_store``), what a file holds (``files``).

A file is fetched before it is read, since reading articles is slower than any network: no server has to wait with an open connection,
and a reading that was stopped goes on in the file that it has.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pipeline.ingest.fetcher import Fetcher, FetchError
from pipeline.ingest.fields import Naming
from pipeline.ingest.files import done_bit_by_bit, read_file
from pipeline.ingest.identity import digest
from pipeline.ingest.object_store import ObjectStore, StoredObject
from pipeline.ingest.source import Item, Limits, Reached, Seen, SourceFailedError, nothing_seen
from pipeline.records import Rejected

_FORGOTTEN_SECONDS = 7 * 86_400
_FAILURES_TOLD = 3


class Downloads:
    """A folder of files that are being read, each under its address and version.

    Args:
        folder: made on first use.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, url: str, version: str) -> Path:
        """Where a file in some version lies, if it is there. Its name is the address's own, which may tell what it holds."""
        name = Path(unquote(urlsplit(url).path)).name.replace("\0", "")[-100:]
        return self._folder / digest("download", url, version) / (name or "file")

    def fetch(self, url: str, save: Callable[[Path], str | None]) -> tuple[Path, str] | None:
        """Fetch a file: ``save`` writes it to a path and returns its version, None where there is nothing new; then so does this."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._drop_forgotten()
        part = self._folder / f"{digest('part', url)}.{os.getpid()}.part"
        try:
            version = save(part)
            if version is None:
                return None
            target = self.path(url, version)
            target.parent.mkdir(parents=True, exist_ok=True)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return target, version

    def drop(self, path: Path) -> None:
        """Remove a file that is read."""
        shutil.rmtree(path.parent, ignore_errors=True)

    def _drop_forgotten(self) -> None:
        """Remove what a stopped reading left behind and none came back to."""
        for left in self._folder.iterdir():
            if time.time() - left.stat().st_mtime > _FORGOTTEN_SECONDS:
                shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)


class RemoteFileSource:
    """Articles from files at addresses. A file is read again when its ETag, else its date of change, else its content is another.

    Args:
        name: what the user calls it.
        urls: ``https://…`` one file each; ``s3://bucket/key`` one object, or all below it, or those that match a pattern.
        downloads: where files lie while they are read.
        fetcher: fetches over HTTP.
        store: fetches from S3.
        limits: bounds of what is read.
        naming: how fields are named in them.
        max_bytes: largest file.
    """

    kind = "remote"

    def __init__(
        self,
        name: str,
        urls: Sequence[str],
        downloads: Downloads,
        fetcher: Fetcher,
        store: ObjectStore,
        limits: Limits,
        naming: Naming,
        max_bytes: int,
    ) -> None:
        self.name = name
        self.urls = tuple(urls)
        self._downloads = downloads
        self._fetcher = fetcher
        self._store = store
        self._limits = limits
        self._naming = naming
        self._max_bytes = max_bytes

    def read(self, seen: Seen = nothing_seen) -> Iterator[Item]:
        """Articles of files that are new or have changed.

        Raises:
            SourceFailedError: some could not be fetched; raised behind the articles of all others.
        """
        failures = []
        for url in self.urls:
            try:
                yield from self._objects(url, seen) if url.startswith("s3:") else self._file(url, seen)
            except SourceFailedError as error:
                failures.append(str(error))
        if failures:
            more = len(failures) - _FAILURES_TOLD
            raise SourceFailedError(
                " ".join(failures[:_FAILURES_TOLD]) + (f" And {more} more of its addresses." if more > 0 else "")
            )

    def _file(self, url: str, seen: Seen) -> Iterator[Item]:
        known = seen([url]).get(url, "")
        version = Reached.version_in(known)
        if version != known and (path := self._downloads.path(url, version)).exists():
            yield from self._read(url, path, version, known, named=True)
            return
        # What was read in part is fetched anew where its file is gone.
        asked = known if version == known else ""
        try:
            fetched = self._downloads.fetch(url, lambda part: self._fetcher.download(url, part, asked, self._max_bytes))
        except FetchError as error:
            raise error.of_source(url) from error
        if fetched:
            yield from self._read(url, *fetched, known, named=True)

    def _objects(self, url: str, seen: Seen) -> Iterator[Item]:
        for found in self._store.find(url):
            known = seen([found.url]).get(found.url, "")
            if known == found.version:
                continue
            if found.size > self._max_bytes:
                reason = f"it is larger than {self._max_bytes:,} bytes: raise max_mb of its source in faultline.toml to read it"
                yield Rejected(found.url, None, reason)
                continue
            path = self._downloads.path(found.url, found.version)
            if not path.exists():

                def save(part: Path, found: StoredObject = found) -> str:
                    self._store.save(found, part)
                    return found.version

                self._downloads.fetch(found.url, save)
            yield from self._read(found.url, path, found.version, known, named=not found.listed)

    def _read(self, url: str, path: Path, version: str, known: str, *, named: bool) -> Iterator[Item]:
        begin = Reached.of(known, version)
        items = read_file(path, self._limits, named=named, naming=self._naming, begin=begin, origin=url)
        yield from done_bit_by_bit(items, url, version)
        self._downloads.drop(path)
