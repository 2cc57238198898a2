"""Idempotency-Key: a request that is sent twice takes effect once and gets the same answer (for 24 hours).

The key is claimed in SQL before the work begins, with the id that the new thing will have. If the process dies in
between, a repetition takes the claim over after a minute and uses the same id, so that the thing is not made twice.
"""

import asyncio
import hashlib
import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from daemons.api.accounts.accounts import Account
from daemons.api.database.connection import Database
from daemons.api.database.tables import idempotency_keys
from shared.domain.errors import Conflict, InvalidInput
from shared.domain.vocabulary import Record, new_id

_LIFE = timedelta(hours=24)
_TAKE_OVER_AFTER = timedelta(minutes=1)
_WAIT_SECONDS = 20.0
_PAUSE_SECONDS = 0.05
_KEY = re.compile(r"[\x21-\x7e]{1,200}")

_columns = idempotency_keys.c


@dataclass(frozen=True)
class StoredResponse:
    """What was answered, and will be again; a body of None was secret and is not kept."""

    status: int
    location: str | None
    body: str | None


class _Claim(Record):
    request: str
    made: str
    claimed_at: datetime
    status: int | None
    location: str | None
    body: str | None


class KeyReused(Conflict):
    """The key was used for another request."""


class Idempotency:
    """Answers repeated requests from the first one's answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def once(
        self, user: Account, key: str, request: str, work: Callable[[str], Awaitable[StoredResponse]], *, secret: bool
    ) -> StoredResponse:
        """The answer of `work`, called with the id for what it makes, unless this key was answered before.

        `request` stands for everything that was asked. Raises KeyReused if the key was used for another request.
        An error frees the key. With `secret`, the answer's body is not kept, and a repetition raises Conflict.
        """
        if not _KEY.fullmatch(key):
            raise InvalidInput("The Idempotency-Key is not usable.", "Send 1 to 200 visible ASCII characters.")
        row = and_(_columns.user_id == user.id, _columns.key == key)
        digest = hashlib.sha256(request.encode(errors="surrogatepass")).hexdigest()
        claimed = await self._claim(user, key, digest, row)
        if isinstance(claimed, StoredResponse):
            return claimed
        try:
            answer = await work(claimed)
        except BaseException:
            await self._free(row)
            raise
        kept = {"status": answer.status, "location": answer.location, "body": None if secret else answer.body}
        async with self._database.writing() as connection:
            await connection.execute(update(idempotency_keys).where(row).values(kept))
        return answer

    async def is_answered(self, user: Account, key: str) -> bool | None:
        """Whether a request with this key was carried out; None while it is."""
        claim = await self._find(and_(_columns.user_id == user.id, _columns.key == key))
        if claim is None or datetime.now(UTC) - claim.claimed_at > _TAKE_OVER_AFTER:
            return claim is not None and claim.status is not None
        return None if claim.status is None else True

    async def _claim(self, user: Account, key: str, request: str, row: ColumnElement[bool]) -> StoredResponse | str:
        """The id for the thing to make if the key is ours now, else the first one's answer once it is there."""
        deadline = time.monotonic() + _WAIT_SECONDS
        while True:
            made = await self._insert(user, key, request) or await self._take_over(row)
            if made:
                return made
            claim = await self._find(row)
            if claim and claim.request != request:
                raise KeyReused("This Idempotency-Key was used for another request.", "Use a new key.")
            if claim and claim.status is not None:
                return _stored_response(claim)
            if time.monotonic() > deadline:
                raise Conflict("The first request with this Idempotency-Key is not done.", "Try again in a moment.")
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _insert(self, user: Account, key: str, request: str) -> str | None:
        now, made = datetime.now(UTC), new_id()
        row = {"user_id": user.id, "key": key, "request": request, "made": made, "created_at": now, "claimed_at": now}
        try:
            async with self._database.writing() as connection:
                await connection.execute(delete(idempotency_keys).where(_columns.created_at < now - _LIFE))
                await connection.execute(insert(idempotency_keys).values(row))
        except IntegrityError:
            return None
        return made

    async def _take_over(self, row: ColumnElement[bool]) -> str | None:
        now = datetime.now(UTC)
        stale = and_(row, _columns.status.is_(None), _columns.claimed_at < now - _TAKE_OVER_AFTER)
        query = update(idempotency_keys).where(stale).values(claimed_at=now).returning(_columns.made)
        async with self._database.writing() as connection:
            made: str | None = (await connection.execute(query)).scalar_one_or_none()
        return made

    async def _find(self, row: ColumnElement[bool]) -> _Claim | None:
        query = select(*(_columns[name] for name in _Claim.model_fields)).where(row)
        async with self._database.reading() as connection:
            found = (await connection.execute(query)).mappings().one_or_none()
        return _Claim.model_validate(dict(found)) if found else None

    async def _free(self, row: ColumnElement[bool]) -> None:
        async with self._database.writing() as connection:
            await connection.execute(delete(idempotency_keys).where(row))


def _stored_response(claim: _Claim) -> StoredResponse:
    assert claim.status is not None
    if claim.body is None:
        raise Conflict("This request was answered before, and its answer is shown only once.", "Use a new key.")
    return StoredResponse(claim.status, claim.location, claim.body)


def request_text(method: str, path: str, body: object) -> str:
    """What stands for a request: the same for the same meaning, whatever the spaces and order in its JSON."""
    return f"{method} {path} {json.dumps(body, sort_keys=True)}"
