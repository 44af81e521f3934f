"""Commands that read sources, and what they share with ``faultline run``: paths, names of sources, reading again.

What belongs here: options and messages. What does not: reading (``ingest/``, ``steps``).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import console
from pipeline.cli_settings import load_settings
from pipeline.errors import InputError

if TYPE_CHECKING:
    from pipeline.settings import Settings, SourceSection

PathsArgument = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Files and folders: .txt .md .html .jsonl .csv .parquet .warc, also .gz .zst .zip. "
        "Without any: what faultline.toml declares."
    ),
]
SourceOption = Annotated[
    list[str] | None, typer.Option("--source", "-s", help="Read this source of faultline.toml only; may be repeated.")
]
AgainOption = Annotated[
    bool,
    typer.Option("--again", help="Read also what the sources have delivered before; what is known stays as it is."),
]


def chosen_paths(settings: "Settings", paths: list[Path] | None, names: Sequence[str] | None) -> list[Path]:
    """The files and folders that a command reads: those named, else none if sources are named, else those of the settings.

    Raises:
        InputError: there is nothing at a path, or it is an address.
    """
    from pipeline.settings import is_address

    for path in paths or ():
        if is_address(path):
            msg = (
                f"{path.as_posix().replace(':/', '://', 1)} is an address: declare it under [[sources]] in faultline.toml, as a feed, urls, "
                "a sitemap or a remote file (docs/sources.md), and name it with --source."
            )
            raise InputError(msg)
    chosen = [p.resolve() for p in paths] if paths else [] if names else settings.source_paths
    for path in chosen:
        if not path.exists():
            hint = (
                "" if paths else " Name files or folders on the command line, or set paths.sources in faultline.toml."
            )
            msg = f"There is nothing at {path}.{hint}"
            raise InputError(msg)
    return [p.resolve() for p in paths] if paths else []


def ingest(paths: PathsArgument = None, source: SourceOption = None, again: AgainOption = False) -> None:
    """Only read articles into the warehouse; tag nothing."""
    settings = load_settings()
    chosen = chosen_paths(settings, paths, source)
    import uuid

    from pipeline.ingest.catalog import open_sources
    from pipeline.report.terminal import print_rejected
    from pipeline.steps import ingest as ingest_step
    from pipeline.warehouse.store import Warehouse

    warehouse = Warehouse.from_settings(settings)
    with open_sources(settings, chosen, source or []) as opened:
        report = ingest_step(opened, warehouse, str(uuid.uuid4()), console.progress_bar, again=again)
    console.out.print(
        f"{report.read:,} articles read: {report.new:,} new ({report.duplicates:,} of them reposts), "
        f"{report.known:,} known already; {report.rejected:,} rejected.",
        highlight=False,
    )
    if report.flags:
        flags = ", ".join(f"{number:,} {flag}" for flag, number in report.flags.most_common())
        console.out.print(f"Flags of quality (docs/sources.md): {flags}.", highlight=False)
    if len(report.sources) > 1:
        columns = ["kind", "read", "new", "reposts", "near", "versions", "rejected"]
        console.print_table(["source", *columns], [[s.name, *(getattr(s, c) for c in columns)] for s in report.sources])
    print_rejected(report.sample, report.rejected)
    for failure in report.failures:
        console.err.print("[yellow]failed:[/]", end=" ")
        console.err.print(failure, highlight=False, markup=False)
    console.out.print("Next: faultline run", highlight=False)


def sources() -> None:
    """The sources that faultline.toml declares, and what they have delivered so far."""
    settings = load_settings()
    from pipeline.warehouse.store import Warehouse

    warehouse = Warehouse.from_settings(settings)
    delivered = warehouse.delivered() if warehouse.storage.exists() else {}
    rows = [
        [
            s.name,
            s.kind,
            _where(s),
            *delivered.get(s.name, [0, 0, None]),
        ]
        for s in settings.sources
    ]
    if not rows:
        console.out.print(
            "faultline.toml declares no [[sources]]: docs/sources.md says how.", highlight=False, markup=False
        )
        return
    console.print_table(["source", "kind", "where", "items done", "articles", "last (UTC)"], rows)


def _where(section: "SourceSection") -> str:
    named = [getattr(section, name, None) for name in ("url", "urls", "file", "paths")]
    found = [str(v) for value in named if value for v in (value if isinstance(value, tuple) else [value])]
    return ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")
