"""The summary and the status as the terminal shows them."""

import shlex
import time
from collections.abc import Sequence
from pathlib import Path

from pipeline import console
from pipeline.records import Rejected
from pipeline.report.summary import RunResult, Summary, evidence_source, one_line, summarize
from pipeline.settings import Settings
from pipeline.warehouse.query import query

_REJECTED_SHOWN = 10
_LONGEST_QUOTE = 300


def _say(text: str = "", style: str | None = None) -> None:
    console.out.print(text, style=style, highlight=False, markup=False, soft_wrap=True)


def _shown(path: Path) -> str:
    """A path as the user would write it from where they are."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def print_summary(settings: Settings, result: RunResult) -> None:
    """What the run did, the tensest pairs, and what to do next."""
    summary = summarize(settings.snapshot_path)
    _say()
    _say(
        f"Articles   {result.read:,} read: {result.new:,} new ({result.reposts:,} of them reposts), "
        f"{result.known:,} skipped (known already), {result.rejected:,} rejected"
    )
    for failure in result.failures:
        _say(f"Failed     {failure}", style="yellow")
    language = f"; {result.other_language:,} not in English left untagged" if result.other_language else ""
    _say(f"Tagged     {result.tagged:,} articles in this run{language}")
    _say("Warehouse  " + ", ".join(f"{number:,} {name}" for name, number in summary.figures.items()))
    if result.rejected:
        _say(
            "Rejected   " + "\n           ".join(f"{where}: {why}" for where, why in summary.rejected[:_REJECTED_SHOWN])
        )
    _say()
    _print_pairs(summary)
    _say(f"Snapshot   {_shown(settings.snapshot_path)} (read-only; marts as Parquet beside it), {result.seconds:.0f} s")
    _say(
        f"Report     {_shown(settings.published_dir / 'report.html')} (what moved in the week up to the newest article)"
    )
    _say()
    _say("Next", style="bold")
    for command, what in (
        (
            'faultline sql "SELECT tension_rank, a_name, b_name, tension_now, effective_n, sentence_text FROM marts.dyad_current ORDER BY 1 LIMIT 10"',
            "the current reading of each pair",
        ),
        (
            'faultline sql "SELECT perpetrator, month, attribution_type, low, best, high FROM marts.attack_tempo ORDER BY 1, 2"',
            "who claims how many attacks, month by month",
        ),
        ('faultline sql "SELECT * FROM marts.evidence LIMIT 5" --json', "the sentences behind the numbers"),
        ("faultline dashboard", "pairs, incidents, articles and data quality in a browser: http://127.0.0.1:8400"),
        (
            f"faultline report --pair {_first_pair(summary)} -o pair.html",
            "a briefing of one pair, with its charts and sentences",
        ),
        ("faultline dev", "the asset graph and the runs at http://127.0.0.1:3000"),
        ("faultline run PATH…", "your own articles"),
    ):
        _say(f"  {command}")
        _say(f"      {what}", style="dim")


def _first_pair(summary: Summary) -> str:
    """The tensest pair as two arguments of a command."""
    return " ".join(
        shlex.quote(name) for name in ((summary.pairs[0].a, summary.pairs[0].b) if summary.pairs else ("A", "B"))
    )


def _print_pairs(summary: Summary) -> None:
    if not summary.pairs:
        _say("No pair has a dated event yet.")
        return
    _say("The tensest pairs", style="bold")
    for pair in summary.pairs:
        _say(f"  {one_line(pair)}")
        if pair.sentence:
            quote = " ".join(pair.sentence.split())
            quote = quote if len(quote) <= _LONGEST_QUOTE else quote[:_LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"
            _say(f"      “{quote}” ({evidence_source(pair)})", style="dim")
    _say()


def print_rejected(rejected: Sequence[Rejected], total: int) -> None:
    """What could not be read, the first few of all."""
    shown = rejected[:_REJECTED_SHOWN]
    for item in shown:
        _say(f"  {item.origin}{f':{item.line}' if item.line else ''}: {item.reason}")
    if total > len(shown):
        _say(f"  … and {total - len(shown):,} more, in raw.rejected once `faultline run` has published it")


def print_status(settings: Settings) -> None:
    """What the snapshot holds, how old it is, and what is still to do."""
    summary = summarize(settings.snapshot_path)
    minutes = (time.time() - settings.snapshot_path.stat().st_mtime) / 60
    age = (
        f"{minutes:.0f} minutes"
        if minutes < 120
        else f"{minutes / 60:.0f} hours"
        if minutes < 2880
        else f"{minutes / 1440:.0f} days"
    )
    _say(f"Snapshot   {_shown(settings.snapshot_path)}, published {age} ago")
    coders = query(
        settings.snapshot_path, "SELECT coder_version, count(*) FROM core.current_runs GROUP BY ALL ORDER BY 2 DESC"
    ).rows
    for version, articles in coders:
        _say(f"Coder      {version}: {articles:,} articles")
    span = query(settings.snapshot_path, "SELECT min(published), max(published) FROM raw.articles").rows[0]
    _say(f"Published  {span[0]} to {span[1]}")
    console.print_table(["what", "number"], list(summary.figures.items()))
