"""The ``faultline`` command.

What belongs here: options, messages, exit codes (0 done, 1 failed, 2 wrong usage, 130 interrupted). What does not: work. Heavy
modules are imported inside the commands, so that ``--help`` answers at once.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline import console
from pipeline.cli_actors import actors_app
from pipeline.cli_import import import_events
from pipeline.cli_lake import adopt, pull, snapshots
from pipeline.cli_lexicon import explain, lexicon_app
from pipeline.cli_operations import alerts, backfill, diff_codings, maintain, retag
from pipeline.cli_report import report
from pipeline.cli_settings import load_settings
from pipeline.cli_sources import AgainOption, PathsArgument, SourceOption, chosen_paths, ingest, sources
from pipeline.cli_sql import sql
from pipeline.cli_text import counts, dates
from pipeline.errors import FaultlineError, InputError

if TYPE_CHECKING:
    from pipeline.settings import Settings

_INTERRUPTED = 130

app = typer.Typer(
    name="faultline",
    help="Articles in; actors, dates, attack counts, events and relationship-tension indicators out, in DuckDB.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # help without frames, in two thirds of the time
    context_settings={"help_option_names": ["-h", "--help"]},
)
models_app = typer.Typer(help="The SQL models under dbt_like_sql/.", no_args_is_help=True)
app.add_typer(models_app, name="models")
app.add_typer(actors_app, name="actors")
app.command()(dates)
app.command()(counts)
app.command()(explain)
app.add_typer(lexicon_app, name="lexicon")
app.command()(ingest)
app.command()(sources)
app.command("import-events")(import_events)
app.command()(retag)
app.command("diff-codings")(diff_codings)
app.command()(backfill)
app.command()(maintain)
app.command()(alerts)
app.command()(report)
app.command()(sql)
app.command()(snapshots)
app.command()(adopt)
app.command()(pull)


def _version(show: bool) -> None:
    if show:
        from pipeline import __version__

        typer.echo(f"faultline {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass


@app.command()
def run(
    paths: PathsArgument = None,
    source: SourceOption = None,
    again: AgainOption = False,
    force: Annotated[
        bool, typer.Option("--force", help="Run also where nothing has changed since the last run.")
    ] = False,
) -> None:
    """Read articles, tag them, build the marts and publish the snapshot: the daily job, in this process."""
    settings = load_settings()
    chosen = chosen_paths(settings, paths, source)
    from pipeline import last_run

    before = None if again or force else last_run.ended(settings, last_run.made_from(settings, chosen, source or []))
    if before:
        named = ", ".join([*map(str, paths or ()), *(source or ())]) or "what faultline.toml declares"
        console.out.print(
            f"Nothing new in {named} since {before:%Y-%m-%d %H:%M} UTC: the snapshot stands. To run anyway: --force",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
        return
    from automation.runs import run_daily
    from pipeline.report.terminal import print_summary

    result = run_daily(settings, chosen, console.progress_bar, source or [], again=again)
    print_summary(settings, result)


@app.command()
def tag(
    source: Annotated[str, typer.Argument(metavar="INPUT.jsonl", help="One article a line; - for standard input.")],
    output: Annotated[str, typer.Option("--output", "-o", help="Where to write; - for standard output.")] = "-",
    workers: Annotated[
        int | None,
        typer.Option(help="So many processes tag; default: tagging.workers of the settings.", min=1, max=256),
    ] = None,
) -> None:
    """Only tag: one JSON article a line in, one tagged article a line out, in the same order. Needs no warehouse."""
    settings = load_settings()
    from pipeline.ingest.tagger_input import read_tagger_input
    from pipeline.tag.tagger import Tagger
    from pipeline.workers.lines import tagged_lines

    articles = read_tagger_input(source if source == "-" else Path(source))
    tagger = Tagger.from_settings(settings)
    partial = Path(f"{output}.partial")
    try:
        with (
            sys.stdout if output == "-" else partial.open("w", encoding="utf-8") as file,
            console.progress_bar("tagging") as advance,
        ):
            for line in tagged_lines(articles, tagger, workers or settings.tagging.workers):
                file.write(line + "\n")
                advance(1)
        if output != "-":
            partial.replace(output)
    except OSError as error:
        msg = f"Cannot write {output}: {error.strerror}."
        raise InputError(msg) from error
    finally:
        if output != "-":
            partial.unlink(missing_ok=True)


@app.command()
def status() -> None:
    """What the snapshot holds, how old it is, and what is still to do."""
    from pipeline.report.terminal import print_status

    print_status(load_settings())


@app.command()
def doctor() -> None:
    """Check settings, model, folders, warehouse, snapshot and SQL models, and say how to mend what is wrong."""
    from pipeline.doctor import examine

    sound = True
    for finding in examine():
        mark = "[green]ok  [/]" if finding.sound else "[red]FAIL[/]"
        console.out.print(f"{mark} {finding.what}:", end=" ", highlight=False)
        console.out.print(finding.detail, highlight=False, markup=False)
        sound = sound and finding.sound
    if not sound:
        raise typer.Exit(1)


@app.command()
def dev(
    port: Annotated[int, typer.Option(help="Port of the web page.")] = 3000,
    host: Annotated[
        str, typer.Option(help="Address to listen on; anything but loopback lets others in.")
    ] = "127.0.0.1",
) -> None:
    """Start Dagster's web page and daemon: runs, schedule and inbox sensor. Ctrl-C stops it."""
    settings = load_settings()
    from pipeline.instance import PROJECT, prepare_dagster_home

    home = prepare_dagster_home(settings)
    dagster = Path(sys.executable).with_name("dagster")
    console.err.print(f"Dagster will answer at http://{host}:{port} (its storage: {home})", highlight=False)
    arguments = ["dev", "--workspace", str(PROJECT / "workspace.yaml"), "--host", host, "--port", str(port)]
    arguments += ["--log-format", "json"] if settings.logging.format == "json" else []
    os.execv(dagster, [str(dagster), *arguments])  # noqa: S606 - the project's own command, no shell


@app.command()
def dashboard(
    port: Annotated[int, typer.Option(help="Port of the web page; 0 takes a free one.", min=0, max=65535)] = 8400,
    host: Annotated[
        str, typer.Option(help="Address to listen on; anything but loopback lets others in.")
    ] = "127.0.0.1",
) -> None:
    """Look at the published snapshot in a browser: pairs, actors, incidents, articles, data quality. Ctrl-C stops it."""
    settings = load_settings()
    from pipeline.report.dashboard.serve import serve

    serve(
        settings.snapshot_path,
        settings.data_dir / "cache",
        host,
        port,
        lambda text: console.err.print(text, highlight=False),
    )


@models_app.command("ls")
def models_ls() -> None:
    """List the models in the order in which they are built."""
    settings = load_settings()
    project = _project(settings)
    console.print_table(
        ["model", "kind", "reads", "description"],
        [[m.full_name, m.materialization, ", ".join(sorted(m.depends_on)), m.description] for m in project.models],
    )


SelectOption = Annotated[
    str | None,
    typer.Option("--select", "-s", help="Models to take: name, +name (with ancestors), name+ (with descendants)."),
]


@models_app.command("build")
def models_build(
    select: SelectOption = None,
    full: Annotated[bool, typer.Option("--full", help="Everything anew, also what nothing has changed for.")] = False,
) -> None:
    """Build the models in the warehouse (the snapshot changes with the next run)."""
    settings = load_settings()
    project = _project(settings)
    from pipeline.steps import build_models
    from pipeline.warehouse.reference import parameter_rows
    from pipeline.warehouse.store import Warehouse

    warehouse = Warehouse.from_settings(settings)
    warehouse.load_reference({"parameters": parameter_rows(settings.indicators)})
    built = build_models(warehouse, project, settings.indicators, select, full=full)
    console.print_table(
        ["model", "rows", "seconds", "built"],
        [[b.model, b.rows, b.seconds, f"{b.partitions} parts" if b.partitions else b.extent] for b in built],
    )


@models_app.command("test")
def models_test(select: SelectOption = None) -> None:
    """Run the models' tests; failing rows are shown."""
    settings = load_settings()
    project = _project(settings)
    from pipeline.sqlmodels import run_tests
    from pipeline.warehouse.store import Warehouse

    with Warehouse.from_settings(settings).connect() as con:
        results = run_tests(con, project, select)
    failed = [r for r in results if not r.passed]
    for r in failed:
        console.out.print(
            f"[red]{r.severity}[/] {r.name} on {r.model}: {r.failures} rows, such as {r.sample}", highlight=False
        )
    console.out.print(f"{len(results) - len(failed)} of {len(results)} tests passed.", highlight=False)
    if any(r.severity == "error" for r in failed):
        raise typer.Exit(1)


@models_app.command("lineage")
def models_lineage(model: Annotated[str, typer.Argument(help="schema.name, such as marts.dyad_month")]) -> None:
    """Show which columns each column of a model is made of."""
    project = _project(load_settings())
    from pipeline.sqlmodels import column_lineage

    lineage = column_lineage(project, model)
    console.print_table(
        ["column", "made of"], [[c, ", ".join(f"{t}.{k}" for t, k in deps)] for c, deps in lineage.items()]
    )


def _project(settings: "Settings") -> Any:
    from pipeline.sqlmodels import load_project
    from pipeline.warehouse.sources import relation_columns

    return load_project(settings.models_dir, relation_columns())


def main() -> None:
    """Entry point: a user's mistake ends with one clear message and exit code 1, never with a traceback."""
    try:
        app()
    except FaultlineError as error:
        console.err.print("[bold red]error:[/] ", end="")
        console.err.print(str(error), highlight=False, markup=False, soft_wrap=True)  # no break within a path
        raise SystemExit(1) from None
    except (KeyboardInterrupt, SystemExit) as error:
        if isinstance(error, SystemExit) and error.code != _INTERRUPTED:
            raise
        # Typer turns Ctrl-C into this exit code and says nothing.
        console.err.print("Stopped. What was committed stays; the same command goes on from there.", highlight=False)
        raise SystemExit(_INTERRUPTED) from None
    except BrokenPipeError:
        # The reader of our output (say `head`) has gone.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
