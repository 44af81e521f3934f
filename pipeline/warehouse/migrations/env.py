"""Alembic's entry: runs the migrations on the connection that ``upgrade`` hands over."""

from alembic import context

from pipeline.warehouse.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_schemas=True,
    transactional_ddl=True,
    # DuckDB alters no table that the same transaction has written to, so each migration is whole in itself.
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
