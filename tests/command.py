"""Runs the ``faultline`` command for tests."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

# What the command is told beside the arguments, by the folder that it runs in: settings of a lake under `pytest --warehouse ducklake`.
settings_of: Callable[[Path], dict[str, str]] = lambda folder: {}  # noqa: E731 - replaced by tests/conftest.py


def environment(folder: Path) -> dict[str, str]:
    """The environment of a user whose data lie in the folder, without the settings of whoever runs the tests."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("FAULTLINE_", "DAGSTER_"))}
    return {**clean, **settings_of(folder)}


def faultline(*arguments: str | Path, cwd: Path, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it: a process of its own."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("faultline")), *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        env=environment(cwd),
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
