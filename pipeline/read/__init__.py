"""Reading a published snapshot from Python: series, readings, events with their evidence, as pandas or Arrow.

What belongs here: looking rows up by actor, period and data set, and errors that say which name is unknown. What does not:
computing indicators (SQL under dbt_like_sql/) and phrasing or drawing them (``report``). ``from pipeline import open_snapshot`` brings it.
"""

from pipeline.read.actors import Actor
from pipeline.read.snapshot import About, Snapshot, open_snapshot

__all__ = ["About", "Actor", "Snapshot", "open_snapshot"]
