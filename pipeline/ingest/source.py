"""What every kind of source shares: the protocol, the limits against hostile input, and the way to say "unreadable".

What does not belong here: any particular kind of source.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pipeline.records import Article, Done, Rejected

_EXCERPT_CHARS = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\s]+")


Item = Article | Rejected | Done
# Which of some items a source has delivered before, with the version that each was in.
Seen = Callable[[Sequence[str]], Mapping[str, str]]


def nothing_seen(items: Sequence[str]) -> Mapping[str, str]:
    """The memory of a source that is read for the first time, or again from the start."""
    return {}


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a file of many records is read: the number of records, and where the next one begins in its unpacked bytes.

    As part of an item's version it lets a reading that was stopped go on from there.
    """

    records: int = 0
    offset: int = 0

    def within(self, version: str) -> str:
        """The version of a file that is read so far and no farther."""
        return f"{version}{_UNTIL}{self.records} byte {self.offset}"

    @staticmethod
    def version_in(known: str) -> str:
        """The version of the file alone, in what is known of it."""
        return _REACHED.sub("", known)

    @classmethod
    def of(cls, known: str, version: str) -> "Reached":
        """Where to go on with a file of this version, by what is known of it; at its beginning if it has changed since."""
        found = _REACHED.fullmatch(known.removeprefix(version)) if known.startswith(version) else None
        return cls(int(found[1]), int(found[2])) if found else cls()


_UNTIL = " until record "
_REACHED = re.compile(rf"{_UNTIL}(\d+) byte (\d+)$")
# How often a reader says how far it is.
RECORDS_PER_MARK = 100


class Source(Protocol):
    """Where articles come from. A new kind of source is a new module with a class that has these three."""

    @property
    def name(self) -> str | None:
        """What the user calls it; the key of its cursor. None for one that is read for once and remembers nothing."""
        ...

    @property
    def kind(self) -> str:
        """The kind of source, as in faultline.toml."""
        ...

    def read(self, seen: Seen = nothing_seen) -> Iterator[Item]:
        """Articles, a Rejected for each item that cannot be read, and a Done behind each item that need not be read again.

        Lazily and in constant memory. Items in the version that ``seen`` knows are passed over.

        Raises:
            SourceFailedError: the source itself does not answer; what came before is sound.
        """
        ...


class SourceFailedError(Exception):
    """A source as a whole cannot be read now: the message names it and says what to do. Others are read all the same."""


def require(paths: Sequence[Path], name: str) -> None:
    """See to it that the files and folders of a declared source are there.

    Raises:
        SourceFailedError: one is not.
    """
    for path in paths:
        if not path.exists():
            raise SourceFailedError(f"{name}: there is nothing at {path}. Create it, or correct faultline.toml.")


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes beyond which something is rejected instead of read.

    ``text_chars`` bounds one article: a library in one text is a mistake, a long report is not. ``document_bytes`` holds for files that are one article and are read whole
    (after decompression); files of many articles may have any size, only their lines (fields of a table) are bounded. What
    unpacks to more than ``unpacked_free`` bytes and to ``unpacked_ratio`` times its size is no text but a bomb: prose shrinks
    to a third or a fifth, repetitive logs to a thirtieth.
    """

    text_chars: int = 10_000_000
    line_bytes: int = 50_000_000
    document_bytes: int = 20_000_000
    front_matter_chars: int = 64_000
    unpacked_free: int = 50_000_000
    unpacked_ratio: int = 200
    archive_members: int = 100_000


DEFAULT_LIMITS = Limits()


class UnreadableError(Exception):
    """A file, or one line of it, is no article; ``reason`` says why and what to do. Never leaves ``ingest/``."""

    def __init__(self, reason: str, excerpt: str | None = None, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.excerpt = excerpt
        self.line = line


def excerpt_of(content: str | bytes) -> str | None:
    """The beginning of some content, fit to be shown in one line of a terminal; None where nothing is left of it."""
    head = content[: 2 * _EXCERPT_CHARS]
    shown = head.decode("utf-8", "replace") if isinstance(head, bytes) else head
    return _CONTROL.sub(" ", shown).strip()[:_EXCERPT_CHARS] or None


def origin_of(path: Path) -> str:
    """A file's name for people: relative to the working directory if it lies below, always valid Unicode."""
    absolute = path.absolute()
    here = Path.cwd()
    name = absolute.relative_to(here) if absolute.is_relative_to(here) else absolute
    return name.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def item_of(path: Path) -> str:
    """A file as the key of a cursor: its absolute path, always valid Unicode, wherever a run is started from."""
    return path.absolute().as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")
