"""Writers that get in each other's way: doing again what another one was in the way of.

What belongs here: waiting with growing pauses, and telling a conflict of a commit. What does not: what a writer does (``warehouse``,
``sqlmodels``).
"""

import random
import time
from collections.abc import Callable

import duckdb

_FIRST_WAIT_SECONDS = 0.05
_LONGEST_WAIT_SECONDS = 1.0


def wait_for_turn[T](action: Callable[[], T], is_taken: Callable[[Exception], bool], patience_seconds: float) -> T:
    """Do something, again with growing pauses while its exception says that another writer is in the way.

    Raises:
        Exception: what ``action`` raised last, when the patience has run out or nobody is in the way.
    """
    deadline = time.monotonic() + patience_seconds
    pause = _FIRST_WAIT_SECONDS
    while True:
        try:
            return action()
        except Exception as error:
            if not is_taken(error) or time.monotonic() + pause > deadline:
                raise
        time.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreads waiting writers, no secret
        pause = min(pause * 2, _LONGEST_WAIT_SECONDS)


def is_conflict(error: Exception) -> bool:
    """Whether a commit was refused because another one came first: nothing of it was written, and it can be done again."""
    return isinstance(error, duckdb.TransactionException) and "conflict" in str(error)
