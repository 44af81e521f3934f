"""Files and folders as a source: which files are read, in which order, and what becomes of those that cannot be.

What does not belong here: what a file holds (``recognise``) and how it is read (one module per kind).
"""

import gzip
import logging
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from pipeline.errors import InputError
from pipeline.ingest.recognise import GZIP_MAGIC, HEAD_BYTES, Kind, recognise
from pipeline.ingest.source import DEFAULT_LIMITS, Limits, UnreadableError, origin_of
from pipeline.records import Article, Rejected

logger = logging.getLogger(__name__)

_NO_ARTICLES = ("readme", "license", "licence")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file that is being read. ``name`` is without ``.gz``; ``compressed`` is told by content, not by name."""

    path: Path
    origin: str
    name: str
    compressed: bool
    limits: Limits

    def open(self) -> IO[bytes]:
        """The file's content as a stream, decompressed."""
        return cast("IO[bytes]", gzip.open(self.path, "rb")) if self.compressed else self.path.open("rb")

    def head(self) -> bytes:
        """The first HEAD_BYTES bytes of the content."""
        with self.open() as stream:
            return stream.read(HEAD_BYTES)

    def read(self) -> bytes:
        """The whole content.

        Raises:
            UnreadableError: it is larger than one article may be.
        """
        with self.open() as stream:
            data = stream.read(self.limits.document_bytes + 1)
        if len(data) > self.limits.document_bytes:
            reason = f"it is larger than {self.limits.document_bytes:,} bytes, too large for one article: split it"
            raise UnreadableError(reason, data[:400].decode("utf-8", "replace"))
        return data


class FileSource:
    """Articles from files and folders.

    Args:
        paths: files and folders; a file that several of them hold is read once.
        limits: bounds of what is read.

    Raises:
        InputError: a path does not exist.
    """

    def __init__(self, paths: Sequence[Path], limits: Limits = DEFAULT_LIMITS) -> None:
        for path in paths:
            if not path.exists():
                msg = f"There is nothing at {path}: check the spelling, or name another file or folder."
                raise InputError(msg)
        self.paths = tuple(paths)
        self.limits = limits

    def read(self) -> Iterator[Article | Rejected]:
        """Articles and rejects, file by file."""
        seen: set[Path] = set()
        for path in self.paths:
            if not path.is_dir():
                yield from self._read_once(path, seen, named=True)
                continue
            empty = True
            for found in _walk(path):
                empty = False
                if isinstance(found, Rejected):
                    yield found
                else:
                    yield from self._read_once(found, seen, named=False)
            if empty:
                yield Rejected(origin_of(path), None, "there is nothing to read in this folder: put articles into it")

    def _read_once(self, path: Path, seen: set[Path], *, named: bool) -> Iterator[Article | Rejected]:
        resolved = path.resolve()
        if resolved not in seen:
            seen.add(resolved)
            yield from read_file(path, self.limits, named=named)


def _walk(folder: Path) -> Iterator[Path | Rejected]:
    """The files to read in a folder and its subfolders, sorted; a Rejected for each that must not or cannot be opened."""
    root = folder.resolve()
    problems: list[OSError] = []
    for where, folders, files in os.walk(folder, onerror=problems.append):
        here = Path(where)
        folders[:] = sorted(d for d in folders if not d.startswith(".") and not (here / d).is_symlink())
        for name in sorted(files):
            if not name.startswith(".") and not name.lower().startswith(_NO_ARTICLES):
                yield _inside(here / name, root)
        while problems:
            yield _refused(Path(problems[-1].filename), problems.pop())
    # os.walk reports a folder that it cannot list when it comes to it, which may be after the last one that it can.
    yield from (_refused(Path(error.filename), error) for error in problems)


def _inside(path: Path, root: Path) -> Path | Rejected:
    if path.is_symlink() and not path.resolve().is_relative_to(root):
        return Rejected(
            origin_of(path), None, "it is a link that leads out of the folder: name its target directly to read it"
        )
    return path


def _refused(path: Path, error: OSError) -> Rejected:
    return Rejected(
        origin_of(path), None, f"it cannot be opened ({error.strerror}): check that it exists and may be read"
    )


def read_file(path: Path, limits: Limits, *, named: bool) -> Iterator[Article | Rejected]:
    """Articles of one file. Whatever is wrong with it becomes a Rejected, also what nobody thought of."""
    origin = origin_of(path)
    try:
        if not path.is_file():
            raise UnreadableError("it is no regular file: copy its content into one")
        file = _opened(path, origin, limits)
        kind = recognise(file.head(), file.name, named=named)
        yield from _reader(kind)(file)
    except UnreadableError as error:
        yield Rejected(origin, error.line, error.reason, error.excerpt)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        yield Rejected(
            origin, None, "its gzip compression is damaged or cut off: fetch it again; what came before was read"
        )
    except OSError as error:
        yield _refused(path, error)
    except Exception as error:  # one file must never end the reading of a thousand others
        logger.debug("reading %s failed", origin, exc_info=True)
        yield Rejected(
            origin, None, f"it cannot be read ({type(error).__name__}: {error}): check the file, or report this"
        )


def _opened(path: Path, origin: str, limits: Limits) -> SourceFile:
    with path.open("rb") as stream:
        compressed = stream.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    name = path.name[:-3] if compressed and path.name.lower().endswith(".gz") else path.name
    return SourceFile(path, origin, name, compressed, limits)


def _reader(kind: Kind) -> Callable[[SourceFile], Iterator[Article | Rejected]]:
    """The reader of a kind. Imported when first needed: trafilatura and pyarrow take a second together."""
    match kind:
        case Kind.JSONL:
            from pipeline.ingest.jsonl import read_jsonl as reader
        case Kind.CSV:
            from pipeline.ingest.tables import read_csv as reader
        case Kind.PARQUET:
            from pipeline.ingest.tables import read_parquet as reader
        case Kind.HTML:
            from pipeline.ingest.html import read_html as reader
        case Kind.MARKDOWN:
            from pipeline.ingest.plaintext import read_markdown as reader
        case Kind.TEXT:
            from pipeline.ingest.plaintext import read_text as reader
    return reader
