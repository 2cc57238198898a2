"""Runs the migrations in the caller's transaction, so that a step that fails leaves nothing behind."""

from alembic import context

from daemons.api.database.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
