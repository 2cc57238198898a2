"""The daemon put together: what it measures when it is asked, and when it is ready."""

import asyncio
from pathlib import Path

from prometheus_client import REGISTRY

from daemons.api.service import open_service
from tests.api.conftest import World
from tests.api.test_services import settings


def test_it_measures_queue_and_backups_when_it_is_asked(world: World, tmp_path: Path, redis_url: str) -> None:
    (tmp_path / "dumps").mkdir()
    (tmp_path / "dumps" / "20260102T030405Z.jsonl").write_text("")
    chosen = settings(tmp_path, redis_url, world.storage.address).model_copy(
        update={"api_backups": tmp_path / "dumps", "api_admin_listen": "unix:/elsewhere"}
    )

    async def run() -> None:
        async with open_service(chosen) as service:
            assert (service.listen, service.admin_listen) == ("unix:/nowhere", "unix:/elsewhere")
            await service.ready()
            await service.measure()

    asyncio.run(run())
    assert REGISTRY.get_sample_value("pagewright_queue_up") == 1
    backup = REGISTRY.get_sample_value("pagewright_backup_timestamp_seconds", {"of": "database"})
    assert backup == 1767323045
