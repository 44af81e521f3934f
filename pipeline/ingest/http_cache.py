"""Answers of servers on disk: what is asked again with "only if it has changed", and what need not be asked again yet.

What does not belong here: asking.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*(\d+)", re.IGNORECASE)
_NO_STORE = re.compile(r"(?:^|[,\s])no-store\b", re.IGNORECASE)
_LONGEST_FRESH_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Stored:
    """One answer as it was stored; ``headers`` in small letters."""

    headers: Mapping[str, str]
    stored_at: datetime
    body: bytes

    @property
    def is_fresh(self) -> bool:
        """Whether the server said that it need not be asked again yet; at most for a day."""
        found = _MAX_AGE.search(self.headers.get("cache-control", ""))
        seconds = min(int(found[1]), _LONGEST_FRESH_SECONDS) if found else 0
        return (datetime.now(UTC) - self.stored_at).total_seconds() < seconds

    @property
    def conditions(self) -> dict[str, str]:
        """Headers that ask for the answer only if it has changed."""
        asked = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}
        return {name: self.headers[key] for name, key in asked.items() if key in self.headers}


class HttpCache:
    """A folder with one file an address: a line of JSON, then the body.

    Args:
        folder: made on first use.
        max_bytes: how large it may grow; the answers that were not used for longest go first.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.folder = folder
        self.max_bytes = max_bytes

    def get(self, url: str) -> Stored | None:
        """The answer stored for an address; a damaged one counts as none."""
        file = self._file(url)
        try:
            head, _, body = file.read_bytes().partition(b"\n")
            meta = json.loads(head)
            if meta["url"] != url or meta["bytes"] != len(body):
                return None
            os.utime(file)
            return Stored(meta["headers"], datetime.fromisoformat(meta["stored_at"]), body)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, url: str, headers: Mapping[str, str], body: bytes) -> None:
        """Keep an answer, unless the server forbids it. A full disk loses the cache, not the run."""
        if _NO_STORE.search(headers.get("cache-control", "")):
            return
        meta = {"url": url, "headers": dict(headers), "stored_at": datetime.now(UTC).isoformat(), "bytes": len(body)}
        file = self._file(url)
        temporary = file.with_name(f".{file.name}-{os.getpid()}")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(json.dumps(meta).encode() + b"\n" + body)
            temporary.replace(file)
        except OSError:
            temporary.unlink(missing_ok=True)

    def prune(self) -> None:
        """Remove what was not used for longest until the rest fits."""
        if not self.folder.is_dir():
            return
        files = [(f.stat().st_mtime, f.stat().st_size, f) for f in self.folder.rglob("*") if f.is_file()]
        total = sum(size for _, size, _ in files)
        for _, size, file in sorted(files):
            if total <= self.max_bytes:
                return
            file.unlink(missing_ok=True)
            total -= size

    def _file(self, url: str) -> Path:
        name = hashlib.blake2b(url.encode("utf-8", "replace"), digest_size=16).hexdigest()
        return self.folder / name[:2] / name
