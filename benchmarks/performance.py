"""``docs/performance.md``, written from the figures in ``docs/performance.json``; each benchmark brings its own part.

What belongs here: keeping figures and making the page of them. What does not: measuring.
"""

import json
import os
import platform
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_DOCS = Path(__file__).parent.parent / "docs"
FIGURES, PAGE = _DOCS / "performance.json", _DOCS / "performance.md"


def record(part: str, figures: Any, *, beside: bool = False) -> None:
    """Put the figures of one part in the place of its earlier ones, or ``beside`` those of other corpora, and write the page anew."""
    known = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    if beside and part in known:
        figures = {**known[part]["figures"], **figures}
    known[part] = {"measured": f"{datetime.now(UTC):%Y-%m-%d}", "machine": _machine(), "figures": figures}
    FIGURES.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    # From the file: it has the figures in another order than they came in.
    PAGE.write_text(render(json.loads(FIGURES.read_text(encoding="utf-8"))), encoding="utf-8")


def render(known: dict[str, Any]) -> str:
    """The page. A part that was never measured says by which command it is."""
    parts = [_HEAD]
    for part, (title, command, say) in _PARTS.items():
        parts.append(f"## {title}\n")
        if part not in known:
            parts.append(f"Not measured yet: `{command}`.\n")
            continue
        made = known[part]
        parts.append(say(made["figures"]))
        parts.append(f"*`{command}`, {made['measured']}, {made['machine']}.*\n")
    return "\n".join(parts)


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(c) for c in line) + " |" for line in lines) + "\n"


def _machine() -> str:
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        )
        if Path("/proc/cpuinfo").exists()
        else (),
        platform.processor(),
    )
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores of {model}, Python {platform.python_version()}, load {load:.1f} at the end"


def _throughput(figures: dict[str, Any]) -> str:
    rows = []
    for name, f in figures.items():
        if f is None:
            rows.append([name, "skipped: not beside the repository", *[""] * 6])
            continue
        rows.append(
            [name, f"{f['articles']:,}", f"{f['words']:,}", f"{f['bare_words']:,.0f}", f"{f['tag_words']:,.0f}",
             f"{f['tag_articles']:.1f}", f"**{f['ratio']:.2f}** ({min(f['ratios']):.2f}–{max(f['ratios']):.2f})", f"{f['peak_mb']:,.0f}"]
        )  # fmt: skip
    what = "\n".join(f"- {name}: {f['what']}." for name, f in figures.items() if f)
    return (
        "One process, seconds of its processor time. *Bare* is `nlp.pipe` of the same spaCy model as it is delivered, with all its "
        "components, over the same articles; the ratio is bare time by tagger's time, paired in each round: the median, and the range of the rounds.\n\n"
        + table(
            [
                "corpus",
                "articles",
                "words",
                "bare, words/s",
                "tagger, words/s",
                "tagger, articles/s",
                "ratio",
                "peak MB",
            ],
            rows,
        )
        + f"\n{what}\n"
    )


def _layers(figures: dict[str, dict[str, dict[str, float]]]) -> str:
    tables = []
    for part, said in (
        ("layers", "Shares of the tagger's time, by layer."),
        ("components", "Shares of the components of its spaCy pipeline, each over all articles at once."),
    ):
        measured = {name: f[part] for name, f in figures.items()}
        names = list(dict.fromkeys(n for f in measured.values() for n in f))
        rows = [[n, *(f"{f.get(n, 0) / sum(f.values()):.1%}" for f in measured.values())] for n in names]
        tables.append(f"{said}\n\n{table(['', *measured], rows)}")
    return "\n".join(tables)


def _run(figures: dict[str, Any]) -> str:
    parts = []
    for name, f in figures.items():
        if f is None:
            parts.append(f"{name}: skipped, not beside the repository.\n")
            continue
        tagging = f["parts"]["tagging"]
        rest = sum(f["parts"].values()) - tagging
        rows = [[part, f"{s:.1f}", f"{s / tagging:.1%}"] for part, s in sorted(f["parts"].items(), key=lambda x: -x[1])]
        said = f"{name}: {f['articles']:,} articles, {f['words']:,} words, {f['words'] / (tagging + rest):,.0f} words/s in all, "
        if f.get("bare"):
            said += f"{f['bare'] / (tagging + rest):.2f} of bare `nlp.pipe`, "
        said += f"peak {f['peak_mb']:,.0f} MB. **Reading, writing, marts and snapshot: {f['work'] / tagging:.1%} of tagging**; "
        said += f"with what a run costs however little it reads (imports, Dagster, knowledge, report): {rest / tagging:.1%}."
        parts.append(f"{said}\n\n{table(['part', 'seconds', 'of tagging'], rows)}")
    return "Processor seconds of one `faultline run` on an empty warehouse, by part.\n\n" + "\n".join(parts)


def _startup(figures: dict[str, Any]) -> str:
    rows = [[name, f"{f['cpu']:.2f}", f"{f['clock']:.2f}", f["runs"]] for name, f in figures.items()]
    return "Medians; the clock also counts the waiting for other programs.\n\n" + table(
        ["command", "processor s", "clock s", "runs"], rows
    )


def _growth(figures: list[dict[str, Any]]) -> str:
    rows = [
        [f["command"], f"{f['articles']:,}", f"{f['cpu']:,.0f}", f"{1000 * f['cpu'] / f['articles']:.1f}", f"{f['peak_mb']:,.0f}"]
        for f in sorted(figures, key=lambda f: (f["command"], f["articles"]))
    ]  # fmt: skip
    return (
        "Reuters articles, a process each. Linear growth is a steady column of milliseconds, flat memory a steady last one; "
        "what is loaded once is part of both. Memory grows until the networks remember 200,000 forms of words (some 200 MB), and in `run` "
        "with what DuckDB keeps of the file, which its own limit bounds.\n\n"
        + table(["command", "articles", "processor s", "ms an article", "peak MB"], rows)
    )


def _batches(figures: dict[str, Any]) -> str:
    rows = [[f"{b['size']:,}", f"{b['cpu']:.1f}", f"{b['cpu'] / figures['tagging']:.1%}", f"{b['first']:.2f} → {b['last']:.2f}"] for b in figures["batches"]]  # fmt: skip
    return (
        f"Storing {figures['articles']:,} tagged articles in an empty warehouse, each batch committed and the file closed. "
        "The last column shows its first and last full batch: what storing costs in a larger warehouse.\n\n"
        + table(["articles a batch", "processor s", "of tagging them", "s a batch, first → last"], rows)
    )


def _publishing(figures: list[dict[str, Any]]) -> str:
    rows = [
        [f"{f['events']:,}", f"{f['mb']:,.0f}", f"{f['copy']:.2f}", f"{f['copy_cpu']:.2f}", f"{f['changed']:.2f}", f"{f['changed_cpu']:.2f}"]
        for f in figures
    ]  # fmt: skip
    return (
        "A day's news after a full build. *Copy* is what `published/warehouse` does: checkpoint, copy the file, sync, rename. *Changed rows* "
        "is the alternative: attach a copy of the last snapshot and bring the tables that changed to the new rows, the others left alone; it "
        "too needs a copy to work in, because readers have the published file open. Without the Parquet files, which both write.\n\n"
        + table(
            [
                "events",
                "MB",
                "copy, clock s",
                "copy, processor s",
                "changed rows, clock s",
                "changed rows, processor s",
            ],
            rows,
        )
    )


def _indicators(figures: dict[str, dict[str, float]]) -> str:
    rows = [
        [f"{f['events']:,}", f"{f['core_bytes'] / f['events']:,.0f}", f"{f['marts_bytes'] / f['events']:,.0f}", f"{f['rows']:,}",
         f"{f['full']:,.1f}", f"{f['day']:,.1f}", f"{f['peak_mb']:,.0f}"]
        for _, f in sorted(figures.items())
    ]  # fmt: skip
    return (
        "Synthetic events over ten years between 200 actors, three to an article without text: what the SQL models take to build, and room.\n\n"
        + table(
            ["events", "bytes an event, raw and core", "staging and marts", "pair-weeks", "full build, processor s", "a day later, processor s", "peak MB"],
            rows,
        )
    )  # fmt: skip


def _storage(f: dict[str, Any]) -> str:
    return (
        f"{f['corpus']}: {f['words']:,.0f} words an article, {f['events']:.1f} events. Bytes an article: text {f['text']:,.0f}; **{f['raw']:,.0f}** in "
        f"`raw` ({f['articles']:,} articles), **{f['core']:,.0f}** in `core` ({f['tagged']:,} articles); the keys of `raw` have indexes.\n"
    )


def _driver(figures: dict[str, dict[str, dict[str, float]]]) -> str:
    parts = list(dict.fromkeys(p for f in figures.values() for p in f))
    rows = [
        [*(f"{int(n):,}" for n in size.split("/")), *(f"{f[p]['peak_mb']:,.0f} ({f[p]['seconds']:,.0f} s)" if p in f else "" for p in parts)]
        for size, f in sorted(figures.items())
    ]  # fmt: skip
    return (
        "Made-up articles through a Dask cluster of two workers, with a coder that reads nothing: peak MB of the driver. *read* only looks the "
        "articles up, *engine* has them tagged too, *all* stores the rows.\n\n"
        + table(["articles", "of them to do", *parts], rows)
    )


def _lines(figures: dict[str, str]) -> str:
    """Figures of a benchmark that brings its own texts."""
    return "\n".join(figures.values())


_HEAD = """# Performance

Written by `make bench` from `docs/performance.json`; do not edit. Each part can be measured alone, by the command below it. Absolute
figures are this machine's; compare ratios. Where the load was high, processor seconds are dearer too (cores share caches), ratios less so.
"""

_PARTS: dict[str, tuple[str, str, Callable[[Any], str]]] = {
    "throughput": ("Throughput of the tagger", "python -m benchmarks.throughput", _throughput),
    "layers": ("Where the tagger's time goes", "python -m benchmarks.throughput", _layers),
    "screening": (
        "What a screen of sentences could save",
        "python -m benchmarks.screening",
        _lines,
    ),
    "run": ("A whole run", "python -m benchmarks.whole_run", _run),
    "workers": ("Several processes", "python -m benchmarks.workers", _lines),
    "startup": ("Start-up", "python -m benchmarks.startup", _startup),
    "growth": ("Growth", "python -m benchmarks.growth", _growth),
    "batches": ("Size of a batch", "python -m benchmarks.writing", _batches),
    "storage": ("Room of an article", "python -m benchmarks.storage", _storage),
    "indicators": ("Growth of the indicators", "python -m benchmarks.indicator_growth 0.01 0.1 1", _indicators),
    "driver": ("Memory of the driver", "python -m benchmarks.driver_memory", _driver),
    "publishing": ("Publishing", "python -m benchmarks.writing", _publishing),
}
