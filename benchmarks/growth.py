"""``python -m benchmarks.growth [1000 5000 20000]``: processor time and peak memory of ``tag`` and ``run`` over more and more articles.

Reuters-21578 has 18,700 distinct texts: a larger number takes them all.
"""

import sys
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.corpora import articles, write_jsonl
from benchmarks.performance import record
from benchmarks.startup import timed

SIZES = (1000, 5000, 20_000)


def main() -> int:
    """Measure each size and write the page after each."""
    sizes = [int(a) for a in sys.argv[1:]] or SIZES
    figures: list[dict[str, Any]] = []
    for size in sizes:
        found = articles("Reuters")
        if found is None:
            print("  skipped: Reuters-21578 is not beside the repository")
            return 0
        some = list(islice(found, size))
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_jsonl(folder / "in.jsonl", some)
            for command in (["tag", "in.jsonl", "-o", "out.jsonl"], ["run", "in.jsonl"]):
                cpu, _, peak = timed(command, folder)
                figures.append({"command": command[0], "articles": len(some), "cpu": cpu, "peak_mb": peak})
                print(f"  {command[0]}, {len(some):,} articles: {cpu:,.0f} s, peak {peak:,.0f} MB", flush=True)
                record("growth", figures)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
