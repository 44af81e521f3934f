"""Commands that keep a deployment going: code again, compare codings, read years of articles, maintenance, alerts.

What belongs here: options and messages. What does not: the work (``runs``, ``maintenance``, ``warehouse``).
"""

import json
import sys
from dataclasses import asdict
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from pipeline import console
from pipeline.cli_settings import load_settings
from pipeline.errors import InputError

_DAY = ["%Y-%m-%d"]


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def retag(
    published_from: Annotated[
        datetime | None, typer.Option("--from", formats=_DAY, help="First day of publication, YYYY-MM-DD.")
    ] = None,
    published_to: Annotated[
        datetime | None, typer.Option("--to", formats=_DAY, help="Last day of publication.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option("--source", "-s", help="Publisher or source; may be repeated.")
    ] = None,
    actor: Annotated[
        list[str] | None, typer.Option("--actor", "-a", help="Articles that name this actor_id; may be repeated.")
    ] = None,
) -> None:
    """Code articles with the present coder that it has not coded, keeping older codings; build the marts and publish."""
    settings = load_settings()
    from automation.runs import run_retag
    from pipeline.warehouse.codings import ArticleSelection
    from pipeline.warehouse.store import Warehouse

    selection = ArticleSelection(_day(published_from), _day(published_to), source or [], actor or [])
    warehouse = Warehouse.from_settings(settings)
    if not warehouse.storage.exists() or not warehouse.number_of(selection):
        msg = "No article is selected: `faultline status` says what was read, `faultline actors show NAME` which id an actor has."
        raise InputError(msg)
    numbers = run_retag(settings, selection, console.progress_bar).numbers
    coder = numbers["coder_version"]
    if number := numbers["articles tagged"]:
        console.out.print(f"{number:,} articles coded by {coder}. Next: faultline diff-codings", highlight=False)
    else:
        console.out.print(f"What is selected was coded by {coder} already.", highlight=False)


def diff_codings(
    old: Annotated[
        str | None, typer.Argument(help="coder_version, or a part of it; default: the newest but one.")
    ] = None,
    new: Annotated[str | None, typer.Argument(help="coder_version, or a part of it; default: the newest.")] = None,
    table: Annotated[
        list[str] | None, typer.Option("--table", "-t", help="Only this table, such as events; may be repeated.")
    ] = None,
    articles: Annotated[
        int, typer.Option("--articles", "-n", min=0, help="Of how many articles changes are listed.")
    ] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
) -> None:
    """What a coder changed against another on the articles that both have coded: totals, then changes with their sentences."""
    settings = load_settings()
    from pipeline.warehouse import codings

    diff = codings.diff_codings(settings.snapshot_path, old, new, tables=table or (), most_articles=articles)
    if as_json:
        sys.stdout.write(json.dumps(asdict(diff), ensure_ascii=False, indent=1) + "\n")
        return
    console.out.print(f"{diff.old}\n→ {diff.new}\n{diff.articles:,} articles coded by both", highlight=False)
    console.print_table(
        ["table", "same", "changed", "added", "removed", "columns that changed"],
        [
            [t.table, t.same, t.changed, t.added, t.removed, ", ".join(f"{c} {n}" for c, n in t.columns.items())]
            for t in diff.tables
        ],
    )
    for (article, title), changes in groupby(diff.changes, key=lambda c: (c.article_id, c.title)):
        console.out.print(f"\n{article}  {title or ''}", style="bold", highlight=False, markup=False)
        for sentence, some in groupby(changes, key=lambda c: c.sentence):
            console.out.print(f"  “{' '.join(sentence.split())}”", style="dim", highlight=False, markup=False)
            for c in some:
                console.out.print(f"    {c.kind} {c.table}: {c.text}: {c.said}", highlight=False, markup=False)


def backfill(
    folder: Annotated[Path, typer.Argument(help="Folder of articles, of any age and size.")],
    files: Annotated[
        int, typer.Option("--files", min=1, help="Files of one run; each run ends with a snapshot.")
    ] = 500,
    runs: Annotated[int | None, typer.Option("--runs", min=1, help="Stop after so many runs.")] = None,
) -> None:
    """Read a folder of years in bounded runs. Ctrl-C stops it; the same command goes on where it stood."""
    settings = load_settings()
    if not folder.is_dir():
        msg = f"There is no folder {folder}: name the folder that holds the articles."
        raise InputError(msg)
    from automation.runs import run_backfill

    for number, result in enumerate(run_backfill(settings, folder.resolve(), files, console.progress_bar, runs), 1):
        console.out.print(
            f"run {number}: {result.read:,} articles read, {result.new:,} new, {result.rejected:,} rejected, "
            f"{result.tagged:,} tagged, {result.seconds:.0f} s",
            highlight=False,
        )
        for failure in result.failures:
            console.err.print(failure, style="yellow", highlight=False, markup=False)


def maintain(
    drop_coding: Annotated[
        str | None, typer.Option(help="Drop all codings of this coder_version, as after an upgrade that is taken back.")
    ] = None,
) -> None:
    """Drop superseded codings (maintenance.keep_superseded_days), compact the warehouse, prove the snapshot sound."""
    settings = load_settings()
    from pipeline.maintenance import maintain as maintain_warehouse
    from pipeline.warehouse.store import Warehouse

    warehouse = Warehouse.from_settings(settings)
    if not warehouse.storage.exists():
        msg = f"There is no warehouse at {warehouse.storage} yet: `faultline run` makes one."
        raise InputError(msg)
    keep = settings.maintenance.keep_superseded_days
    report = maintain_warehouse(warehouse, settings.snapshot_path, keep, drop_coding)
    console.out.print(
        f"{report.dropped:,} codings dropped; {report.bytes_before / 1e6:,.1f} MB before, {report.bytes_after / 1e6:,.1f} MB after.",
        highlight=False,
    )
    if report.problems is None:
        console.out.print("There is no snapshot yet: `faultline run` publishes one.", highlight=False)
    for problem in report.problems or ():
        console.err.print(f"snapshot: {problem}", style="red", highlight=False, markup=False)
    if report.problems:
        console.err.print("`faultline run` publishes a new snapshot from the warehouse.", highlight=False)
        raise typer.Exit(1)
    if drop_coding:
        console.out.print("Next: faultline run, which builds marts and snapshot without it.", highlight=False)


def alerts(
    number: Annotated[int, typer.Option("--number", "-n", min=1, help="How many, the newest first.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
) -> None:
    """Surges, turns of the arrow and actors never seen before, each with the sentence behind it."""
    settings = load_settings()
    from pipeline.warehouse.query import query

    answer = query(
        settings.snapshot_path,
        "SELECT raised_at, kind, message, sentence, source, url, sent_at FROM core.alerts "  # noqa: S608
        f"ORDER BY raised_at DESC, period_start DESC, alert_id LIMIT {number}",
    )
    if as_json:
        console.print_json(answer.columns, answer.rows)
    elif answer.rows:
        console.print_table(
            ["raised (UTC)", "kind", "what", "sentence", "source"],
            [[r[0].replace(microsecond=0), *r[1:5]] for r in answer.rows],
        )
    else:
        console.out.print("No alert so far.", highlight=False)
