"""Faultline: articles in, event data and relationship-tension indicators out.

Rooms: ``ingest`` (source -> Article), ``tag`` (Article -> TaggedArticle), ``knowledge`` (what the tagger knows, as data),
``warehouse`` (TaggedArticle -> DuckDB), ``sqlmodels`` (builds ``dbt_like_sql/``), ``report``. ``definitions``,
``automation`` and ``cli`` stand above them; nothing below imports Dagster.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("faultline")
except PackageNotFoundError:  # run from a bare source tree
    __version__ = "0+source"
