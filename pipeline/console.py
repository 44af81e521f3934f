"""What the command line prints: progress bars, tables, CSV and JSON. Data goes to standard output, all else to standard error."""

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from pipeline.progress import Advance

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

out: "Console"
err: "Console"


@cache
def _console(*, stderr: bool) -> "Console":
    # Made when asked for: Rich takes a quarter of the time of --help, which needs none of it.
    from rich.console import Console

    return Console(stderr=stderr)


def __getattr__(name: str) -> Any:
    if name not in ("out", "err"):
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return _console(stderr=name == "err")


@contextmanager
def progress_bar(what: str, total: int | None = None) -> Iterator[Advance]:
    """A progress bar on standard error; one plain closing line where that is no terminal."""
    console = _console(stderr=True)
    if not console.is_terminal:
        done = 0

        def count(number: int = 1, /) -> None:
            nonlocal done
            done += number

        yield count
        if done:
            console.print(f"{what}: {done:,}", highlight=False)
        return
    # Imported late: without a terminal there is no bar, and --help needs none.
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, TimeRemainingColumn(), console=console) as bars:
        task = bars.add_task(what, total=total)
        yield lambda number=1: bars.advance(task, number)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows as a table as wide as the terminal."""
    from rich.table import Table

    table = Table(show_edge=False, header_style="bold")
    for i, name in enumerate(columns):
        numeric = bool(rows) and all(isinstance(r[i], int | float) for r in rows if r[i] is not None)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(v) for v in row))
    _console(stderr=False).print(table)


def _cell(value: Any) -> "Text":
    from rich.text import Text

    if value is None:
        return Text("null", style="dim")
    # Text, not str: a "[" in an article is no markup.
    return Text(f"{value:.4g}" if isinstance(value, float) else str(value))


def print_csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows as CSV with a header; null is an empty cell."""
    writer = csv.writer(sys.stdout)
    writer.writerow(columns)
    writer.writerows(rows)


def print_json(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows as a JSON list of objects; dates as ISO text."""
    records = [dict(zip(columns, row, strict=True)) for row in rows]
    sys.stdout.write(json.dumps(records, ensure_ascii=False, indent=1, default=str) + "\n")
