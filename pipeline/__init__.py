"""Faultline: articles in, event data and relationship-tension indicators out.

Rooms: ``ingest`` (source -> Article), ``tag`` (Article -> TaggedArticle), ``knowledge`` (what the tagger knows, as data),
``warehouse`` (TaggedArticle -> DuckDB), ``sqlmodels`` (builds ``dbt_like_sql/``), ``report``. ``definitions``,
``automation`` and ``cli`` stand above them; nothing below imports Dagster.

``from pipeline import open_snapshot`` is the way in for programs and notebooks (docs/api.md). It loads neither spaCy nor Dagster, and
``import pipeline`` loads nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.errors import FaultlineError, UnknownNameError
    from pipeline.read import About, Actor, Snapshot, open_snapshot

__all__ = ["About", "Actor", "FaultlineError", "Snapshot", "UnknownNameError", "__version__", "open_snapshot"]
_ERRORS = {"FaultlineError", "UnknownNameError"}

__version__: str


def __getattr__(name: str) -> Any:
    # Looked up when asked for: importlib.metadata takes a third of the time of --help.
    if name == "__version__":
        return _version()
    if name not in __all__:
        msg = f"module 'pipeline' has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module("pipeline.errors" if name in _ERRORS else "pipeline.read"), name)


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("faultline")
    except PackageNotFoundError:  # run from a bare source tree
        return "0+source"
