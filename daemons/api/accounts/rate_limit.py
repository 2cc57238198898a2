"""Counts what strangers may try only so often, such as to sign in, in SQL: for all apis, and over their restarts."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, insert, select

from daemons.api.accounts.credentials import digest_of
from daemons.api.database.connection import Database
from daemons.api.database.tables import sign_in_attempts
from shared.domain.errors import TooMany
from shared.domain.vocabulary import new_id

_columns = sign_in_attempts.c


class RateLimit:
    """Attempts within the last `seconds`, each counted for several keys; of keys, only digests are kept."""

    def __init__(self, database: Database, *, seconds: float) -> None:
        self._database = database
        self._life = timedelta(seconds=seconds)

    async def note(self, limits: Mapping[str, int]) -> list[str]:
        """Count an attempt before it is made, for each key; gives what `forget` wants if it succeeds.

        Raises TooMany if a key has as many as its limit, however many are made in the same moment. An attempt that is
        refused leaves nothing behind: who is stopped can neither fill the table with new keys nor use up those of
        others.
        """
        now = datetime.now(UTC)
        most = {digest_of(key): limit for key, limit in limits.items()}
        ids = [new_id() for _ in most]
        rows = [{"id": number, "key": key, "at": now} for number, key in zip(ids, most, strict=True)]
        counts = select(_columns.key, func.count()).where(_columns.key.in_(most)).group_by(_columns.key)
        async with self._database.writing_alone(sign_in_attempts) as connection:
            await connection.execute(delete(sign_in_attempts).where(_columns.at <= now - self._life))
            if any(count >= most[key] for key, count in (await connection.execute(counts)).all()):
                raise TooMany("Too many attempts.", "Wait a quarter of an hour, or use a sign-in link.")
            await connection.execute(insert(sign_in_attempts), rows)
        return ids

    async def forget(self, noted: list[str]) -> None:
        """The attempt has succeeded: it no longer counts."""
        async with self._database.writing() as connection:
            await connection.execute(delete(sign_in_attempts).where(_columns.id.in_(noted)))
