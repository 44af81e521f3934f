"""``faultline import-events``: event tables that others coded, kept apart from our own events.

What belongs here: the command. What does not: formats (``imports``) and the loop (``steps``).
"""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from pipeline import console
from pipeline.cli_settings import load_settings
from pipeline.errors import InputError
from pipeline.imports.formats import Format

_OWN = "faultline"
_REASONS_SHOWN = 10


def import_events(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The table; also .gz, .zip or .jsonl.")],
    form: Annotated[Format, typer.Option("--format", "-f", help="What the file is.", show_choices=True)],
    dataset: Annotated[
        str | None, typer.Option("--dataset", help="Name under which it is kept; default: the format's name.")
    ] = None,
    by_country: Annotated[
        bool, typer.Option("--by-country", help="Whoever acts in a country stands for it: PAKREB becomes PAK.")
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Drop what was imported under this name before.")] = False,
) -> None:
    """Import events that others coded, so that the indicators run on them and ours can be compared."""
    settings = load_settings()
    name = (dataset or form.removesuffix("-csv")).strip()
    if name == _OWN or not name:
        msg = f"{name!r} cannot name an imported data set: {_OWN} is what this warehouse codes itself."
        raise InputError(msg)
    from pipeline.imports.actors import ActorCodes
    from pipeline.knowledge.actors import load_actors
    from pipeline.steps import import_events as step
    from pipeline.warehouse.store import Warehouse

    warehouse = Warehouse.from_settings(settings)
    actors = ActorCodes(load_actors(settings.own_actors), by_country=by_country)
    report = step(file, form, name, actors, warehouse, replace=replace, progress=console.progress_bar)
    console.out.print(
        f"{report.read:,} events read: {report.new:,} new as {name}, {report.read - report.new:,} known already; "
        f"{len(report.skipped):,} rows skipped.",
        highlight=False,
    )
    # The same reason at many lines is said once, with its first line.
    reasons = Counter(s.reason for s in report.skipped)
    first = {s.reason: s.where for s in reversed(report.skipped)}
    for reason, count in reasons.most_common(_REASONS_SHOWN):
        console.out.print(f"  {first[reason]}: {reason} ({count:,} rows)", highlight=False, markup=False)
    if len(reasons) > _REASONS_SHOWN:
        console.out.print(f"  … and {len(reasons) - _REASONS_SHOWN:,} other reasons", highlight=False)
    if report.read:
        console.out.print("Next: faultline models build, or faultline run", highlight=False)
