"""Keeping a deployment in order: old codings dropped, room given back, the snapshot proved sound.

What belongs here: the order of these steps and their report. What does not: how each is done (``warehouse.upkeep``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.warehouse.store import Warehouse
from pipeline.warehouse.upkeep import compact, drop_coding, drop_superseded, verify_snapshot


@dataclass(frozen=True, slots=True)
class MaintenanceReport:
    """What was done: codings dropped, bytes before and after, and what is wrong with the snapshot (None: there is none yet)."""

    dropped: int
    bytes_before: int
    bytes_after: int
    problems: Sequence[str] | None


def maintain(
    warehouse: Warehouse, snapshot: Path, keep_superseded_days: int, unwanted_coder: str | None = None
) -> MaintenanceReport:
    """Drop superseded codings, compact the warehouse and prove the snapshot. Each step is whole or not done.

    Args:
        warehouse: the warehouse, which exists.
        snapshot: the published file.
        keep_superseded_days: age from which superseded codings are dropped.
        unwanted_coder: a coder_version whose codings are dropped whatever their age, as after an upgrade that is taken back.

    Raises:
        InputError: there is no such coder.
        WarehouseError: there is not room enough to compact.
    """
    dropped = drop_coding(warehouse, unwanted_coder) if unwanted_coder else 0
    dropped += drop_superseded(warehouse, keep_superseded_days)
    size = compact(warehouse)
    problems = verify_snapshot(snapshot) if snapshot.is_file() else None
    return MaintenanceReport(dropped, size.before, size.after, problems)
