"""Counts attempts to sign in, in SQL: for all apis together, and over their restarts."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, insert, select

from daemons.api.credentials import digest_of
from daemons.api.database import Database
from daemons.api.tables import sign_in_attempts
from shared.errors import TooMany
from shared.vocabulary import new_id

_columns = sign_in_attempts.c


class Attempts:
    """At most `most` attempts for each key within `seconds`; of keys, only digests are kept."""

    def __init__(self, database: Database, *, most: int, seconds: float) -> None:
        self._database = database
        self._most = most
        self._life = timedelta(seconds=seconds)

    async def count(self, *keys: str) -> None:
        """Count one attempt for each key; raises TooMany if one of them is used up.

        An attempt that is refused leaves nothing behind: who is stopped can neither fill the table with new keys nor
        push out those of others. On PostgreSQL, attempts in the very same moment do not see each other.
        """
        now = datetime.now(UTC)
        rows = [{"id": new_id(), "key": digest_of(key), "at": now} for key in keys]
        used = select(_columns.key).where(_columns.key.in_([row["key"] for row in rows]))
        async with self._database.writing() as connection:
            await connection.execute(delete(sign_in_attempts).where(_columns.at <= now - self._life))
            if (await connection.execute(used.group_by(_columns.key).having(func.count() >= self._most))).first():
                raise TooMany("Too many attempts to sign in.", "Wait a quarter of an hour, or use a sign-in link.")
            await connection.execute(insert(sign_in_attempts), rows)
