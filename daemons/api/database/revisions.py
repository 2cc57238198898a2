"""Which revision the tables have, which of them this program knows, and the way up to one.

Migrations only add (docs/decisions/0018), so tables of a newer revision serve an older program too. Alembic is loaded
for a step alone: it would be a third of what each start of the api and each operator's command takes.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, column, inspect, select, table

if TYPE_CHECKING:
    from alembic.config import Config

TABLE = "alembic_version"  # where the database notes its revision
_STEPS = Path(__file__).with_name("migrations") / "versions"
# Each step's file is named by its revision.
REVISIONS = tuple(sorted(file.name.partition("_")[0] for file in _STEPS.glob("[0-9]*.py")))


def revision_of(connection: Connection) -> str | None:
    """The revision of the database's tables; None if it has none."""
    if not inspect(connection).has_table(TABLE):
        return None
    revision: str | None = connection.scalar(select(column("version_num")).select_from(table(TABLE)))
    return revision


def is_known(revision: str) -> bool:
    """Whether a migration of this program has led to the revision; others were made by a newer PageWright."""
    return revision in REVISIONS


def upgrade(connection: Connection, revision: str = REVISIONS[-1]) -> None:
    """Bring the tables up to a revision in the connection's transaction."""
    if revision_of(connection) == revision:
        return
    from alembic import command  # noqa: PLC0415

    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def configuration() -> "Config":
    """Where the migrations are."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", f"{__package__}:migrations")
    return config
