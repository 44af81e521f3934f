"""The only place where everything meets: assets, checks, jobs, schedule, sensor, resources.

Tests, the command line and production call the same ``build_definitions``; overrides replace single parts.
"""

import dagster as dg

from assets.changepoints import core_changepoints
from assets.core import core_rows_are_sound, core_tables
from assets.imported import imported_events_asset
from assets.marts import model_assets
from assets.published import published_assets
from assets.raw import raw_articles
from pipeline.automation import daily_job, daily_schedule, feeds_sensor, inbox_sensor
from pipeline.progress import Progress
from pipeline.settings import Settings, load_settings
from pipeline.sqlmodels import load_project
from pipeline.warehouse.sources import relation_columns
from resources import resources_from


def build_definitions(*, settings: Settings | None = None, progress: Progress | None = None) -> dg.Definitions:
    """All definitions.

    Args:
        settings: default: faultline.toml and the environment.
        progress: who is told how far long work is; default: Dagster's log.

    Raises:
        SettingsError: a setting cannot be used.
        SqlModelError: a SQL model breaks the contract.
    """
    settings = settings or load_settings()
    project = load_project(settings.models_dir, relation_columns())
    return dg.Definitions(
        assets=[
            raw_articles,
            core_tables,
            imported_events_asset,
            core_changepoints,
            *model_assets(project),
            *published_assets(project),
        ],
        asset_checks=[core_rows_are_sound],
        jobs=[daily_job()],  # type: ignore[list-item]
        schedules=[daily_schedule(settings.schedule)],
        sensors=[
            inbox_sensor(settings.at(settings.paths.inbox), settings.schedule.inbox_seconds),
            feeds_sensor(settings),
        ],
        resources={**resources_from(settings), "progress": progress},
        # One process: the spaCy model loads once, and ten small SQL steps take half a second instead of five.
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What Dagster's web page and daemon load."""
    return build_definitions()
