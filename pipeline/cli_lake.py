"""Commands for who has outgrown one file: the snapshots of a lake, taking a file over, fetching what another machine published.

What belongs here: options and messages. What does not: the work (``warehouse``).
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import console
from pipeline.cli_settings import load_settings
from pipeline.errors import InputError

if TYPE_CHECKING:
    from pipeline.settings import Settings
    from pipeline.warehouse.lake import DuckLake


def lake_of(settings: "Settings") -> "DuckLake":
    """The lake that the settings name.

    Raises:
        InputError: the warehouse is a file.
    """
    from pipeline.warehouse.lake import DuckLake
    from pipeline.warehouse.storage import storage_of

    storage = storage_of(settings)
    if not isinstance(storage, DuckLake):
        msg = f'{storage} is one DuckDB file, which remembers no earlier states; warehouse.kind = "ducklake" does (docs/scaling.md).'
        raise InputError(msg)
    return storage


def moment(text: str) -> int | datetime:
    """What ``--at`` names: the number of a snapshot, or a time, which is UTC where it names no zone.

    Raises:
        InputError: it is neither.
    """
    if text.isdecimal():
        return int(text)
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        msg = f"{text!r} is no time: write 2026-11-20, 2026-11-20T18:30 (UTC), or a number that `faultline snapshots` lists."
        raise InputError(msg) from error
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def snapshots(
    number: Annotated[int, typer.Option("--number", "-n", min=1, help="How many, the newest first.")] = 20,
) -> None:
    """The states of the lake that `faultline sql --at` can ask: one per commit, the newest first."""
    lake = lake_of(load_settings())
    con = lake.open(5)
    try:
        found = lake.snapshots(con)
    finally:
        con.close()
    rows = [[s.number, s.committed.astimezone(UTC).replace(tzinfo=None, microsecond=0), s.changes] for s in found]
    console.print_table(["snapshot", "committed (UTC)", "what changed"], rows[:number])
    if len(rows) > number:
        console.out.print(f"… and {len(rows) - number:,} earlier ones", highlight=False)


def adopt(file: Annotated[Path, typer.Argument(help="A warehouse.duckdb, or a published snapshot.")]) -> None:
    """Take articles and codings of a warehouse file over into the warehouse that faultline.toml names."""
    settings = load_settings()
    from pipeline.warehouse.adopt import adopt as take_over
    from pipeline.warehouse.store import Warehouse

    warehouse = Warehouse.from_settings(settings)
    new = take_over(file, warehouse, console.progress_bar)
    console.out.print(f"{new:,} rows taken over into {warehouse.storage}. Next: faultline run", highlight=False)


def pull() -> None:
    """Fetch the snapshot that another machine published to publish.address, for dashboard, sql and report here."""
    settings = load_settings()
    from pipeline.warehouse.published_store import PublishedStore

    store = PublishedStore.from_settings(settings)
    if store is None:
        msg = "faultline.toml names no publish.address: set it to the s3:// address that the runs publish to."
        raise InputError(msg)
    newer = store.pull(settings.published_dir)
    said = "fetched to" if newer else "is the one at"
    console.out.print(f"The snapshot of {store.address} {said} {settings.snapshot_path}", highlight=False)
