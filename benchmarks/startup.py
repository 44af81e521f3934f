"""``python -m benchmarks.startup``: how long commands take that have nothing or little to do."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.corpora import ROOT
from benchmarks.performance import record

COMMAND = str(Path(sys.executable).with_name("faultline"))
RUNS = 7


def timed(arguments: list[str], cwd: Path) -> tuple[float, float, float]:
    """Processor seconds, seconds of the clock and peak megabytes of one command, without the user's settings.

    Raises:
        RuntimeError: it failed.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("FAULTLINE_", "DAGSTER_"))}
    started = time.perf_counter()
    process = subprocess.Popen([COMMAND, *arguments], cwd=cwd, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 # fmt: skip
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        msg = f"faultline {' '.join(arguments)} ended with {process.returncode}"
        raise RuntimeError(msg)
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - started, usage.ru_maxrss / 1024


def main() -> int:
    """Measure and write the page."""
    figures = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "one.jsonl").write_text('{"doc_id": "1", "text": "Ghana condemned Togo.", "published": "2021-05-06"}\n', encoding="utf-8")  # fmt: skip
        examples = str(ROOT / "examples")
        for what, arguments, runs in (
            ("`faultline --help`", ["--help"], RUNS),
            ("`faultline tag` of one sentence: model and knowledge load", ["tag", "one.jsonl", "-o", "out.jsonl"], 3),
            ("the first `faultline run` on the examples", ["run", examples], 1),
            ("the next one, with nothing new", ["run", examples], RUNS),
            ("the same with `--force`", ["run", examples, "--force"], 1),
        ):
            took = [timed(arguments, folder) for _ in range(runs)]
            cpu, clock = (statistics.median(t[i] for t in took) for i in (0, 1))
            figures[what] = {"cpu": cpu, "clock": clock, "runs": runs}
            print(f"  {what}: {cpu:.2f} s of the processor, {clock:.2f} s", flush=True)
            record("startup", figures)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
