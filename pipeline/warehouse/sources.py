"""The relations of the warehouse that SQL models may read, with their columns."""

from collections.abc import Mapping, Sequence

from pipeline.warehouse.schema import TAGGED_TABLES, full_name, metadata


def relation_columns() -> Mapping[str, Sequence[str]]:
    """Columns by full name: the tables of raw and core, and the ``core.current_*`` views."""
    tables = {full_name(t): [c.name for c in t.columns] for t in metadata.sorted_tables}
    views = {f"core.current_{t.name}": tables[full_name(t)] for t in TAGGED_TABLES}
    runs = {"core.current_runs": ["article_id", "coder_version", "tagged_at", "seconds"]}
    return {**tables, **views, **runs}
