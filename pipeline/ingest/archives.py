"""Zip archives: their members, each read as a file of its own, and nothing ever written to disk.

What does not belong here: what a member holds.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from pipeline.ingest.source import Limits, UnreadableError
from pipeline.ingest.streams import Opener, guarded
from pipeline.records import Rejected

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
# What a damaged archive, or one packed in a way that is not known, raises.
DAMAGED_ZIP = (zipfile.BadZipFile, NotImplementedError)
_OFFICE = ("[Content_Types].xml", "mimetype")
_LINK = 0o120000


def zip_members(path: Path, origin: str, limits: Limits) -> Iterator[tuple[str, str, int, Opener] | Rejected]:
    """Name, origin, packed size and opener of each member, in the order of their names; a Rejected for each that must not be read.

    Raises:
        UnreadableError: the archive as a whole cannot or must not be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            _check(members, path.stat().st_size, limits)
            for member in sorted(members, key=lambda m: m.filename):
                where = f"{origin}!{member.filename}".encode("utf-8", "replace").decode()
                if problem := _problem(member):
                    yield Rejected(where, None, problem)
                elif not PurePosixPath(member.filename).name.startswith("."):
                    yield member.filename, where, member.compress_size, _opener(archive, member, limits)
    except (*DAMAGED_ZIP, ValueError) as error:
        raise UnreadableError(f"its zip archive is damaged or of an unknown kind ({error}): fetch it again") from error


def _check(members: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    if any(m.filename in _OFFICE for m in members):
        raise UnreadableError("it is an office document or a book, not an archive of articles: save it as text")
    if not members:
        raise UnreadableError("its zip archive is empty: put articles into it")
    if len(members) > limits.archive_members:
        raise UnreadableError(
            f"its zip archive holds {len(members):,} files, more than {limits.archive_members:,}: unpack it into a folder"
        )
    # Members of a bomb may share their bytes, so that each alone looks harmless.
    unpacked = sum(m.file_size for m in members)
    if unpacked > max(limits.unpacked_free, size * limits.unpacked_ratio):
        raise UnreadableError(
            f"its zip archive unpacks to {unpacked:,} bytes, more than {limits.unpacked_ratio} times its size, as no texts do: "
            "unpack it yourself if you trust it"
        )


def _problem(member: zipfile.ZipInfo) -> str | None:
    parts = member.filename.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0]:
        return "its name in the archive leads out of the archive: such archives are made to do harm; it was not read"
    if member.flag_bits & 0x1:
        return "it is encrypted: unpack the archive with its password"
    if (member.external_attr >> 16) & 0o170000 == _LINK:
        return "it is a link inside an archive, which is not followed: put the file itself into the archive"
    return None


def _opener(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits) -> Opener:
    def opened() -> IO[bytes]:
        content = archive.open(member)
        return guarded(content, content, member.compress_size, limits)

    return opened
