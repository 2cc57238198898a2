"""People and their accounts: which addresses are one, and what signs nobody in."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from daemons.api.accounts.accounts import Accounts
from daemons.api.accounts.credentials import Credentials, digest_of
from daemons.api.database.connection import Database
from daemons.api.database.tables import sign_in_links, users
from shared.domain.errors import Conflict, InvalidInput, NotFound, NotSignedIn
from tests.api.small_database import ANA, small_database


def accounts_of(database: Database) -> Accounts:
    return Accounts(database, Credentials(database), "http://app.test/")


def test_an_address_is_one_however_it_is_written(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path) as database:
            accounts = accounts_of(database)
            added = await accounts.add(" Cleo@Example.ORG ", admin=True, by="tests")
            assert (added.email, added.admin) == ("cleo@example.org", True)
            assert await accounts.by_email("CLEO@example.org\0") == added
            with pytest.raises(Conflict, match=r"cleo@example\.org has an account already"):
                await accounts.add("cleo@example.org", admin=False, by="tests")
            with pytest.raises(NotFound, match="Nobody has the address"):
                await accounts.by_email("dora@example.org")
            with pytest.raises(NotFound):
                await accounts.by_id("nobody")

    asyncio.run(run())


def test_what_is_no_address_is_refused(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path) as database:
            for email in ("", "@example.org", "a@", "a b@example.org", "a@b@c", f"{'x' * 65}@example.org", "a@exämple"):
                with pytest.raises(InvalidInput):
                    await accounts_of(database).add(email, admin=False, by="tests")

    asyncio.run(run())


def test_a_link_that_is_too_old_signs_nobody_in_and_is_swept_away(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path) as database:
            past = datetime.now(UTC) - timedelta(seconds=1)
            async with database.writing() as connection:
                old = [{"digest": digest_of(text), "user_id": ANA.id, "expires_at": past} for text in ("old", "older")]
                await connection.execute(insert(sign_in_links), old)
            accounts = accounts_of(database)
            with pytest.raises(NotSignedIn, match="used or is too old"):
                await accounts.use_sign_in_link("old")
            link = await accounts.create_sign_in_link(ANA)
            assert link.startswith("http://app.test/sign-in/pw-link-")
            async with database.reading() as connection:
                left = (await connection.execute(sign_in_links.select())).all()
            assert [row.digest for row in left] == [digest_of(link.rpartition("/")[2])]

    asyncio.run(run())


def test_nobody_signs_in_without_a_password_that_can_be_right(tmp_path: Path) -> None:
    """An account without one, an unknown address, and a hash that is damaged are all the same wrong password."""

    async def run() -> None:
        async with small_database(tmp_path) as database:
            async with database.writing() as connection:
                await connection.execute(update(users).where(users.c.id == "b").values(password_hash="no hash"))
            for email in ("ana@example.org", "nobody@example.org", "ben@example.org"):
                with pytest.raises(NotSignedIn, match="e-mail address or the password is wrong"):
                    await accounts_of(database).sign_in(email, "no hash", "10.0.0.1")

    asyncio.run(run())


@pytest.mark.parametrize("password", ["x" * 9, "x" * 1001])
def test_a_password_has_a_length(tmp_path: Path, password: str) -> None:
    async def run() -> None:
        async with small_database(tmp_path) as database:
            with pytest.raises(InvalidInput, match="10 to 1000 characters"):
                await accounts_of(database).set_password(ANA, password, "", "en")

    asyncio.run(run())
