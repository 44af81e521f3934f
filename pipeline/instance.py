"""Where Dagster keeps its own storage, for the command line and the web page alike."""

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.settings import Settings

PROJECT = Path(__file__).parent.parent


def prepare_dagster_home(settings: "Settings") -> Path:
    """Make the data folder's ``dagster/`` this process's DAGSTER_HOME, with the project's dagster.yaml; a home set before stays.

    Runs of the command line and of the web page then share one history.
    """
    if home := os.environ.get("DAGSTER_HOME"):
        return Path(home)
    folder = settings.data_dir.resolve() / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(PROJECT / "dagster.yaml", folder / "dagster.yaml")
    os.environ["DAGSTER_HOME"] = str(folder)
    return folder
