"""Compressed bytes -> a stream of bytes: gzip and zstd, told by content, with a guard against bombs.

What does not belong here: archives of several files (``archives``).
"""

import gzip
import io
import zlib
from collections.abc import Callable
from typing import IO, Any, cast

import pyarrow as pa

from pipeline.ingest.source import Limits, UnreadableError

GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
# What a damaged stream raises while it is read.
DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile, pa.ArrowException)

Opener = Callable[[], IO[bytes]]


def compression_of(head: bytes) -> str | None:
    """The suffix of the compression that some bytes begin with, None for none."""
    if head.startswith(GZIP_MAGIC):
        return ".gz"
    return ".zst" if head.startswith(ZSTD_MAGIC) else None


def decompressing(opener: Opener, compression: str, packed_bytes: int, limits: Limits) -> Opener:
    """Opens the same content unpacked.

    Args:
        opener: opens the packed content.
        compression: as ``compression_of`` tells.
        packed_bytes: its size, against which the unpacked size is held.
        limits: the bounds of that.
    """

    def opened() -> IO[bytes]:
        packed = opener()
        unpacked: Any
        if compression == ".gz":
            unpacked = gzip.GzipFile(fileobj=packed)
        else:
            unpacked = pa.CompressedInputStream(pa.PythonFile(packed, mode="r"), "zstd")
        return guarded(unpacked, packed, packed_bytes, limits)

    return opened


def guarded(unpacked: Any, packed: IO[bytes], packed_bytes: int, limits: Limits) -> IO[bytes]:
    """A stream that refuses to go on once it has given more than its packed size can honestly hold."""
    return cast("IO[bytes]", io.BufferedReader(_Guarded(unpacked, packed, packed_bytes, limits)))


class _Guarded(io.RawIOBase):
    def __init__(self, unpacked: Any, packed: IO[bytes], packed_bytes: int, limits: Limits) -> None:
        self._unpacked = unpacked
        # read1 hands over what came before a fault; read would lose it.
        self._read = getattr(unpacked, "read1", unpacked.read)
        self._packed = packed
        self._left = max(limits.unpacked_free, packed_bytes * limits.unpacked_ratio)
        self._ratio = limits.unpacked_ratio

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise UnreadableError(
                f"it unpacks to more than {self._ratio} times its size, as no text does: the rest was not read; "
                "unpack it yourself if you trust it"
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._unpacked.close()
            self._packed.close()
        super().close()
