"""Sensors: what makes jobs start when something is there to do, and tells somebody when a run has failed.

What does not belong here: jobs and schedules (``jobs``), and the work itself.
"""

import hashlib
import json
import time
from pathlib import Path

import dagster as dg

from automation.runs import BACKFILL, DAILY, RETAG, articles_config
from pipeline.errors import WarehouseLockedError
from pipeline.ingest.catalog import open_fetcher
from pipeline.ingest.feed import feed_fingerprint
from pipeline.ingest.source import SourceFailedError
from pipeline.notify import Channels, send_failure
from pipeline.settings import FeedSection, Settings
from pipeline.tag.tagger import Tagger
from pipeline.warehouse.store import Warehouse

SEND_ALERTS = "send_alerts"
# A tick has 60 seconds by Dagster's default; the feed that is being asked last needs some of them.
_SECONDS_PER_TICK = 25
_CODING_JOBS = frozenset({DAILY, RETAG, BACKFILL})


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


def untagged_sensor(settings: Settings) -> dg.SensorDefinition:
    """Runs ``retag`` when there are articles that the present coder has not coded: read by hand, left by a killed run, or an upgrade.

    The run key is made of coder and articles: a run that fails without having coded one is not asked for again and again.
    """

    @dg.sensor(
        name="untagged",
        job_name=RETAG,
        minimum_interval_seconds=settings.schedule.untagged_seconds,
        description="Looks for articles that the present coder has not coded.",
    )
    def sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        warehouse = Warehouse.from_settings(settings, lock_timeout_seconds=5)
        if not warehouse.storage.exists():
            return dg.SkipReason("There is no warehouse yet.")
        if _is_coding(context.instance):
            return dg.SkipReason("A run is coding.")
        coder = Tagger.from_settings(settings).coder_version
        try:
            number, fingerprint = warehouse.untagged_state(coder)
        except WarehouseLockedError:
            return dg.SkipReason("Another process writes the warehouse; the next tick looks again.")
        if not number:
            return dg.SkipReason("Every article is coded by the present coder.")
        return dg.RunRequest(run_key=f"untagged-{coder}-{fingerprint}", tags={"faultline/untagged": str(number)})

    return sensor


def _is_coding(instance: dg.DagsterInstance) -> bool:
    unfinished = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]
    return any(run.job_name in _CODING_JOBS for run in instance.get_runs(dg.RunsFilter(statuses=unfinished), limit=50))


def backfill_sensor(backfill: object) -> dg.SensorDefinition:
    """Asks for the next portion of a folder when one is done, until the folder is read.

    Stopped by terminating the run or by switching this sensor off; launching the job again goes on where it stood.
    """

    @dg.run_status_sensor(
        run_status=dg.DagsterRunStatus.SUCCESS,
        name="backfill_goes_on",
        monitored_jobs=[backfill],  # type: ignore[list-item]
        request_job=backfill,  # type: ignore[arg-type]
        minimum_interval_seconds=15,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Asks for the next portion of a folder when one is done.",
    )
    def sensor(context: dg.RunStatusSensorContext) -> dg.RunRequest | dg.SkipReason:
        run = context.dagster_run
        for entry in context.instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION):
            event = entry.get_dagster_event()
            if event.asset_key == dg.AssetKey(["raw", "articles"]):
                is_read = event.step_materialization_data.materialization.metadata.get("folder is read")
                if is_read is not None and not is_read.value:
                    return dg.RunRequest(run_key=f"after-{run.run_id}", run_config=run.run_config)
        return dg.SkipReason("The folder is read.")

    return sensor


def alerts_sensor(settings: Settings) -> dg.SensorDefinition:
    """Runs ``send_alerts`` while the snapshot holds alerts that webhook or file did not take."""

    @dg.sensor(
        name="unsent_alerts",
        job_name=SEND_ALERTS,
        minimum_interval_seconds=settings.schedule.untagged_seconds,
        description="Sends alerts again that webhook or file did not take.",
    )
    def sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        if not Channels.from_settings(settings).are_there:
            return dg.SkipReason("faultline.toml names neither alerts.webhook nor alerts.file.")
        warehouse = Warehouse.from_settings(settings, lock_timeout_seconds=5)
        if not warehouse.storage.exists():
            return dg.SkipReason("There is no warehouse yet.")
        try:
            with warehouse.connect() as con:
                (waiting,) = con.execute("SELECT count(*) FROM core.alerts WHERE sent_at IS NULL").fetchall()[0]
        except WarehouseLockedError:
            return dg.SkipReason("Another process writes the warehouse; the next tick looks again.")
        return dg.RunRequest(tags={"faultline/alerts": str(waiting)}) if waiting else dg.SkipReason("All are sent.")

    return sensor


def failure_sensor(settings: Settings) -> dg.SensorDefinition:
    """Sends word of every failed run to webhook and file."""

    @dg.run_failure_sensor(
        name="run_failed",
        minimum_interval_seconds=15,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Sends word of failed runs to webhook and file.",
    )
    def sensor(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
        channels = Channels.from_settings(settings)
        if not channels.are_there:
            return dg.SkipReason("faultline.toml names neither alerts.webhook nor alerts.file.")
        run = context.dagster_run
        steps = [e.event_specific_data.error for e in context.get_step_failure_events()]  # type: ignore[union-attr]
        causes = [(e.cause or e).message.strip().splitlines()[0] for e in steps if e]
        send_failure(channels, run.job_name, run.run_id, causes[0] if causes else context.failure_event.message or "")
        return None

    return sensor
