"""A request without the agent says what it is made from, and has no field that an older release does not know."""

import asyncio
from pathlib import Path

from daemons.api.accounts.site_access import own_site
from daemons.api.jobs.restore_request import restore_request
from shared.domain.vocabulary import JobKind, new_id
from tests.api.small_database import ANA, small_database


def test_only_what_it_needs_is_written(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery") as database, database.reading() as connection:
            site = await own_site(connection, ANA, "bakery")
        whole = restore_request(site, new_id(), "Go back.", 2)
        assert (whole.kind, whole.base, whole.author) == (JobKind.RESTORE, 2, ANA.email)
        assert not {"undo", "keep_asked"} & whole.model_dump().keys()
        assert restore_request(site, new_id(), "Undo.", 1, undo=2).model_dump()["undo"] == 2
        kept = restore_request(site, new_id(), "Keep.", 2, keep_asked=2).model_dump()
        assert (kept["keep_asked"], "undo" in kept) == (2, False)

    asyncio.run(run())
