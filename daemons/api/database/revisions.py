"""Which revision the tables have, which of them this program knows, and the way up to one.

Migrations only add (docs/decisions/0018), so tables of a newer revision serve an older program too.
"""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

TABLE = "alembic_version"  # where the database notes its revision


def revision_of(connection: Connection) -> str | None:
    """The revision of the database's tables; None if it has none."""
    return MigrationContext.configure(connection).get_current_revision()


def is_known(revision: str) -> bool:
    """Whether a migration of this program has led to the revision; others were made by a newer PageWright."""
    return any(script.revision == revision for script in ScriptDirectory.from_config(configuration()).walk_revisions())


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the tables up to a revision in the connection's transaction."""
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def configuration() -> Config:
    """Where the migrations are."""
    config = Config()
    config.set_main_option("script_location", f"{__package__}:migrations")
    return config
