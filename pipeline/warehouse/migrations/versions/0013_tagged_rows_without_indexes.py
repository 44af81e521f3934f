"""Tables that the tagger fills keep no index of their keys.

Each batch that was stored rewrote the indexes of all rows before it, and they were more than half of the file. An article comes once since
what stores a batch looks its articles up in the same transaction; the check ``rows_are_sound`` counts keys.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_TABLES = (
    "tagging_runs",
    "sentences",
    "entities",
    "actor_mentions",
    "location_mentions",
    "date_mentions",
    "attack_counts",
    "events",
    "incidents",
    "relation_statements",
    "uncoded_events",
)
_KEYED = (
    "SELECT table_name FROM duckdb_constraints() WHERE database_name = current_database() AND schema_name = 'core' "
    "AND constraint_type = 'PRIMARY KEY'"
)
_COLUMNS = (
    "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns() "
    "WHERE database_name = current_database() AND schema_name = 'core' AND table_name = :table ORDER BY column_index"
)
_COMMENT = (
    "SELECT comment FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'core' "
    "AND table_name = :table"
)


def upgrade() -> None:
    """Copy each table into one without a key: DuckDB cannot drop one. A lake has none."""
    con = op.get_bind()
    keyed = {name for (name,) in con.execute(sa.text(_KEYED))}
    for table in (t for t in _TABLES if t in keyed):
        columns = con.execute(sa.text(_COLUMNS), {"table": table}).fetchall()
        comments = {f"TABLE core.{table}": con.execute(sa.text(_COMMENT), {"table": table}).scalar()}
        comments |= {f'COLUMN core.{table}."{name}"': comment for name, _, _, comment in columns}
        declared = ", ".join(f'"{name}" {kind}{"" if null else " NOT NULL"}' for name, kind, null, _ in columns)
        con.exec_driver_sql(f"CREATE TABLE core.keyless ({declared})")
        con.exec_driver_sql(f"INSERT INTO core.keyless BY NAME SELECT * FROM core.{table}")  # noqa: S608 - our own names
        con.exec_driver_sql(f"DROP TABLE core.{table}")
        con.exec_driver_sql(f"ALTER TABLE core.keyless RENAME TO {table}")
        for what, comment in comments.items():
            if comment is not None:
                quoted = str(comment).replace("'", "''")
                con.exec_driver_sql(f"COMMENT ON {what} IS '{quoted}'")
