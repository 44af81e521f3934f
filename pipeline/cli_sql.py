"""``faultline sql``: a query, one of the starter list, or a prompt, on the published snapshot.

What belongs here: options and which of them wins. What does not: running queries (``warehouse/query.py``), the prompt (``sql_prompt.py``).
"""

import os
import shutil
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline import console
from pipeline.cli_settings import load_settings
from pipeline.errors import InputError, WarehouseError
from pipeline.instance import PROJECT

if TYPE_CHECKING:
    from pipeline.settings import Settings

_LIMITS = "SET enable_external_access = false;"  # DuckDB takes it back for nobody
QUERIES = PROJECT / "docs" / "queries.md"


class Client(StrEnum):
    """Programs that ``faultline sql`` can open."""

    own = "own"
    duckdb = "duckdb"
    harlequin = "harlequin"


def sql(
    statement: Annotated[
        str | None,
        typer.Argument(metavar="[SELECT|@NAME]", help="A query, or one of the list by its name. Without: a prompt."),
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV on standard output.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
    show_list: Annotated[
        bool, typer.Option("--list", "-l", help="List the queries that have a name (docs/queries.md).")
    ] = False,
    client: Annotated[
        Client, typer.Option(help="The prompt: our own, the DuckDB CLI or Harlequin, if installed.")
    ] = Client.own,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME|NUMBER", help="The lake as it was: a time (UTC), or a snapshot's number."),
    ] = None,
) -> None:
    """Query the published snapshot: read-only, no files, no network. Without a query: a prompt, or the statements of standard input."""
    from pipeline.sql_prompt import SqlPrompt
    from pipeline.warehouse.named_queries import load_named_queries

    if show_list:
        console.print_table(
            ["name", "what it shows"], [[f"@{q.name}", q.about] for q in load_named_queries(QUERIES).values()]
        )
        return
    settings = load_settings()
    printer: Callable[[Any, Any], None] = console.print_table
    if as_csv or as_json:
        printer = console.print_csv if as_csv else console.print_json
    if at is not None:
        from pipeline.cli_lake import lake_of, moment

        if statement is None or statement.startswith("@"):
            msg = "--at needs a query: faultline sql --at 2026-11-20 'SELECT …'"
            raise InputError(msg)
        answer = lake_of(settings).query_at(moment(at), statement)
        printer(answer.columns, answer.rows)
        return
    if statement is not None:
        SqlPrompt(settings.snapshot_path, QUERIES, printer, most_rows=None).run(statement)
        return
    if not settings.snapshot_path.is_file():
        msg = f"There is no snapshot at {settings.snapshot_path} yet: `faultline run` makes one."
        raise WarehouseError(msg)
    if client is not Client.own:
        _open_client(client, settings)
    if sys.stdin.isatty():
        SqlPrompt(settings.snapshot_path, QUERIES, printer).loop(settings.data_dir / ".sql_history")
    else:
        SqlPrompt(settings.snapshot_path, QUERIES, printer, most_rows=None).run(sys.stdin.read())


def client_command(client: Client, snapshot: Path, init_file: Path) -> list[str]:
    """How another program opens the snapshot with our limits: read-only, cut off from files and network.

    Raises:
        InputError: it is not installed.
    """
    program = shutil.which(client.value)
    if program is None:
        package = "duckdb-cli" if client is Client.duckdb else "harlequin"
        msg = f"{client.value} is not installed (pip install {package}, or your system's package). `faultline sql` has a prompt of its own."
        raise InputError(msg)
    if client is Client.duckdb:  # not -safe, which version 1.5.6 refuses to start with
        return [program, "-readonly", "-cmd", f"{_LIMITS} SET lock_configuration = true;", str(snapshot)]
    init_file.write_text(f"{_LIMITS}\n", encoding="utf-8")
    return [program, "--read-only", "--init-path", str(init_file), str(snapshot)]


def _open_client(client: Client, settings: "Settings") -> None:
    command = client_command(client, settings.snapshot_path, settings.data_dir / ".harlequin.sql")
    os.execv(command[0], command)  # noqa: S606 - a program that the user asked for, no shell
