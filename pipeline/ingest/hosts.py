"""How often and at how many places at once one host is asked, and what its robots.txt says.

What does not belong here: asking (``fetcher``).
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from protego import Protego

_LONGEST_CRAWL_DELAY = 60.0


class HostGates:
    """Lets requests to one host through one after the other, with a pause between their beginnings.

    Args:
        delay_seconds: least time between two requests to one host.
        per_host: most requests to one host at a time.
        pause: waits for some seconds.
    """

    def __init__(self, delay_seconds: float, per_host: int, pause: Callable[[float], object] = time.sleep) -> None:
        self._pause = pause
        self._delay = delay_seconds
        self._per_host = per_host
        self._lock = threading.Lock()
        self._next: dict[str, float] = {}
        self._delays: dict[str, float] = {}
        self._running: dict[str, threading.Semaphore] = {}

    def slow_down(self, host: str, seconds: float) -> None:
        """Ask a host no more often than it wishes (robots.txt's Crawl-delay), within reason."""
        with self._lock:
            self._delays[host] = min(seconds, _LONGEST_CRAWL_DELAY)

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait for one's turn with a host."""
        with self._lock:
            running = self._running.setdefault(host, threading.Semaphore(self._per_host))
        with running:
            with self._lock:
                now = time.monotonic()
                begin = max(now, self._next.get(host, now))
                self._next[host] = begin + max(self._delay, self._delays.get(host, 0.0))
            self._pause(begin - now)
            yield


class Robots:
    """The robots.txt of every host that was asked, read once.

    Args:
        agent: the program's name in robots.txt.
        read: fetches a robots.txt; None where the host has none.
    """

    def __init__(self, agent: str, read: Callable[[str], str | None]) -> None:
        self._agent = agent
        self._read = read
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._rules: dict[str, Protego | None] = {}

    def allows(self, url: str) -> bool:
        """Whether an address may be fetched.

        Raises:
            whatever ``read`` raises where the host does not answer: then nothing of it is fetched (RFC 9309, section 2.3.1.4).
        """
        rules = self._of(url)
        return rules is None or bool(rules.can_fetch(url, self._agent))

    def crawl_delay(self, url: str) -> float:
        """Seconds between requests that the host asks for; 0 without."""
        rules = self._of(url)
        delay = rules.crawl_delay(self._agent) if rules else None
        return float(delay or 0.0)

    def _of(self, url: str) -> Protego | None:
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            lock = self._locks.setdefault(site, threading.Lock())
        with lock:
            if site not in self._rules:
                text = self._read(f"{site}/robots.txt")
                self._rules[site] = Protego.parse(text) if text is not None else None
            return self._rules[site]
