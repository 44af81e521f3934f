"""The only place where everything meets: assets, checks, jobs, schedules, sensors, resources.

Tests, the command line and production call the same ``build_definitions``; overrides replace single parts.
"""

from datetime import timedelta

import dagster as dg

from assets.alerts import core_alerts, published_alerts
from assets.changepoints import core_changepoints
from assets.checks import columns_are_as_declared, key_checks, newest_month_is_like_those_before
from assets.core import core_rows_are_sound, core_tables
from assets.imported import imported_events_asset
from assets.marts import model_assets
from assets.published import published_assets
from assets.raw import raw_articles
from assets.upkeep import maintenance_job
from automation.jobs import (
    backfill_job,
    daily_job,
    daily_schedule,
    maintenance_schedule,
    retag_job,
    send_alerts_job,
)
from automation.sensors import (
    alerts_sensor,
    backfill_sensor,
    failure_sensor,
    feeds_sensor,
    inbox_sensor,
    untagged_sensor,
)
from pipeline.progress import Progress
from pipeline.settings import Settings, load_settings
from pipeline.sqlmodels import load_project
from pipeline.warehouse.sources import relation_columns
from resources import resources_from


def build_definitions(
    *,
    settings: Settings | None = None,
    progress: Progress | None = None,
    executor: dg.ExecutorDefinition = dg.in_process_executor,
) -> dg.Definitions:
    """All definitions.

    Args:
        settings: default: faultline.toml and the environment.
        progress: who is told how far long work is; default: Dagster's log.
        executor: where steps run. The default is one process: the spaCy model loads once, and ten small SQL steps take half a second
            instead of five.

    Raises:
        SettingsError: a setting cannot be used.
        SqlModelError: a SQL model breaks the contract.
    """
    settings = settings or load_settings()
    project = load_project(settings.models_dir, relation_columns())
    backfill = backfill_job()
    stale_after = timedelta(hours=settings.schedule.stale_hours)
    return dg.Definitions(
        assets=[
            raw_articles.map_asset_specs(
                lambda spec: spec.replace_attributes(
                    freshness_policy=dg.FreshnessPolicy.time_window(fail_window=stale_after)
                )
            ),
            core_tables,
            imported_events_asset,
            core_changepoints,
            model_assets(project),
            core_alerts,
            *published_assets(project, stale_after),
            published_alerts,
        ],
        asset_checks=[
            core_rows_are_sound,
            columns_are_as_declared,
            newest_month_is_like_those_before,
            *(key_checks() if settings.warehouse.kind == "ducklake" else []),
        ],
        jobs=[daily_job(), retag_job(), backfill, send_alerts_job(), maintenance_job],  # type: ignore[list-item]
        schedules=[daily_schedule(settings.schedule), maintenance_schedule(settings.schedule)],
        sensors=[
            inbox_sensor(settings.at(settings.paths.inbox), settings.schedule.inbox_seconds),
            feeds_sensor(settings),
            untagged_sensor(settings),
            backfill_sensor(backfill),
            alerts_sensor(settings),
            failure_sensor(settings),
        ],
        resources={**resources_from(settings), "progress": progress},
        loggers={"console": dg.json_console_logger if settings.logging.format == "json" else dg.colored_console_logger},
        executor=executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What Dagster's web page and daemon load."""
    return build_definitions()
