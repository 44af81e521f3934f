"""``python -m benchmarks.whole_run [CORPUS …]``: one ``faultline run`` over a corpus, with processor seconds by part.

The run is the real one, in a process of its own with an empty data folder; functions at the borders of the parts are timed.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

from benchmarks.corpora import CORPORA, sample, words, write_jsonl
from benchmarks.performance import record

# Fewer, and what a run costs however little it reads covers the rest.
MOST_WORDS = 650_000


class Parts:
    """Processor seconds by part; a part that calls another does not count it."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._at = "imports, Dagster, the rest"
        self._since = 0.0  # of the process: what was spent before counts as imports

    def _switch(self, to: str) -> str:
        now = time.process_time()
        before = self._at
        self.seconds[before] = self.seconds.get(before, 0) + now - self._since
        self._at, self._since = to, now
        return before

    def time(self, owner: Any, name: str, part: str) -> None:
        """Count a function of a module or class under a part."""
        call = getattr(owner, name)

        @wraps(call)
        def timed(*args: Any, **kwargs: Any) -> Any:
            before = self._switch(part)
            try:
                return call(*args, **kwargs)
            finally:
                self._switch(before)

        setattr(owner, name, timed)

    def time_iterator(self, owner: Any, name: str, part: str) -> None:
        """The same for one that yields: what its consumer does in between is the consumer's."""
        call: Callable[..., Iterator[Any]] = getattr(owner, name)

        @wraps(call)
        def timed(*args: Any, **kwargs: Any) -> Iterator[Any]:
            items = call(*args, **kwargs)
            while True:
                before = self._switch(part)
                try:
                    item = next(items, self)
                finally:
                    self._switch(before)
                if item is self:
                    return
                yield item

        setattr(owner, name, timed)

    def stop(self) -> dict[str, float]:
        """Seconds by part until now."""
        self._switch(self._at)
        return self.seconds


def _child(file: Path) -> dict[str, Any]:
    parts = Parts()
    import assets.core
    import assets.marts
    import assets.published
    import assets.raw
    from automation.runs import run_daily
    from pipeline import console, steps
    from pipeline.settings import load_settings
    from pipeline.tag.tagger import Tagger
    from pipeline.warehouse.store import Warehouse
    from pipeline.workers.coder import Coder

    parts.time(assets.raw, "ingest", "reading and storing articles")
    parts.time(steps, "compare_texts", "near-duplicates")
    parts.time_iterator(Tagger, "tag", "tagging")
    parts.time(Coder, "code", "rows of what was tagged")
    parts.time(Warehouse, "store_batch", "storing what was tagged")
    parts.time(assets.core, "load_knowledge", "reference tables")
    parts.time(assets.core, "join_variants", "spellings of names")
    parts.time_iterator(assets.marts, "building", "models")
    parts.time(assets.marts, "run_tests", "tests of the models")
    parts.time(assets.marts, "column_lineage", "lineage of columns")
    parts.time(assets.published, "publish", "snapshot")
    parts.time(assets.published, "week_briefing", "report")
    parts.time(assets.published, "write_briefing", "report")
    run_daily(load_settings(), [file], console.progress_bar)
    return {"parts": parts.stop(), "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


# What grows with the articles, apart from tagging them.
_WORK = ("reading and storing articles", "near-duplicates", "rows of what was tagged", "storing what was tagged", "spellings of names", "models", "tests of the models", "snapshot")  # fmt: skip


def main() -> int:
    """Measure the named corpora, or the larger ones, and write the page."""
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(_child(Path(sys.argv[2]).absolute())))
        return 0
    figures: dict[str, Any] = {}
    for corpus in sys.argv[1:] or [c for c in CORPORA if c not in ("bundled", "long pieces")]:
        articles = sample(corpus, MOST_WORDS)
        if articles is None:
            figures[corpus] = None
            print(f"  {corpus}: skipped, it is not beside the repository")
            continue
        with tempfile.TemporaryDirectory() as name:
            file = Path(name) / "in.jsonl"
            write_jsonl(file, articles)
            command = [sys.executable, "-m", "benchmarks.whole_run", "--child", str(file)]
            environment = {"FAULTLINE_PATHS__DATA": f"{name}/data"}
            said = subprocess.run(command, stdout=subprocess.PIPE, check=True, env={**_environment(), **environment})  # noqa: S603
        made = json.loads(said.stdout)
        made |= {"articles": len(articles), "words": sum(map(words, articles)), "work": sum(made["parts"].get(p, 0) for p in _WORK)}  # fmt: skip
        figures[corpus] = made
        print(f"  {corpus}: reading, writing, marts and snapshot {made['work'] / made['parts']['tagging']:.1%} of tagging")  # fmt: skip
    record("run", figures, beside=True)
    return 0


def _environment() -> dict[str, str]:
    import os

    return {k: v for k, v in os.environ.items() if not k.startswith(("FAULTLINE_", "DAGSTER_"))}


if __name__ == "__main__":
    raise SystemExit(main())
