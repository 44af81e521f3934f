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

from pipeline.ingest.catalog import open_fetcher
from pipeline.ingest.feed import feed_fingerprint
from pipeline.ingest.source import SourceFailedError
from pipeline.instance import prepare_dagster_home
from pipeline.progress import Progress
from pipeline.report.summary import RunResult
from pipeline.settings import FeedSection, Schedule, Settings

DAILY = "daily"
# A tick has 60 seconds by Dagster's default; the feed that is being asked last needs some of them.
_SECONDS_PER_TICK = 25
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


def feeds_sensor(settings: Settings) -> dg.SensorDefinition:
    """Runs the daily job on the feeds that list something new.

    Feeds are asked with conditional requests, one after the other for as long as a tick may take; the next tick goes on where this
    one stopped. The cursor holds a fingerprint of each feed's entries; the run key is made of those that changed, so a tick that
    is repeated asks for the same run. A feed that fails keeps its fingerprint and is asked again by the next tick.
    """
    feeds = [s for s in settings.sources if isinstance(s, FeedSection)]

    @dg.sensor(
        name="feeds",
        job_name=DAILY,
        minimum_interval_seconds=settings.schedule.feeds_seconds,
        description=f"Asks {len(feeds)} feeds",
    )
    def sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        if not feeds:
            return dg.SkipReason("faultline.toml declares no feed.")
        known: dict[str, str] = json.loads(context.cursor) if context.cursor else {}
        asked = known.pop("", "")
        names = [f.name for f in feeds]
        first = (names.index(asked) + 1) % len(feeds) if asked in names else 0
        changed: dict[str, str] = {}
        until = time.monotonic() + _SECONDS_PER_TICK
        with open_fetcher(_in_a_hurry(settings)) as fetcher:
            for feed in [*feeds[first:], *feeds[:first]]:
                if time.monotonic() >= until:
                    break
                asked = feed.name
                try:
                    fingerprint = feed_fingerprint(feed.url, fetcher)
                except SourceFailedError as error:
                    context.log.warning("%s: %s", feed.name, error)
                    continue
                if known.get(feed.name) != fingerprint:
                    changed[feed.name] = fingerprint
        cursor = json.dumps({**{n: f for n, f in known.items() if n in names}, **changed, "": asked}, sort_keys=True)
        if not changed:
            return dg.SensorResult(skip_reason="No feed lists anything new.", cursor=cursor)
        key = hashlib.blake2b(json.dumps(changed, sort_keys=True).encode(), digest_size=12).hexdigest()
        request = dg.RunRequest(run_key=f"feeds-{key}", run_config=articles_config([], sorted(changed)))
        return dg.SensorResult(run_requests=[request], cursor=cursor)

    return sensor


def _in_a_hurry(settings: Settings) -> Settings:
    """Settings with which no feed can hold up a tick for longer than a tick may take; what fails is asked by the next one."""
    quick = {
        "tries": 1,
        "timeout_seconds": min(settings.http.timeout_seconds, 10),
        "total_seconds": 15,
        "longest_wait_seconds": 5,
    }
    return settings.model_copy(update={"http": settings.http.model_copy(update=quick)})


def articles_config(paths: Sequence[Path], sources: Sequence[str] = (), *, again: bool = False) -> dict[str, object]:
    """Run configuration that makes raw/articles read these paths and declared sources."""
    config = {"paths": [str(p) for p in paths], "sources": list(sources), "again": again}
    return {"ops": {"raw__articles": {"config": config}}}


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


def run_daily(
    settings: Settings, paths: Sequence[Path], progress: Progress, sources: Sequence[str] = (), *, again: bool = False
) -> RunResult:
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
            run_config={
                **articles_config(paths, sources, again=again),
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            },
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
        failures=tuple(numbers["failures"].splitlines()),
        tagged=numbers["articles tagged"],
        other_language=numbers["left: other language"],
        seconds=seconds,
    )
