"""Objects of S3 and of stores that speak its protocol: what lies under an address, and fetching it to a file.

What belongs here: the one client (obstore, the extra ``s3``). What does not: what the objects hold (``remote``, ``files``).

Credentials come from the environment only (``AWS_ACCESS_KEY_ID``, ``AWS_SECRET_ACCESS_KEY``, ``AWS_SESSION_TOKEN``): they belong in no
settings file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipeline.ingest.source import SourceFailedError

_GLOB = "*?["
_TIMEOUT = {"timeout": "300s", "connect_timeout": "20s"}
_RETRIES: Any = {"max_retries": 3, "retry_timeout": timedelta(seconds=60)}
_PIECE_BYTES = 1 << 20
_STATUS = re.compile(r"status code: (\d{3})")


@dataclass(frozen=True, slots=True)
class StoreAccess:
    """How a store is reached: ``endpoint`` if it is not Amazon's own; ``anonymous`` for public buckets."""

    endpoint: str | None = None
    region: str | None = None
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object: ``version`` is its ETag, else its date of change. ``listed``: found under a pattern or folder, not named itself."""

    bucket: str
    key: str
    size: int
    version: str
    listed: bool

    @property
    def url(self) -> str:
        """Its address."""
        return f"s3://{self.bucket}/{self.key}"


class ObjectStore:
    """Reads objects.

    Args:
        access: how the store is reached.
    """

    def __init__(self, access: StoreAccess) -> None:
        self._access = access
        self._buckets: dict[str, Any] = {}

    def find(self, url: str) -> Iterator[StoredObject]:
        """The objects at an address, in the order of their keys: the one that it names, else those below it or that match its pattern.

        Raises:
            SourceFailedError: there are none, the store does not answer or refuses, or the extra is not installed.
        """
        parts = urlsplit(url, allow_fragments=False)
        bucket, key = parts.netloc, (parts.path + (f"?{parts.query}" if parts.query else "")).lstrip("/")
        store = self._bucket(bucket, url)
        import obstore

        pattern = any(c in key for c in _GLOB)
        found = []
        try:
            if key and not pattern and not key.endswith("/"):
                try:
                    found = [_stored(bucket, obstore.head(store, key), listed=False)]
                except FileNotFoundError:
                    key += "/"
            if not found:
                folder = key[: min(key.find(c) for c in _GLOB if c in key)].rpartition("/")[0] if pattern else key
                for some in obstore.list(store, prefix=folder.rstrip("/") or None):
                    found += [_stored(bucket, meta, listed=True) for meta in some]
        except Exception as error:
            raise self._failure(url, error) from error
        if pattern:
            found = [o for o in found if fnmatch(o.key, key)]
        if not found:
            raise SourceFailedError(f"{url}: there is nothing there. Check bucket and key in faultline.toml.")
        yield from sorted(found, key=lambda o: o.key)

    def save(self, found: StoredObject, target: Path) -> None:
        """Fetch an object to a file.

        Raises:
            SourceFailedError: the store does not answer or refuses, or the object has changed since it was found.
        """
        import obstore

        try:
            answer = obstore.get(self._bucket(found.bucket, found.url), found.key)
            if _version(answer.meta) != found.version:
                raise SourceFailedError(f"{found.url}: it is just being changed. The next run tries again.")
            with target.open("wb") as file:
                for piece in answer.stream(min_chunk_size=_PIECE_BYTES):
                    file.write(piece)
        except SourceFailedError:
            raise
        except Exception as error:
            raise self._failure(found.url, error) from error

    def _bucket(self, bucket: str, url: str) -> Any:
        if bucket not in self._buckets:
            try:
                from obstore.store import S3Store
            except ImportError as error:
                msg = f"{url}: reading from S3 needs a package more. Install it with: uv sync --extra s3 (or pip install 'faultline[s3]')."
                raise SourceFailedError(msg) from error
            options: dict[str, Any] = {"skip_signature": True} if self._access.anonymous else {}
            if self._access.endpoint:
                options["endpoint"] = self._access.endpoint
            if self._access.region:
                options["region"] = self._access.region
            client: Any = {**_TIMEOUT, "allow_http": (self._access.endpoint or "").startswith("http://")}
            try:
                self._buckets[bucket] = S3Store(
                    bucket,
                    client_options=client,
                    retry_config=_RETRIES,
                    **options,
                )
            except Exception as error:
                raise self._failure(url, error) from error
        return self._buckets[bucket]

    def _failure(self, url: str, error: Exception) -> SourceFailedError:
        said = str(error)
        if "NoSuchBucket" in said:
            return SourceFailedError(
                f"{url}: there is no such bucket. Check its name and the endpoint in faultline.toml."
            )
        if isinstance(error, PermissionError) or any(
            word in said for word in ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "403", "401")
        ):
            return SourceFailedError(
                f"{url}: the store refuses to show it. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, "
                "or anonymous = true for a public bucket."
            )
        if "169.254." in said or "credential" in said.lower():
            return SourceFailedError(
                f"{url}: there are no credentials. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, "
                "or anonymous = true for a public bucket."
            )
        if isinstance(error, FileNotFoundError):
            return SourceFailedError(f"{url}: there is nothing there. Check bucket and key in faultline.toml.")
        where = self._access.endpoint or "Amazon S3"
        status = _STATUS.search(said)
        what = f"answers {status[1]}" if status else "does not answer"
        return SourceFailedError(f"{url}: {where} {what}. Check endpoint in faultline.toml; the next run tries again.")


def _version(meta: Any) -> str:
    return str(meta["e_tag"] or meta["last_modified"].isoformat())


def _stored(bucket: str, meta: Any, *, listed: bool) -> StoredObject:
    return StoredObject(bucket, meta["path"], meta["size"], _version(meta), listed)
