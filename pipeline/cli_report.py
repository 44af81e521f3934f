"""``faultline report``: a briefing of a pair or of what moved, as one file.

What belongs here: options and messages. What does not: what a briefing says (``report/``).
"""

from pathlib import Path
from typing import Annotated

import typer

from pipeline import console
from pipeline.cli_settings import load_settings


def report(
    pair: Annotated[
        tuple[str, str] | None, typer.Option("--pair", metavar="A B", help="Two actors, by id, name or alias.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="First day: 2021, 2021-09 or 2021-09-10.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day, likewise.")] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write: .html, .pdf or .md.")
    ] = Path("report.html"),
    dataset: Annotated[str, typer.Option(help="faultline, or an imported data set.")] = "faultline",
) -> None:
    """Write a briefing of a pair, or of what moved in the week up to the newest article: charts, evidence, and what is not known."""
    from pipeline.read import open_snapshot
    from pipeline.report.pair_briefing import pair_briefing
    from pipeline.report.render import check_form, write_briefing
    from pipeline.report.week_briefing import week_briefing

    check_form(output)
    with open_snapshot(load_settings().snapshot_path) as snapshot:
        briefing = (
            pair_briefing(snapshot, *pair, since, until, dataset)
            if pair
            else week_briefing(snapshot, since, until, dataset)
        )
        write_briefing(briefing, output)
    console.err.print(f"{briefing.title}: {briefing.lead[0]}", highlight=False, markup=False)
    console.out.print(str(output), highlight=False, markup=False, soft_wrap=True)
