"""The JavaScript of Vega, as vl-convert carries it: one file, made once and kept, so that no page needs another host.

What belongs here: making and keeping that file. What does not: what is drawn (``report/charts.py``) and how a page starts it (``static/app.js``).
"""

import gzip
import threading
from importlib.metadata import version
from pathlib import Path

from pipeline.report.figure import vegalite_version

_SNIPPET = "window.vegaEmbed = vegaEmbed;"


class VegaBundle:
    """The script, packed. Bundling takes seconds, so the result is kept in a folder; where that cannot be written, in memory only."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / f"vega-{vegalite_version()}-{version('vl-convert-python')}.js.gz"
        self._lock = threading.Lock()
        self._packed: bytes | None = None

    @property
    def address(self) -> str:
        """Where a page finds it; another version has another address, so that browsers may keep it for good."""
        return f"/{self._file.name.removesuffix('.gz')}"

    def prepare(self) -> None:
        """Begin to make it, so that the first page need not wait."""
        threading.Thread(target=self.packed, daemon=True).start()

    def packed(self) -> bytes:
        """The script, gzipped."""
        with self._lock:
            if self._packed is None:
                self._packed = self._kept() or self._made()
            return self._packed

    def _kept(self) -> bytes | None:
        try:
            return self._file.read_bytes()
        except OSError:
            return None

    def _made(self) -> bytes:
        import vl_convert

        packed = gzip.compress(vl_convert.javascript_bundle(_SNIPPET, vegalite_version()).encode())
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            partial = self._file.with_suffix(".partial")
            partial.write_bytes(packed)
            partial.replace(self._file)
        except OSError:
            pass  # it will be made again next time
        return packed
