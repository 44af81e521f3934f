"""Jobs, schedules and sensors: when the graph runs by itself, and the same job run in the calling process."""

import hashlib
import json
import os
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from pipeline.instance import prepare_dagster_home
from pipeline.progress import Progress
from pipeline.report.summary import RunResult
from pipeline.settings import Schedule, Settings

DAILY = "daily"
_PROCESS_TAG = "faultline/process"
_HOST_TAG = "faultline/host"


def daily_job() -> object:
    """Everything, in order: articles, core, marts, published."""
    return dg.define_asset_job(
        DAILY,
        dg.AssetSelection.all(),
        description="Read new articles, tag them, build the marts, publish the snapshot.",
    )


def daily_schedule(schedule: Schedule) -> dg.ScheduleDefinition:
    """The daily job at the time that the settings name. Off until switched on in the UI."""
    return dg.ScheduleDefinition(
        name="daily_schedule", job_name=DAILY, cron_schedule=schedule.cron, execution_timezone=schedule.timezone
    )


def inbox_sensor(inbox: Path, seconds: int) -> dg.SensorDefinition:
    """Runs the daily job on the inbox when its files change.

    While a file is being written (changed within the last second) it waits for the next tick. The run key is a fingerprint of names, sizes and times, so a tick that is repeated asks for the same run.
    """

    @dg.sensor(name="inbox", job_name=DAILY, minimum_interval_seconds=seconds, description=f"Watches {inbox}")
    def sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        if not inbox.is_dir():
            return dg.SkipReason(f"There is no folder {inbox}: create it and put articles there.")
        files = sorted(f for f in inbox.rglob("*") if f.is_file() and not f.name.startswith("."))
        settled = [f for f in files if time.time() - f.stat().st_mtime >= 1]
        if len(settled) < len(files):
            return dg.SkipReason("A file is just being written; the next tick looks again.")
        state = json.dumps([(str(f), f.stat().st_size, f.stat().st_mtime_ns) for f in files])
        fingerprint = hashlib.blake2b(state.encode(), digest_size=12).hexdigest()
        if not files or fingerprint == context.cursor:
            return dg.SkipReason(f"Nothing new in {inbox}.")
        return dg.SensorResult(
            run_requests=[dg.RunRequest(run_key=fingerprint, run_config=articles_config([inbox]))], cursor=fingerprint
        )

    return sensor


def articles_config(paths: Sequence[Path]) -> dict[str, object]:
    """Run configuration that makes raw/articles read these paths."""
    return {"ops": {"raw__articles": {"config": {"paths": [str(p) for p in paths]}}}}


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


def run_daily(settings: Settings, paths: Sequence[Path], progress: Progress) -> RunResult:
    """The daily job in this process, recorded in the same history as the runs of the web page.

    Raises:
        FaultlineError: whatever a step raised; what was committed before stays.
    """
    from pipeline.definitions import build_definitions

    prepare_dagster_home(settings)
    definitions = build_definitions(settings=settings, progress=progress)
    started = time.perf_counter()
    with dg.DagsterInstance.get() as instance:
        bury_dead_runs(instance)
        result = definitions.resolve_job_def(DAILY).execute_in_process(
            instance=instance,
            tags={_PROCESS_TAG: str(os.getpid()), _HOST_TAG: socket.gethostname()},
            run_config={**articles_config(paths), "loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    seconds = time.perf_counter() - started
    numbers: dict[str, Any] = {
        name: value.value
        for event in result.get_asset_materialization_events()
        if event.asset_key in (dg.AssetKey(["raw", "articles"]), dg.AssetKey(["core", "tagging_runs"]))
        for name, value in event.materialization.metadata.items()
    }
    return RunResult(
        batch=result.run_id,
        read=numbers["read"],
        new=numbers["new"],
        known=numbers["already known"],
        reposts=numbers["reposts among the new"],
        rejected=numbers["rejected"],
        tagged=numbers["articles tagged"],
        other_language=numbers["left: other language"],
        seconds=seconds,
    )
