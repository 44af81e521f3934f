"""A copy of what is published in S3, for readers on other machines: sent there by a run, fetched by ``faultline pull``.

What belongs here: whole objects in, a whole file out. What does not: making the snapshot (``publish``).
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import SettingsError, WarehouseError
from pipeline.settings import Settings
from pipeline.warehouse.connection import connect_reader
from pipeline.warehouse.publish import MARTS_FOLDER, Snapshot
from pipeline.warehouse.s3 import open_s3, said_by_s3

_SETTING = "publish.address"
_PIECE_BYTES = 8_000_000
_PULLED = ".pulled"  # holds the ETag of the snapshot that was fetched last


@dataclass(frozen=True, slots=True)
class PublishedStore:
    """A place in S3; ``endpoint`` and ``region`` as in ``settings.ObjectStoreSettings``."""

    address: str
    endpoint: str = ""
    region: str = ""

    @classmethod
    def from_settings(cls, settings: Settings) -> "PublishedStore | None":
        """The place that the settings name, if they do: ``publish.address``."""
        store = settings.object_store
        return cls(settings.publish.address, store.endpoint, store.region) if settings.publish.address else None

    def put(self, snapshot: Snapshot) -> str:
        """Send the marts, then the snapshot: each appears whole, and the snapshot last. Returns the address of the snapshot.

        Raises:
            WarehouseError: the store does not take it; what it held before stays.
        """
        for file in snapshot.parquet:
            self._do(lambda store, file=file: _put(store, file, f"{MARTS_FOLDER}/{file.name}"))  # type: ignore[misc]
        self._do(lambda store: _put(store, snapshot.path, snapshot.path.name))
        return f"{self.address.rstrip('/')}/{snapshot.path.name}"

    def pull(self, folder: Path) -> bool:
        """Fetch the snapshot into a folder, in one step; returns whether there was a newer one.

        Raises:
            WarehouseError: there is none, the store does not give it, or it cannot be written here.
        """
        return bool(self._do(lambda store: _pull(store, "warehouse.duckdb", folder)))

    def _do(self, action: Callable[[Any], object]) -> object:
        try:
            return action(open_s3(self.address, self.endpoint, self.region, _SETTING))
        except SettingsError:
            raise
        except FileNotFoundError as error:
            msg = (
                f"There is no snapshot at {self.address} yet, or no such bucket: a run with publish.address sends one."
            )
            raise WarehouseError(msg) from error
        except Exception as error:
            raise WarehouseError(said_by_s3(self.address, error, _SETTING)) from error


def _put(store: Any, file: Path, key: str) -> None:
    import obstore

    obstore.put(store, key, file)


def _pull(store: Any, key: str, folder: Path) -> bool:
    import obstore

    seen, target = folder / _PULLED, folder / "warehouse.duckdb"
    answer = obstore.get(store, key)
    version = str(answer.meta["e_tag"] or answer.meta["last_modified"])
    if target.is_file() and seen.is_file() and seen.read_text(encoding="utf-8") == version:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".warehouse-{os.getpid()}.duckdb"
    try:
        with temporary.open("wb") as file:
            for piece in answer.stream(min_chunk_size=_PIECE_BYTES):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        connect_reader(temporary).close()
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    seen.write_text(version, encoding="utf-8")
    return True
