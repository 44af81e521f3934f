"""Runs in the calling process: what the command line starts, recorded in the same history as the runs of the web page.

What belongs here: the configuration of a run, starting it, and closing runs whose process is gone. What does not: when runs start by
themselves (``jobs``, ``sensors``).
"""

import os
import socket
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.errors import DagsterAssetCheckFailedError
from dagster._core.instance.ref import InstanceRef
from sqlalchemy.exc import DatabaseError

from automation.history import history_at_hand
from pipeline import last_run
from pipeline.errors import FaultlineError, WarehouseError
from pipeline.instance import prepare_dagster_home
from pipeline.progress import Progress
from pipeline.report.summary import RunResult
from pipeline.settings import Settings
from pipeline.warehouse.codings import ArticleSelection

DAILY, RETAG, BACKFILL = "daily", "retag", "backfill"
# Checks that fail where the next run tries again what this one could not.
_TRIED_AGAIN = frozenset({"sources_answer", "alerts_delivered"})
_PROCESS_TAG = "faultline/process"
_HOST_TAG = "faultline/host"
# What the command prints goes to its terminal. Dagster's default would copy it into files by helper processes that print tracebacks of
# their own at Ctrl-C and swallow what is said after it.
_NO_COPY_OF_OUTPUT = {
    "compute_logs": {"module": "dagster._core.storage.noop_compute_log_manager", "class": "NoOpComputeLogManager"}
}


def articles_config(paths: Sequence[Path], sources: Sequence[str] = (), *, again: bool = False) -> dict[str, object]:
    """Run configuration that makes raw/articles read these paths and declared sources."""
    config = {"paths": [str(p) for p in paths], "sources": list(sources), "again": again}
    return {"ops": {"raw__articles": {"config": config}}}


def folder_config(folder: Path, most_files: int) -> dict[str, object]:
    """Run configuration that makes raw/articles read the next files of a folder."""
    return {"ops": {"raw__articles": {"config": {"folder": str(folder), "most_files": most_files}}}}


def coding_config(selection: ArticleSelection) -> dict[str, object]:
    """Run configuration that makes core code these articles only."""
    config = {
        "published_from": str(selection.published_from or ""),
        "published_to": str(selection.published_to or ""),
        "sources": list(selection.sources),
        "actors": list(selection.actors),
    }
    return {"ops": {"core": {"config": config}}}


def bury_dead_runs(instance: dg.DagsterInstance) -> None:
    """Close the runs of this machine's command line whose process is gone, and give their pool slots back.

    A run that was killed never says that it ended. With no daemon to notice, its slot in the pool ``duckdb_write`` would stay
    taken, and every later run would wait for it forever.
    """
    unfinished = dg.RunsFilter(
        statuses=[dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.NOT_STARTED],
        tags={_HOST_TAG: socket.gethostname()},
    )
    for run in instance.get_runs(unfinished):
        process = int(run.tags.get(_PROCESS_TAG, "0"))
        if process and process != os.getpid() and _is_alive(process):
            continue
        instance.report_run_failed(run, "The process of this run is gone: it was killed, or the machine went down.")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """A run that succeeded: its id, seconds, and what raw/articles and core/tagging_runs said of themselves.

    ``is_whole`` unless it left something for the next one to try again: a source to read or an alert to send.
    """

    run_id: str
    seconds: float
    numbers: Mapping[str, Any]
    is_whole: bool = True


def run_job(settings: Settings, job: str, config: Mapping[str, object], progress: Progress) -> FinishedRun:
    """Run a job in this process.

    Raises:
        FaultlineError: whatever a step raised; what was committed before stays.
        WarehouseError: Dagster's own storage cannot be written.
    """
    from pipeline.definitions import build_definitions

    started = time.perf_counter()
    try:
        home = prepare_dagster_home(settings)
    except OSError as error:
        msg = f"{settings.data_dir} cannot be written ({error.strerror}): set paths.data in faultline.toml to a folder of yours."
        raise WarehouseError(msg) from error
    try:
        last_run.forget(settings)
        definitions = build_definitions(settings=settings, progress=progress)
        history = InstanceRef.from_dir(str(home), overrides=_NO_COPY_OF_OUTPUT)
        with history_at_hand(), dg.DagsterInstance.from_ref(history) as instance:
            bury_dead_runs(instance)
            result = definitions.resolve_job_def(job).execute_in_process(
                instance=instance,
                tags={_PROCESS_TAG: str(os.getpid()), _HOST_TAG: socket.gethostname()},
                run_config={**config, "loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
    except (DatabaseError, sqlite3.Error) as error:
        cause = getattr(error, "orig", error)
        if not isinstance(cause, sqlite3.Error):
            raise
        msg = (
            f"Dagster's storage in {home} cannot be used ({cause}): `faultline doctor` looks at it. Check that the disk is not full "
            "and the folder may be written. What was committed stays; the same command goes on from there."
        )
        raise WarehouseError(msg) from error
    except OSError as error:
        msg = (
            f"Cannot read or write {error.filename or home} ({error.strerror or error}): check that the disk is not full and the "
            "folder may be written. What was committed stays; the same command goes on from there."
        )
        raise WarehouseError(msg) from error
    except DagsterAssetCheckFailedError as error:
        _, _, checks = str(error).partition("\n")
        msg = (
            f"Not published, the last snapshot stays: a check failed ({', '.join(checks.split(chr(10)))}). `faultline dev` shows in "
            "the run's checks which rows it refuses."
        )
        raise FaultlineError(msg) from error
    except dg.Failure as error:
        raise FaultlineError(error.description or str(error)) from error
    except dg.DagsterExecutionInterruptedError as error:
        raise KeyboardInterrupt from error
    numbers = {
        name: value.value
        for event in result.get_asset_materialization_events()
        if event.asset_key in (dg.AssetKey(["raw", "articles"]), dg.AssetKey(["core", "tagging_runs"]))
        for name, value in event.materialization.metadata.items()
    }
    is_whole = all(e.passed or e.check_name not in _TRIED_AGAIN for e in result.get_asset_check_evaluations())
    return FinishedRun(result.run_id, time.perf_counter() - started, numbers, is_whole)


def run_daily(
    settings: Settings, paths: Sequence[Path], progress: Progress, sources: Sequence[str] = (), *, again: bool = False
) -> RunResult:
    """The daily job in this process. A run that ends whole is remembered (``last_run``).

    Raises:
        FaultlineError: whatever a step raised; what was committed before stays.
    """
    made_from = last_run.made_from(settings, paths, sources)
    run = run_job(settings, DAILY, articles_config(paths, sources, again=again), progress)
    if run.is_whole:
        last_run.remember(settings, made_from)
    return _result(run)


def run_retag(settings: Settings, selection: ArticleSelection, progress: Progress) -> FinishedRun:
    """Code the selected articles with the present coder, build the marts and publish.

    Raises:
        FaultlineError: whatever a step raised; what was committed before stays.
    """
    return run_job(settings, RETAG, coding_config(selection), progress)


def run_backfill(
    settings: Settings, folder: Path, most_files: int, progress: Progress, most_runs: int | None = None
) -> Iterator[RunResult]:
    """Read a folder in portions of so many files, each a whole run that ends with a snapshot, until it is read.

    It may be stopped at any moment: the next call goes on with the files that no run has read to their end.

    Raises:
        FaultlineError: whatever a step raised; what was committed before stays.
    """
    runs = 0
    while most_runs is None or runs < most_runs:
        run = run_job(settings, BACKFILL, folder_config(folder, most_files), progress)
        runs += 1
        yield _result(run)
        if run.numbers["folder is read"]:
            return


def _result(run: FinishedRun) -> RunResult:
    n = run.numbers
    return RunResult(
        batch=run.run_id,
        read=n["read"],
        new=n["new"],
        known=n["already known"],
        reposts=n["reposts among the new"],
        rejected=n["rejected"] + n["could not be tagged"],
        failures=tuple(n["failures"].splitlines()),
        tagged=n["articles tagged"],
        other_language=n["left: other language"],
        seconds=run.seconds,
    )
