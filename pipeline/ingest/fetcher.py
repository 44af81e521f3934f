"""Fetching over HTTP with manners: the only place that asks servers for anything.

What belongs here: conditional requests, robots.txt, pauses, retries, bounds. What does not: what an answer means.

A request names the program honestly, waits for its turn with the host, asks "only if it has changed" where an answer is at hand,
does what Retry-After says, and gives up on answers that are too large or too slow. Redirects are followed by hand, since each
new address must pass the same checks.
"""

import hashlib
import random
import threading
import time
import zlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx

from pipeline.ingest.hosts import HostGates, Robots
from pipeline.ingest.http_cache import HttpCache, Stored
from pipeline.ingest.http_guard import ForbiddenAddressError, GuardedTransport
from pipeline.ingest.source import SourceFailedError, UnreadableError

_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,text/plain;q=0.8,*/*;q=0.1"
_REDIRECTS = {301, 302, 303, 307, 308}
_MOST_REDIRECTS = 5
_TRY_AGAIN = {408, 425, 429, 500, 502, 503, 504}
_ROBOTS_BYTES = 512_000
_READ_AHEAD = 500
_SLOWEST_BYTES_PER_SECOND = 20_000


@dataclass(frozen=True, slots=True)
class Manners:
    """How servers are asked; each is a setting under ``[http]``."""

    user_agent: str = "faultline"
    timeout_seconds: float = 20.0
    total_seconds: float = 120.0
    delay_seconds: float = 1.0
    per_host: int = 1
    concurrency: int = 8
    tries: int = 3
    longest_wait_seconds: float = 60.0
    max_bytes: int = 20_000_000
    private_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. ``url`` is where it came from after redirects; ``unchanged`` whether it is the one that was stored before."""

    url: str
    content_type: str
    body: bytes
    fetched_at: datetime
    unchanged: bool


class FetchError(UnreadableError):
    """An address gave no usable answer. ``permanent``: asking again later is of no use; ``missing``: nothing is there."""

    def __init__(self, reason: str, *, permanent: bool, missing: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.missing = missing

    def of_source(self, url: str) -> SourceFailedError:
        """The failure of a source that cannot be read because of this."""
        advice = "Check it in faultline.toml." if self.permanent else "The next run tries again."
        return SourceFailedError(f"{url}: {self.reason}. {advice}")


class _TryAgainError(Exception):
    def __init__(self, reason: str, wait_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.wait_seconds = wait_seconds


class Fetcher:
    """Asks servers. Safe to use from several threads; close it when done.

    Args:
        manners: how.
        cache: where answers are kept; None: nowhere.
    """

    def __init__(self, manners: Manners, cache: HttpCache | None = None) -> None:
        self.manners = manners
        self.cache = cache
        timeout = httpx.Timeout(manners.timeout_seconds)
        self._client = httpx.Client(
            transport=GuardedTransport(httpx.HTTPTransport(retries=0), manners.private_hosts),
            headers={"User-Agent": manners.user_agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip"},
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
        )
        # Set when nobody waits for answers any more: pauses end at once, so that Ctrl-C does.
        self._stopping = threading.Event()
        self._gates = HostGates(manners.delay_seconds, manners.per_host, self._stopping.wait)
        agent = manners.user_agent.partition("/")[0].partition(" ")[0]
        self._robots = Robots(agent, self._read_robots)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()
        if self.cache:
            self.cache.prune()

    def fetch(self, url: str) -> Fetched:
        """The answer of an address, after redirects.

        Raises:
            FetchError: there is no usable answer; its reason names what is wrong, not the address.
        """
        return self._fetch(url, self.manners.max_bytes, robots=True)

    def fetch_many[T](self, jobs: Iterable[tuple[str, T]]) -> Iterator[tuple[T, Fetched | FetchError]]:
        """The answers of many addresses, as they come in, with what was handed over beside each address.

        Several hosts are asked at a time, one host by ``per_host`` requests at a time; a bounded number of jobs is read ahead.
        """
        ahead = iter(jobs)
        lanes: dict[str, deque[tuple[str, T]]] = {}
        running: dict[Future[Fetched | FetchError], tuple[str, T]] = {}
        queued = 0
        self._stopping.clear()
        pool = ThreadPoolExecutor(self.manners.concurrency, thread_name_prefix="fetch")
        try:
            while True:
                while queued < _READ_AHEAD and (job := next(ahead, None)) is not None:
                    lanes.setdefault(urlsplit(job[0]).netloc.lower(), deque()).append(job)
                    queued += 1
                busy = Counter(host for host, _ in running.values())
                for host, lane in list(lanes.items()):
                    while lane and busy[host] < self.manners.per_host and len(running) < self.manners.concurrency:
                        url, payload = lane.popleft()
                        running[pool.submit(self._settled, url)] = (host, payload)
                        busy[host] += 1
                        queued -= 1
                    if not lane:
                        del lanes[host]
                if not running:
                    return
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    _, payload = running.pop(future)
                    yield payload, future.result()
        finally:
            self._stopping.set()
            pool.shutdown(wait=True, cancel_futures=True)
            self._stopping.clear()

    def _settled(self, url: str) -> Fetched | FetchError:
        try:
            return self.fetch(url)
        except FetchError as error:
            return error
        except Exception as error:  # one address must never end the reading of a thousand others
            return FetchError(f"it cannot be fetched ({type(error).__name__}: {error})", permanent=False)

    def download(self, url: str, target: Path, known: str, max_bytes: int) -> str | None:
        """Save the answer of an address as it was sent, whatever its size; no cache is asked, none is filled.

        Args:
            url: the address.
            target: where to; its folder must be there.
            known: the version that is known already, as returned here; "" for none.
            max_bytes: largest answer.

        Returns:
            The version of what was saved: its ETag, else its date of change, else a hash of it; None if it is the known one.

        Raises:
            FetchError: there is no usable answer.
        """
        return self._followed(
            url, lambda at: self._retried(at, lambda: self._save(at, target, known, max_bytes)), robots=True
        ).version

    def _fetch(self, url: str, max_bytes: int, *, robots: bool) -> Fetched:
        return self._followed(url, lambda at: self._asked(at, max_bytes), robots=robots)

    def _followed[T](self, url: str, ask: Callable[[str], T | str], *, robots: bool) -> T:
        """What an address answers after redirects; ``ask`` gives the answer, or the address that it redirects to."""
        for _ in range(_MOST_REDIRECTS + 1):
            _check_scheme(url)
            if robots:
                self._ask_robots(url)
            answer = ask(url)
            if not isinstance(answer, str):
                return answer
            url = urljoin(url, answer)
        raise FetchError(f"it redirects more than {_MOST_REDIRECTS} times", permanent=True)

    def _ask_robots(self, url: str) -> None:
        try:
            allowed = self._robots.allows(url)
        except _ForbiddenError:
            raise
        except FetchError as error:
            reason = f"the host's robots.txt cannot be read ({error.reason}), so nothing of it is fetched"
            raise FetchError(reason, permanent=error.permanent) from error
        if not allowed:
            raise FetchError("the host's robots.txt forbids to fetch it", permanent=True)
        if delay := self._robots.crawl_delay(url):
            self._gates.slow_down(urlsplit(url).netloc, delay)

    def _read_robots(self, url: str) -> str | None:
        try:
            return self._fetch(url, _ROBOTS_BYTES, robots=False).body.decode("utf-8", "replace")
        except _MissingError:
            return None

    def _asked(self, url: str, max_bytes: int) -> Fetched | str:
        stored = self.cache.get(url) if self.cache else None
        if stored and stored.is_fresh:
            return _from(stored, url)
        return self._retried(url, lambda: self._once(url, stored, max_bytes))

    def _retried[T](self, url: str, once: Callable[[], T]) -> T:
        """Ask when it is our turn with the host, and again where it fails for the moment."""
        for attempt in range(1, self.manners.tries + 1):
            try:
                with self._gates.turn(urlsplit(url).netloc):
                    return once()
            except (_TryAgainError, httpx.TransportError) as error:
                asked = error.wait_seconds if isinstance(error, _TryAgainError) else None
                pause = 2 ** (attempt - 1) * random.uniform(0.75, 1.25) if asked is None else asked  # noqa: S311
                what = str(error) or type(error).__name__
                if pause > self.manners.longest_wait_seconds:
                    raise FetchError(f"{what}, and asks to wait {pause:,.0f} s", permanent=False) from error
                if attempt == self.manners.tries:
                    raise FetchError(f"{what}, {attempt} times in a row", permanent=False) from error
                if self._stopping.wait(pause):
                    raise FetchError("the reading was stopped", permanent=False) from error
            except httpx.InvalidURL as error:
                reason = "it is, or redirects to, what is no web address: only http and https are fetched"
                raise FetchError(reason, permanent=True) from error
            except httpx.HTTPError as error:
                raise FetchError(f"it cannot be fetched ({error})", permanent=False) from error
        raise AssertionError("unreachable")

    def _once(self, url: str, stored: Stored | None, max_bytes: int) -> Fetched | str:
        try:
            with self._client.stream("GET", url, headers=stored.conditions if stored else {}) as response:
                status = response.status_code
                if status in _REDIRECTS:
                    if "location" not in response.headers:
                        raise FetchError(f"it answers {status} without naming another address", permanent=True)
                    return str(response.headers["location"])
                if status == 304 and stored:
                    return _from(stored, url)
                _check_status(status, response.headers)
                body = self._body(response, max_bytes)
                headers = {k.lower(): v for k, v in response.headers.items()}
        except ForbiddenAddressError as error:
            raise _ForbiddenError(error.reason, permanent=True) from error
        if self.cache:
            self.cache.put(url, headers, body)
        return Fetched(url, headers.get("content-type", ""), body, datetime.now(UTC), unchanged=False)

    def _save(self, url: str, target: Path, known: str, max_bytes: int) -> "_Saved | str":
        headers = {"Accept": "*/*", "Accept-Encoding": "identity", **_conditions(known)}
        try:
            with self._client.stream("GET", url, headers=headers) as response:
                if response.status_code in _REDIRECTS and "location" in response.headers:
                    return str(response.headers["location"])
                if response.status_code == 304 and known:
                    return _Saved(None)
                _check_status(response.status_code, response.headers)
                digest = self._write(response, target, max_bytes)
                version = str(response.headers.get("etag") or response.headers.get("last-modified") or digest)
        except ForbiddenAddressError as error:
            raise _ForbiddenError(error.reason, permanent=True) from error
        except OSError as error:
            raise FetchError(f"it cannot be saved at {target} ({error.strerror})", permanent=False) from error
        return _Saved(None if version == known else version)

    def _write(self, response: httpx.Response, target: Path, max_bytes: int) -> str:
        """Write a body to a file, and return its hash. A large one may take its time, as long as it keeps coming."""
        too_large = FetchError(f"it is larger than {max_bytes:,} bytes: it was not read", permanent=True)
        if int(response.headers.get("content-length") or 0) > max_bytes:
            raise too_large
        until = time.monotonic() + self.manners.total_seconds
        digest = hashlib.blake2b(digest_size=12)
        size = 0
        with target.open("wb") as file:
            for piece in response.iter_raw():
                size += len(piece)
                if size > max_bytes:
                    raise too_large
                if time.monotonic() > until + size / _SLOWEST_BYTES_PER_SECOND:
                    reason = f"it comes at less than {_SLOWEST_BYTES_PER_SECOND:,} bytes a second: it was not read to its end"
                    raise FetchError(reason, permanent=False)
                digest.update(piece)
                file.write(piece)
        return digest.hexdigest()

    def _body(self, response: httpx.Response, max_bytes: int) -> bytes:
        """The body, unpacked piece by piece, so that a small bomb never becomes large."""
        until = time.monotonic() + self.manners.total_seconds
        gzipped = "gzip" in response.headers.get("content-encoding", "").lower()
        unpacking = zlib.decompressobj(wbits=47)
        body = bytearray()
        try:
            for piece in response.iter_raw():
                body += unpacking.decompress(piece, max_bytes + 1 - len(body)) if gzipped else piece
                if len(body) > max_bytes:
                    raise FetchError(f"its answer is larger than {max_bytes:,} bytes: it was not read", permanent=True)
                if time.monotonic() > until:
                    raise FetchError(
                        f"its answer took longer than {self.manners.total_seconds:g} s: it was not read to its end",
                        permanent=False,
                    )
        except zlib.error as error:
            raise FetchError("its compression is damaged", permanent=False) from error
        if gzipped and body and not unpacking.eof:
            raise _TryAgainError("its answer was cut off")
        return bytes(body)


@dataclass(frozen=True, slots=True)
class _Saved:
    """What became of a download: its version, None where it is the known one."""

    version: str | None


class _ForbiddenError(FetchError):
    """The host must not be asked."""


class _MissingError(FetchError):
    """The server says that there is no such thing."""


def _check_scheme(url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        shown = url[:100]
        raise FetchError(f"{shown} is no web address: only http and https are fetched", permanent=True)
    if parts.username or parts.password:
        raise FetchError("its address holds a name or password: such are not fetched", permanent=True)


def _check_status(status: int, headers: Mapping[str, str]) -> None:
    if status in _TRY_AGAIN:
        raise _TryAgainError(f"it answers {status}", _retry_after(headers.get("retry-after", "")))
    if 400 <= status < 500:
        # Not there, not for us: of no use to ask again. 401 and 403 may change with the reader's rights.
        raise _MissingError(
            f"it answers {status}", permanent=status in (400, 404, 405, 410, 414, 451), missing=status in (404, 410)
        )
    if status != 200:
        raise FetchError(f"it answers {status}", permanent=False)


def _conditions(version: str) -> dict[str, str]:
    """Headers that ask for what is not of this version."""
    if version.startswith(('"', "W/")):
        return {"If-None-Match": version}
    return {"If-Modified-Since": version} if version.endswith("GMT") else {}


def _retry_after(value: str) -> float | None:
    """Seconds to wait, from a number or a date; None where the server names neither."""
    if value.strip().isdecimal():
        return float(value)
    try:
        return max((parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


def _from(stored: Stored, url: str) -> Fetched:
    return Fetched(url, stored.headers.get("content-type", ""), stored.body, stored.stored_at, unchanged=True)
