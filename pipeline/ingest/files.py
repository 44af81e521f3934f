"""Files and folders as a source: which files are read, in which order, and what becomes of those that cannot be.

What does not belong here: what a file holds (``recognise``), how it is read (one module per kind), how it is packed
(``streams``, ``archives``).
"""

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import partial
from itertools import batched
from pathlib import Path

from pipeline.errors import InputError
from pipeline.ingest.archives import DAMAGED_ZIP, ZIP_MAGIC, zip_members
from pipeline.ingest.fields import USUAL_NAMES, Naming
from pipeline.ingest.recognise import Kind, recognise
from pipeline.ingest.source import (
    DEFAULT_LIMITS,
    Item,
    Limits,
    Reached,
    Seen,
    UnreadableError,
    item_of,
    nothing_seen,
    origin_of,
    require,
)
from pipeline.ingest.source_file import SourceFile
from pipeline.ingest.streams import DAMAGED, compression_of, decompressing
from pipeline.records import Article, Done, Rejected

logger = logging.getLogger(__name__)

_NO_ARTICLES = ("readme", "license", "licence")
_FILES_PER_LOOKUP = 500
_HEAD = 16
START = Reached()


@dataclass(frozen=True, slots=True)
class Selection:
    """Which files of a folder are read: names or relative paths that match ``include`` and none of ``exclude``."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    recursive: bool = True

    def takes(self, relative: str) -> bool:
        """Whether a file is read."""
        return (not self.include or _matches(relative, self.include)) and not _matches(relative, self.exclude)


EVERYTHING = Selection()


def _matches(relative: str, patterns: Sequence[str]) -> bool:
    name = relative.rpartition("/")[2]
    return any(fnmatch(relative, p) or fnmatch(name, p) for p in patterns)


class FileSource:
    """Articles from files and folders.

    Args:
        paths: files and folders; a file that several of them hold is read once.
        limits: bounds of what is read.
        name: what the user calls the source; None for files that are read for once.
        selection: which files of folders are read.
        naming: how fields are named in them.

    Raises:
        InputError: a path that is read for once does not exist. What a declared source lacks is its failure when it is read.
    """

    kind = "files"

    def __init__(
        self,
        paths: Sequence[Path],
        limits: Limits = DEFAULT_LIMITS,
        *,
        name: str | None = None,
        selection: Selection = EVERYTHING,
        naming: Naming = USUAL_NAMES,
    ) -> None:
        for path in paths:
            if name is None and not path.exists():
                msg = f"There is nothing at {path}: check the spelling, or name another file or folder."
                raise InputError(msg)
        self.name = name
        self.paths = tuple(paths)
        self.limits = limits
        self.selection = selection
        self.naming = naming

    def read(self, seen: Seen = nothing_seen) -> Iterator[Item]:
        """Articles and rejects, file by file.

        A file that did not change since it was read whole is passed over; one whose reading was stopped is read on from there.
        """
        require(self.paths, self.name or "")
        for found in batched(find_files(self.paths, self.selection), _FILES_PER_LOOKUP):
            files = [f for f in found if isinstance(f, tuple)]
            versions = {item_of(path): file_version(path) for path, _ in files}
            known = seen(list(versions))
            for item in found:
                if isinstance(item, Rejected):
                    yield item
                    continue
                path, named = item
                key = item_of(path)
                if versions[key] and known.get(key) == versions[key]:
                    continue
                begin = Reached.of(known.get(key, ""), versions[key])
                items = read_file(path, self.limits, named=named, naming=self.naming, begin=begin)
                yield from done_bit_by_bit(items, key, versions[key])


def done_bit_by_bit(items: Iterable[Article | Rejected | Reached], key: str, version: str) -> Iterator[Item]:
    """What a file holds, with the words of a source that it is done so far, and at last that it is done; none without a version."""
    for item in items:
        if not isinstance(item, Reached):
            yield item
        elif version:
            yield Done(key, item.within(version))
    if version:
        yield Done(key, version)


def find_files(
    paths: Sequence[Path],
    selection: Selection = EVERYTHING,
) -> Iterator[tuple[Path, bool] | Rejected]:
    """Each file once, with whether the user named it; a Rejected for each that must not or cannot be opened."""
    seen: set[Path] = set()
    for path in paths:
        named = not path.is_dir()
        empty = True
        for found in [path] if named else _walk(path, selection):
            empty = False
            if isinstance(found, Rejected):
                yield found
            elif (resolved := found.resolve()) not in seen:
                seen.add(resolved)
                yield found, named
        if empty:
            yield Rejected(origin_of(path), None, "there is nothing to read in this folder: put articles into it")


def file_version(path: Path) -> str:
    """A file's size and times of change, of content and of rights; empty where they cannot be told: then it is read again."""
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}"


def _walk(folder: Path, selection: Selection) -> Iterator[Path | Rejected]:
    """The files to read in a folder and its subfolders, sorted; a Rejected for each that must not or cannot be opened."""
    root = folder.resolve()
    problems: list[OSError] = []
    for where, folders, files in os.walk(folder, onerror=problems.append):
        here = Path(where)
        folders[:] = sorted(d for d in folders if not d.startswith(".") and not (here / d).is_symlink())
        if not selection.recursive:
            folders.clear()
        for name in sorted(files):
            hidden = name.startswith(".") or name.lower().startswith(_NO_ARTICLES)
            if not hidden and selection.takes((here / name).relative_to(folder).as_posix()):
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


def read_file(
    path: Path, limits: Limits, *, named: bool, naming: Naming = USUAL_NAMES, begin: Reached = START, origin: str = ""
) -> Iterator[Article | Rejected | Reached]:
    """Articles of one file, and now and then how far it is read.

    Whatever is wrong with it becomes a Rejected, also what nobody thought of. ``origin`` is its name for people, if that is not its path.
    """
    origin = origin or origin_of(path)

    def content() -> Iterator[Article | Rejected | Reached]:
        for file in unpacked_files(path, limits, naming, origin):
            if isinstance(file, Rejected):
                yield file
            elif file.origin == origin:
                yield from safely(origin, partial(_read, replace(file, begin=begin), named=named))
            else:  # how far a member is read says nothing about its archive
                members = safely(file.origin, partial(_read, file, named=False))
                yield from (item for item in members if not isinstance(item, Reached))

    yield from safely(origin, content)


def unpacked_files(
    path: Path, limits: Limits, naming: Naming = USUAL_NAMES, origin: str = ""
) -> Iterator[SourceFile | Rejected]:
    """The file itself, unpacked, or the members of a zip archive, each to be read before the next is asked for.

    Raises:
        UnreadableError: it is no regular file, or a zip archive that cannot or must not be read.
        OSError: it cannot be opened.
    """
    origin = origin or origin_of(path)
    if not path.is_file() and path.exists():
        raise UnreadableError("it is no regular file: copy its content into one")
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head.startswith(ZIP_MAGIC):
        plain = SourceFile(path.name, origin, lambda: path.open("rb"), limits, naming, path)
        yield _unpacked(plain, head, path.stat().st_size)
        return
    for member in zip_members(path, origin, limits):
        if isinstance(member, Rejected):
            yield member
            continue
        name, where, size, opener = member
        packed = SourceFile(name, where, opener, limits, naming)
        try:
            with opener() as stream:
                head = stream.read(_HEAD)
        except (*DAMAGED, *DAMAGED_ZIP) as error:
            yield Rejected(where, None, f"it is damaged or packed in an unknown way ({error}): fetch the archive again")
            continue
        yield _unpacked(packed, head, size)


def safely[T](origin: str, content: Callable[[], Iterator[T]]) -> Iterator[T | Rejected]:
    """What a file holds; one file must never end the reading of a thousand others."""
    try:
        yield from content()
    except UnreadableError as error:
        yield Rejected(origin, error.line, error.reason, error.excerpt)
    except (*DAMAGED, *DAMAGED_ZIP):
        yield Rejected(origin, None, "its compression is damaged or cut off: fetch it again; what came before was read")
    except OSError as error:
        if error.strerror is None:  # Arrow's word for a stream that is cut off
            reason = f"its compression is damaged or cut off ({error}): fetch it again; what came before was read"
            yield Rejected(origin, None, reason)
        else:
            yield _refused(Path(origin), error)
    except Exception as error:
        logger.debug("reading %s failed", origin, exc_info=True)
        yield Rejected(
            origin, None, f"it cannot be read ({type(error).__name__}: {error}): check the file, or report this"
        )


def _unpacked(file: SourceFile, head: bytes, size: int) -> SourceFile:
    compression = compression_of(head)
    if compression is None:
        return file
    name = file.name.removesuffix(compression) if file.name.lower().endswith(compression) else file.name
    opener = decompressing(file.opener, compression, size, file.limits)
    return SourceFile(name, file.origin, opener, file.limits, file.naming)


def _read(file: SourceFile, *, named: bool) -> Iterator[Article | Rejected | Reached]:
    yield from _reader(recognise(file.head(), file.name, named=named))(file)


def _reader(kind: Kind) -> Callable[[SourceFile], Iterator[Article | Rejected | Reached]]:
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
        case Kind.WARC:
            from pipeline.ingest.warc import read_warc as reader
        case Kind.MARKDOWN:
            from pipeline.ingest.plaintext import read_markdown as reader
        case Kind.TEXT:
            from pipeline.ingest.plaintext import read_text as reader
    return reader
