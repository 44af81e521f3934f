"""Jobs and schedules: which part of the graph runs together, and when it runs by itself.

What does not belong here: sensors (``sensors``), and runs of the command line (``runs``).
"""

import dagster as dg

from automation.runs import BACKFILL, DAILY, RETAG
from automation.sensors import SEND_ALERTS
from pipeline.settings import Schedule

_ARTICLES = dg.AssetSelection.assets(["raw", "articles"])


def daily_job() -> object:
    """Everything, in order: articles, core, marts, published."""
    return dg.define_asset_job(
        DAILY,
        dg.AssetSelection.all(),
        description="Read new articles, tag them, build the marts, publish the snapshot.",
    )


def retag_job() -> object:
    """All but reading, for articles that the run's configuration selects; older codings are kept."""
    return dg.define_asset_job(
        RETAG,
        dg.AssetSelection.all() - _ARTICLES,
        description="Code articles with the present coder (config of core: window, sources, actors), build the marts, publish.",
    )


def backfill_job() -> object:
    """Everything, for the next files of a folder; the sensor ``backfill_goes_on`` asks for the portion after it."""
    return dg.define_asset_job(
        BACKFILL,
        dg.AssetSelection.all(),
        description="Read the next files of a folder of years (config of raw__articles: folder, most_files), then as daily.",
        config={"ops": {"raw__articles": {"config": {"folder": "archive", "most_files": 500}}}},
    )


def send_alerts_job() -> object:
    """Only sending."""
    return dg.define_asset_job(
        SEND_ALERTS,
        dg.AssetSelection.assets(["published", "alerts"]),
        description="Send alerts that webhook or file did not take.",
    )


def daily_schedule(schedule: Schedule) -> dg.ScheduleDefinition:
    """The daily job at the time that the settings name. Off until switched on in the UI."""
    return dg.ScheduleDefinition(
        name="daily_schedule", job_name=DAILY, cron_schedule=schedule.cron, execution_timezone=schedule.timezone
    )


def maintenance_schedule(schedule: Schedule) -> dg.ScheduleDefinition:
    """The maintenance job at the time that the settings name. Off until switched on in the UI."""
    return dg.ScheduleDefinition(
        name="maintenance_schedule",
        job_name="maintenance",
        cron_schedule=schedule.maintenance_cron,
        execution_timezone=schedule.timezone,
    )
