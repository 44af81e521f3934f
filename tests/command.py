"""Runs the ``faultline`` command for tests."""

import os
import subprocess
import sys
from pathlib import Path


def faultline(*arguments: str | Path, cwd: Path, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it: a process of its own, without the settings of whoever runs the tests."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("FAULTLINE_", "DAGSTER_"))}
    return subprocess.run(
        [str(Path(sys.executable).with_name("faultline")), *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
