"""Who may see which job; for everybody else it does not exist."""

import asyncio
from pathlib import Path

import pytest

from daemons.api.jobs.owned_job import own_job
from daemons.api.jobs.rows import insert_job
from shared.domain.errors import NotFound
from tests.api.small_database import ANA, BEN, ROOT, edit, small_database


def test_a_job_is_of_those_who_see_its_site(tmp_path: Path) -> None:
    async def run() -> None:
        request = edit()
        async with small_database(tmp_path, "bakery") as database:
            async with database.writing() as connection:
                await insert_job(connection, request)
            async with database.reading() as connection:
                for user in (ANA, ROOT):
                    owned = await own_job(connection, user, request.id)
                    assert (owned.id, owned.request, owned.user) == (request.id, request, user)
                    assert (owned.recorded.site, owned.recorded.message) == ("bakery", request.message)
                refused = []
                for user, job in ((BEN, request.id), (BEN, "0" * 28), (ANA, "")):
                    with pytest.raises(NotFound) as error:
                        await own_job(connection, user, job)
                    refused.append(error.value.detail)
                assert set(refused) == {"There is no such job."}, "the same for another's and for nobody's"

    asyncio.run(run())
