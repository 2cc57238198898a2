"""The services put together: ready when each part answers, and what acts on a site takes one that was checked."""

import asyncio
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_type_hints

import pytest

from daemons.api.accounts.accounts import Account
from daemons.api.services import Services, open_services
from shared.domain.errors import Unavailable
from shared.runtime.settings import ApiSettings
from tests.api.conftest import World
from tests.support.api_process import PUBLIC_URL, SITES_URL
from tests.support.replies import reply, replying


def settings(folder: Path, redis_url: str, storage: str, token: str = "api-token-for-tests") -> ApiSettings:
    return ApiSettings(
        api_listen="unix:/nowhere",
        api_admin_listen="unix:/nowhere",
        api_database_url=f"sqlite:///{folder}/api.sqlite",
        api_public_url=PUBLIC_URL,
        api_sites_url=SITES_URL,
        api_probe_addresses="127.0.0.1:1",
        redis_url=redis_url,
        storage_address=storage,
        storage_api_token=token,
        model_address="unix:/nowhere",
        model_ticket_key="ticket-key-for-tests",
    )


def ready(chosen: ApiSettings) -> None:
    async def run() -> None:
        async with open_services(chosen) as services:
            await services.check_ready()

    asyncio.run(run())


def test_it_is_ready_when_every_part_answers(world: World, tmp_path: Path, redis_url: str) -> None:
    ready(settings(tmp_path, redis_url, world.storage.address))


def test_the_part_that_is_away_is_named(world: World, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="The job queue"):
        ready(settings(tmp_path, "redis://127.0.0.1:1", world.storage.address))


def test_a_storage_that_does_not_know_us_is_no_ready_storage(tmp_path: Path, redis_url: str) -> None:
    async def run() -> None:
        async with replying(reply({"detail": "The token is not known.", "hint": "Look."}, 401)) as server:
            async with open_services(settings(tmp_path, redis_url, server.address)) as services:
                with pytest.raises(Exception, match="token is not known"):
                    await services.check_ready()
            assert "authorization: bearer api-token-for-tests" in server.asked[0].lower()

    asyncio.run(run())


# They make the checked types, or are about sites that are nobody's, or for administrators, who may see all, or only say
# that whoever may should look again, or bring the queue in line with SQL.
_MAY_TAKE_NAMES = {"SiteAccess.own", "SiteAccess.own_removed", "Jobs.own", "AuditTrail.record", "AuditTrail.entries"}
_MAY_TAKE_NAMES |= {"Orphans.adopt", "SiteFeed.tell", "WaitingRequests.arrange"}
_NAMES = {"site", "name", "job"}
# A route that held one of these could act without having checked.
_PARTS = re.compile(r"services\.(storage|queue|database|reconciler)\b|\b(find|own)_(site|job)\(")


def public_methods() -> Iterator[tuple[str, dict[str, object]]]:
    """`Class.method` and its annotations, of every service in daemons/api."""
    for service in get_type_hints(Services).values():
        if service.__module__.startswith("daemons.api.") and service is not Services:
            for name, method in inspect.getmembers(service, inspect.isfunction):
                if not name.startswith("_"):
                    yield f"{service.__name__}.{name}", get_type_hints(method)


def test_what_acts_on_a_site_takes_one_that_was_checked() -> None:
    """A name beside a user, or instead of a site, would have to be checked by each method, and one might forget."""
    methods = dict(public_methods())
    assert methods.keys() >= _MAY_TAKE_NAMES
    assert methods.keys() >= {"Publishing.deploy", "Jobs.cancel", "Versions.diff", "Workspaces.read", "Sites.show"}
    bare = [
        name
        for name, hints in methods.items()
        if name not in _MAY_TAKE_NAMES
        if hints.get("site") in (str, str | None)
        or (Account in hints.values() and any(hints.get(word) is str for word in _NAMES - {"job"}))
        or (Account in hints.values() and hints.get("job") is str and "new" not in hints)
    ]
    assert bare == []


def test_only_the_check_makes_a_checked_type() -> None:
    api = Path(inspect.getfile(Services)).parent
    made = {
        (path.relative_to(api).as_posix(), found)
        for path in api.rglob("*.py")
        for found in re.findall(r"(?<!class )\b(Owned\w+)\(", path.read_text())
    }
    access = "accounts/site_access.py"
    assert made == {(access, "OwnedSite"), (access, "OwnedRemovedSite"), ("jobs/owned_job.py", "OwnedJob")}
    routes = [path for folder in ("json_routes", "pages") for path in (api / folder).glob("*.py")]
    assert [path.name for path in routes if _PARTS.search(path.read_text())] == []
