"""Sessions and API tokens: random secrets of which the database keeps only the sha256."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import ScalarSelect, and_, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from daemons.api.accounts.audit import record_action
from daemons.api.database.connection import Database
from daemons.api.database.tables import api_tokens, sessions
from shared.domain.errors import NotFound
from shared.domain.vocabulary import Record, new_id

SESSION_LIFE = timedelta(days=30)
_AGENT = 200  # characters kept of what a browser calls itself


class OpenSession(Record):
    """Where somebody is signed in; `agent` is what the browser called itself, empty if nobody noted it."""

    id: str
    agent: str
    created_at: datetime
    is_this: bool


class ApiToken(Record):
    """An API token as it can be listed: without the secret."""

    id: str
    name: str
    created_at: datetime


class NewApiToken(ApiToken):
    """A token that was just made; `token` is shown this once."""

    token: str


def new_secret(kind: str) -> str:
    """256 random bits behind a prefix by which a leaked one can be recognised."""
    return f"pw-{kind}-{secrets.token_urlsafe(32)}"


def digest_of(secret: str) -> str:
    """What the database keeps of a secret. It has too many bits to need salt or a slow hash."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


class Credentials:
    """Makes, finds and ends sessions and API tokens."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open_session(self, user_id: str, agent: str = "") -> str:
        """A new session's token, good for 30 days, for a browser that calls itself `agent`."""
        token = new_secret("session")
        now = datetime.now(UTC)
        life = {"created_at": now, "expires_at": now + SESSION_LIFE}
        row = {"digest": digest_of(token), "user_id": user_id, "agent": agent[:_AGENT].replace("\0", ""), **life}
        async with self._database.writing() as connection:
            await connection.execute(delete(sessions).where(sessions.c.expires_at < now))
            await connection.execute(insert(sessions).values(row))
        return token

    def user_of_session(self, token: str) -> ScalarSelect[str]:
        """A query for the id of the user whose session this is, if it has not ended."""
        good = (sessions.c.digest == digest_of(token), sessions.c.expires_at > datetime.now(UTC))
        return select(sessions.c.user_id).where(*good).scalar_subquery()

    async def sessions(self, user_id: str, this: str) -> list[OpenSession]:
        """Where the user is signed in, newest first; `this` is the token of the session that asks."""
        query = select(sessions).where(sessions.c.user_id == user_id, sessions.c.expires_at > datetime.now(UTC))
        async with self._database.reading() as connection:
            rows = (await connection.execute(query.order_by(sessions.c.created_at.desc()))).all()
        own = digest_of(this)
        return [
            OpenSession(id=row.digest, agent=row.agent or "", created_at=row.created_at, is_this=row.digest == own)
            for row in rows
        ]

    async def end_session_of(self, user_id: str, session_id: str, *, by: str) -> None:
        """Sign the user out there; raises NotFound if the user has no such session."""
        query = delete(sessions).where(sessions.c.digest == session_id, sessions.c.user_id == user_id)
        async with self._database.writing() as connection:
            if not (await connection.execute(query)).rowcount:
                raise NotFound("You are not signed in there.", "List your sessions to see their ids.")
            await record_action(connection, by, "session.end")

    async def end_session(self, token: str) -> None:
        """Whoever has this token is signed out."""
        async with self._database.writing() as connection:
            await connection.execute(delete(sessions).where(sessions.c.digest == digest_of(token)))

    async def end_other_sessions(self, connection: AsyncConnection, user_id: str, kept: str) -> None:
        """Everybody who is signed in as this user is signed out, except where this session's token is."""
        others = and_(sessions.c.user_id == user_id, sessions.c.digest != digest_of(kept))
        await connection.execute(delete(sessions).where(others))

    async def create_token(self, user_id: str, name: str, *, by: str) -> NewApiToken:
        """A new API token that may do whatever its user may."""
        token = NewApiToken(id=new_id(), name=name, created_at=datetime.now(UTC), token=new_secret("token"))
        row = {**token.model_dump(exclude={"token"}), "user_id": user_id, "digest": digest_of(token.token)}
        async with self._database.writing() as connection:
            await connection.execute(insert(api_tokens).values(row))
            await record_action(connection, by, "token.create", token=token.id, name=name)
        return token

    async def tokens(self, user_id: str) -> list[ApiToken]:
        """The user's tokens, oldest first."""
        columns = (api_tokens.c.id, api_tokens.c.name, api_tokens.c.created_at)
        query = select(*columns).where(api_tokens.c.user_id == user_id).order_by(api_tokens.c.id)
        async with self._database.reading() as connection:
            return [ApiToken.model_validate(dict(row)) for row in (await connection.execute(query)).mappings()]

    async def revoke_token(self, user_id: str, token_id: str, *, by: str) -> None:
        """The token stops working; raises NotFound if the user has no such token."""
        query = delete(api_tokens).where(api_tokens.c.id == token_id, api_tokens.c.user_id == user_id)
        async with self._database.writing() as connection:
            if not (await connection.execute(query)).rowcount:
                raise NotFound("You have no such token.", "List your tokens to see their ids.")
            await record_action(connection, by, "token.revoke", token=token_id)

    def user_of_token(self, token: str) -> ScalarSelect[str]:
        """A query for the id of the user whose API token this is."""
        return select(api_tokens.c.user_id).where(api_tokens.c.digest == digest_of(token)).scalar_subquery()
