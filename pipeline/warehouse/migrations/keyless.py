"""The migrations on a database that has no primary keys: the same scripts, whose tables are made without them."""

from collections.abc import Callable
from typing import Any

import duckdb
from duckdb_sqlalchemy import ConnectionWrapper, DuckDBDDLCompiler
from sqlalchemy import Engine, PrimaryKeyConstraint, create_engine
from sqlalchemy.pool import NullPool


class _WithoutKeys(DuckDBDDLCompiler):
    """DDL as for DuckDB, but for the keys."""

    def visit_primary_key_constraint(self, constraint: PrimaryKeyConstraint, **kw: Any) -> str:
        """Nothing: SQLAlchemy leaves out what comes out empty."""
        return ""


def engine_without_keys(open_connection: Callable[[], duckdb.DuckDBPyConnection]) -> Engine:
    """An engine on connections that the caller opens."""
    engine = create_engine("duckdb://", creator=lambda: ConnectionWrapper(open_connection()), poolclass=NullPool)
    engine.dialect.ddl_compiler = _WithoutKeys
    engine.dialect.insert_returning = engine.dialect.update_returning = False  # DuckLake has no RETURNING
    return engine
