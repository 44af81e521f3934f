"""One file, or member of an archive, as its reader sees it: a name, a stream of unpacked bytes, and the bounds to keep.

What does not belong here: which files there are (``files``), what a file holds (``recognise``).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pipeline.ingest.fields import USUAL_NAMES, ArticleMaker, Naming
from pipeline.ingest.recognise import HEAD_BYTES
from pipeline.ingest.source import Limits, Reached, UnreadableError
from pipeline.ingest.streams import DAMAGED, Opener

_PIECE_BYTES = 4096
_SKIPPED_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file that is being read.

    ``name`` is without ``.gz`` or ``.zst``; ``path`` is None for what lies packed; ``begin`` is where a reading before was stopped.
    """

    name: str
    origin: str
    opener: Opener
    limits: Limits
    naming: Naming = USUAL_NAMES
    path: Path | None = None
    begin: Reached = Reached()

    def open(self) -> IO[bytes]:
        """The file's content as a stream, decompressed."""
        return self.opener()

    def open_at_begin(self) -> IO[bytes]:
        """The content from ``begin`` on. What lies before is unpacked again, which costs a thousandth of reading it."""
        stream = self.open()
        left = self.begin.offset
        while left and (piece := stream.read(min(left, _SKIPPED_BYTES))):
            left -= len(piece)
        return stream

    def head(self) -> bytes:
        """The first HEAD_BYTES bytes of the content, or as many as can be unpacked."""
        head = b""
        with self.open() as stream:
            try:
                while len(head) < HEAD_BYTES and (piece := stream.read(min(_PIECE_BYTES, HEAD_BYTES - len(head)))):
                    head += piece
            except (*DAMAGED, OSError):
                if not head:
                    raise
        return head

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

    def maker(self) -> ArticleMaker:
        """Makes this file's articles."""
        return ArticleMaker(self.origin, self.limits, self.naming)
