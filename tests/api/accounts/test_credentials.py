"""Secrets that are handed out: what is kept of them, and when they stop working."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import ScalarSelect, select, update

from daemons.api.accounts.credentials import SESSION_LIFE, Credentials, digest_of, new_secret
from daemons.api.database.connection import Database
from daemons.api.database.tables import api_tokens, sessions
from shared.domain.errors import NotFound
from tests.api.small_database import ANA, BEN, small_database


async def found(database: Database, query: ScalarSelect[str]) -> str | None:
    async with database.reading() as connection:
        return (await connection.execute(select(query))).scalar_one()


def test_secrets_are_recognised_and_never_repeat() -> None:
    made = {new_secret("token") for _ in range(100)}
    assert len(made) == 100
    assert all(secret.startswith("pw-token-") and len(secret) == 52 for secret in made)
    assert digest_of("\ud800") == digest_of("?"), "what is no text is a wrong secret, and no error"


def test_a_session_ends_after_its_time(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path) as database:
            credentials = Credentials(database)
            token = await credentials.open_session(ANA.id)
            assert await found(database, credentials.user_of_session(token)) == ANA.id
            async with database.reading() as connection:
                (row,) = (await connection.execute(sessions.select())).all()
            assert row.expires_at - row.created_at == SESSION_LIFE
            async with database.writing() as connection:
                past = datetime.now(UTC) - timedelta(seconds=1)
                await connection.execute(update(sessions).values(expires_at=past))
            assert await found(database, credentials.user_of_session(token)) is None
            await credentials.open_session(BEN.id)
            async with database.reading() as connection:
                assert [row.user_id for row in await connection.execute(sessions.select())] == [BEN.id]

    asyncio.run(run())


def test_other_sessions_end_and_one_stays(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path) as database:
            credentials = Credentials(database)
            kept, other, bens = [await credentials.open_session(user.id) for user in (ANA, ANA, BEN)]
            async with database.writing() as connection:
                await credentials.end_other_sessions(connection, ANA.id, kept)
            owners = [await found(database, credentials.user_of_session(token)) for token in (kept, other, bens)]
            assert owners == [ANA.id, None, BEN.id]
            await credentials.end_session(kept)
            assert await found(database, credentials.user_of_session(kept)) is None

    asyncio.run(run())


def test_a_token_is_its_users_to_revoke(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path) as database:
            credentials = Credentials(database)
            made = await credentials.create_token(ANA.id, "laptop", by=ANA.email)
            assert await found(database, credentials.user_of_token(made.token)) == ANA.id
            async with database.reading() as connection:
                (row,) = (await connection.execute(api_tokens.select())).mappings().all()
            assert made.token not in str(dict(row))
            with pytest.raises(NotFound, match="no such token"):
                await credentials.revoke_token(BEN.id, made.id, by=BEN.email)
            assert [token.id for token in await credentials.tokens(ANA.id)] == [made.id]
            await credentials.revoke_token(ANA.id, made.id, by=ANA.email)
            assert await found(database, credentials.user_of_token(made.token)) is None

    asyncio.run(run())
