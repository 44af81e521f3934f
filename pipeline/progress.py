"""How long work tells how far it is, without knowing who listens: a terminal, Dagster's log, or nobody."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Advance(Protocol):
    """Called with the number of items done since the last call."""

    def __call__(self, done: int = 1, /) -> None: ...  # noqa: D102


class Progress(Protocol):
    """Announces one piece of work; ``total`` is None where it is not known."""

    def __call__(self, what: str, total: int | None = None) -> AbstractContextManager[Advance]: ...  # noqa: D102


def nobody(done: int = 1, /) -> None:
    """The ``Advance`` of work that tells nobody."""


@contextmanager
def silent(what: str, total: int | None = None) -> Iterator[Advance]:
    """Tells nobody."""
    yield nobody
