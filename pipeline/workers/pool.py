"""What the engine asks of a pool of workers, and the pool that is this process itself.

What belongs here: parts of batches, what can become of them, the protocol, the simplest pool. What does not: tries (``engine``).
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from pipeline.errors import FaultlineError
from pipeline.progress import Advance
from pipeline.workers.coder import Coder

if TYPE_CHECKING:
    from pipeline.tag.tagger import Tagger


@dataclass(slots=True)
class Part:
    """Articles that are tried together: a batch, or a piece of one. ``first`` is the place of the first in the batch."""

    batch: int
    first: int
    articles: pa.Table
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """The part is tagged. ``forget`` is called when it is stored, and clears away what was kept until then."""

    table: pa.Table
    forget: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Failed:
    """The tagger raised an error on the part, and would do so again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Died:
    """Whoever worked on the part ended, or was ended because it hung, so many times; it may go well the next time."""

    reason: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Broken:
    """No worker can be had: nothing can be tagged, whatever it is."""

    reason: str


Outcome = Done | Failed | Died | Broken


class Pool(Protocol):
    """Workers that tag parts. All methods are called from one thread."""

    @property
    def window(self) -> int:
        """How many batches may be on their way at once, so that no worker waits and memory stays bounded."""

    def leftovers(self) -> Iterator[Done]:
        """What an earlier run has tagged, but not stored."""

    def submit(self, part: Part) -> None:
        """Have a part tagged."""

    def next(self, tell: Advance) -> tuple[Part, Outcome]:
        """What became of one of the parts handed over; waits for it, and may tell meanwhile how many more of its articles are tagged."""

    def close(self) -> None:
        """End all workers."""


class InProcess:
    """This process: one part after the other."""

    window = 1

    def __init__(self, coder: Coder, tagger: "Tagger") -> None:
        self._coder = coder
        self._tagger = tagger
        self._todo: deque[Part] = deque()

    def leftovers(self) -> Iterator[Done]:
        """None: nothing is kept."""
        return iter(())

    def submit(self, part: Part) -> None:
        """See ``Pool``."""
        self._todo.append(part)

    def next(self, tell: Advance) -> tuple[Part, Outcome]:
        """See ``Pool``."""
        part = self._todo.popleft()
        try:
            return part, Done(self._coder.code(self._tagger, part.articles, tell))
        except FaultlineError:
            raise
        except Exception as error:
            return part, Failed(f"{type(error).__name__}: {error}")

    def close(self) -> None:
        """Nothing to end."""
