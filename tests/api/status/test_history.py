"""What SQL tells for the status."""

import asyncio
from pathlib import Path

from sqlalchemy import text

from daemons.api.database.connection import open_database
from daemons.api.status.asking import ask
from daemons.api.status.history import recent_history


def test_a_database_that_breaks_is_told_and_nothing_is_raised(tmp_path: Path) -> None:
    async def run() -> None:
        async with open_database(f"sqlite:///{tmp_path}/api.sqlite") as database:
            told = await ask("The database", recent_history(database))
            assert told.value and told.value.publications == []
            async with database.writing() as connection:
                await connection.execute(text("DROP TABLE audit"))
            told = await ask("The database", recent_history(database))
            assert told.value is None
            assert told.error and told.error.detail == "The database can't be used right now."

    asyncio.run(run())
