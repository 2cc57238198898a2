"""People: their accounts, and how they sign in by one-time link or password."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from daemons.api.accounts.audit import record_action
from daemons.api.accounts.credentials import Credentials, digest_of, new_secret
from daemons.api.accounts.letters import password_letter, sign_in_letter
from daemons.api.accounts.mailer import Mailer
from daemons.api.accounts.password import hash_password, is_password
from daemons.api.accounts.rate_limit import RateLimit
from daemons.api.database.connection import Database
from daemons.api.database.tables import sign_in_links, users
from shared.domain.errors import Conflict, InvalidInput, NotFound, NotSignedIn, Unavailable
from shared.domain.vocabulary import Record, new_id

_LINK_LIFE = timedelta(hours=24)
_MAILED_LINK_LIFE = timedelta(hours=1)
_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[a-z0-9.-]{1,189}", re.ASCII)
# Failures within 15 minutes. The wide limit is above what one network may do to an account, so that nobody who only
# knows an address locks its owner out from elsewhere; it stops guesses from many networks, or at many accounts.
_FAILURES, _WIDE_FAILURES = 10, 100
# Mails within 15 minutes, to one address and for one network: nobody fills somebody's mailbox through us.
_MAILS, _MAILS_OF_A_NETWORK = 3, 20


class Account(Record):
    """A person who may sign in."""

    id: str
    email: str
    admin: bool
    created_at: datetime


class Accounts:
    """Everything about people; raises Unavailable when the database is away."""

    def __init__(
        self, database: Database, credentials: Credentials, public_url: str, mailer: Mailer | None = None
    ) -> None:
        self._database = database
        self._credentials = credentials
        self._public_url = public_url.rstrip("/")
        self._mailer = mailer or Mailer(None, "")
        self._attempts = RateLimit(database, seconds=900)

    async def add(self, email: str, *, admin: bool, by: str) -> Account:
        """A new account; raises InvalidInput for no address, Conflict if it has one already."""
        account = Account(id=new_id(), email=_normal_email(email), admin=admin, created_at=datetime.now(UTC))
        try:
            async with self._database.writing() as connection:
                await connection.execute(insert(users).values(account.model_dump()))
                await record_action(connection, by, "user.add", email=account.email, admin=admin)
        except IntegrityError:
            raise Conflict(f"{account.email} has an account already.", "Make a new sign-in link instead.") from None
        return account

    async def by_email(self, email: str) -> Account:
        """Raises NotFound."""
        row = await self._row(users.c.email == _plain(email))
        if row is None:
            raise NotFound(f"Nobody has the address {_plain(email)}.", "Check the spelling, or add the user.")
        return _account(row)

    @property
    def sends_mail(self) -> bool:
        """Whether somebody who can't sign in may be sent a link."""
        return self._mailer.is_there

    async def mail_sign_in_link(self, email: str, network: str, language: str) -> None:
        """Send a link to this address if it has an account; whoever asks can't tell whether it has one.

        Raises Unavailable if no mail can be sent; TooMany after 3 within 15 minutes to this address, or 20 for this
        `network`.
        """
        if not self.sends_mail:
            raise Unavailable("This PageWright sends no mail.", "Ask your operator for a sign-in link.")
        plain = _plain(email)
        await self._attempts.note({f"mail to {plain}": _MAILS, f"mails for {network}": _MAILS_OF_A_NETWORK})
        await self._mailer.reach()
        row = await self._row(users.c.email == plain)
        if row is None:
            return
        account = _account(row)
        link = await self.create_sign_in_link(account, _MAILED_LINK_LIFE)
        async with self._database.writing() as connection:
            await record_action(connection, account.email, "user.mail-link")
        self._mailer.post(sign_in_letter(language, account.email, f"{link}?next=/account"))

    async def create_sign_in_link(self, account: Account, life: timedelta = _LINK_LIFE) -> str:
        """A URL that signs this person in, once, within its life."""
        token = new_secret("link")
        now = datetime.now(UTC)
        async with self._database.writing() as connection:
            await connection.execute(delete(sign_in_links).where(sign_in_links.c.expires_at < now))
            await connection.execute(
                insert(sign_in_links).values(digest=digest_of(token), user_id=account.id, expires_at=now + life)
            )
        return f"{self._public_url}/sign-in/{token}"

    async def use_sign_in_link(self, token: str, agent: str = "") -> str:
        """Use up the link with this token; gives a session token. Raises NotSignedIn if it is used or too old."""
        links = sign_in_links.c
        query = delete(sign_in_links).where(links.digest == digest_of(token)).returning(links.user_id, links.expires_at)
        async with self._database.writing() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None or row.expires_at < datetime.now(UTC):
            raise NotSignedIn("This sign-in link was used or is too old.", "Ask an administrator for a new one.")
        return await self._sign_in(await self.by_id(row.user_id), "link", agent)

    async def sign_in(self, email: str, password: str, network: str, agent: str = "") -> str:
        """A session token for the right password; `network` is where the request came from, `agent` by which browser.

        Raises NotSignedIn; or TooMany after 10 failures within 15 minutes for this e-mail address from this network, or
        100 for one of both.
        """
        plain = _plain(email)
        limits = {f"{plain} from {network}": _FAILURES, f"email {plain}": _WIDE_FAILURES}
        noted = await self._attempts.note(limits | {f"network {network}": _WIDE_FAILURES})
        row = await self._row(users.c.email == plain)
        right = await is_password(row["password_hash"] if row else None, password)
        if row is None or not right:
            raise NotSignedIn("The e-mail address or the password is wrong.", "Try again, or ask for a sign-in link.")
        await self._attempts.forget(noted)
        return await self._sign_in(_account(row), "password", agent)

    async def set_password(self, account: Account, password: str, session: str, language: str) -> None:
        """Give the account a password and end its sessions, except the one that asks, and its links; API tokens stay.

        The person gets a mail about it, in this language. Raises InvalidInput if the password is too short or easy to
        guess.
        """
        hashed = await hash_password(password, account.email)
        async with self._database.writing() as connection:
            await connection.execute(update(users).where(users.c.id == account.id).values(password_hash=hashed))
            await connection.execute(delete(sign_in_links).where(sign_in_links.c.user_id == account.id))
            await self._credentials.end_other_sessions(connection, account.id, session)
            await record_action(connection, account.email, "user.password")
        if self.sends_mail:
            self._mailer.post(password_letter(language, account.email, f"{self._public_url}/sign-in"))

    async def sign_out(self, session: str) -> None:
        """End this session."""
        await self._credentials.end_session(session)

    async def by_id(self, user_id: str) -> Account:
        """Raises NotFound."""
        row = await self._row(users.c.id == user_id)
        if row is None:
            raise NotFound("There is no such user.", "Sign in again.")
        return _account(row)

    async def by_session(self, session: str) -> Account | None:
        """Who this session token belongs to."""
        return await self._owner(self._credentials.user_of_session(session))

    async def by_token(self, token: str) -> Account | None:
        """Who this API token belongs to."""
        return await self._owner(self._credentials.user_of_token(token))

    async def _owner(self, user_id: ScalarSelect[str]) -> Account | None:
        """The account with the id that a query finds, in one statement."""
        row = await self._row(users.c.id == user_id)
        return _account(row) if row else None

    async def _sign_in(self, account: Account, how: str, agent: str) -> str:
        session = await self._credentials.open_session(account.id, agent)
        async with self._database.writing() as connection:
            await record_action(connection, account.email, "user.sign-in", how=how)
        return session

    async def _row(self, condition: ColumnElement[bool]) -> Mapping[str, Any] | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(select(users).where(condition))).mappings().one_or_none()
        return dict(row) if row else None


def _account(row: Mapping[str, Any]) -> Account:
    return Account.model_validate({name: row[name] for name in Account.model_fields})


def _plain(email: str) -> str:
    """An address as it is compared; PostgreSQL takes no NUL."""
    return email.strip().lower().replace("\0", "")[:254]


def _normal_email(email: str) -> str:
    normal = email.strip().lower()
    if not _EMAIL.fullmatch(normal):
        raise InvalidInput("That is not an e-mail address.", "It looks like name@example.org.")
    return normal
