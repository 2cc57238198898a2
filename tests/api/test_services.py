"""The services put together: ready when each part can be reached, and a sentence about the first that can't."""

import asyncio
from pathlib import Path

import pytest

from daemons.api.services import open_services
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
