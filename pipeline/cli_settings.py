"""The settings, for commands. What belongs here: loading them late, because pydantic takes longer to import than ``--help`` may take."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.settings import Settings


def load_settings() -> "Settings":
    """The user's settings; see ``pipeline.settings.load_settings``."""
    from pipeline import settings

    return settings.load_settings()
