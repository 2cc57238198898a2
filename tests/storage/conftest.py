"""What the tests of storage share: plain HTTP with a role's token, beside the client."""

import asyncio
from pathlib import Path

import pytest

from shared.clients.daemon import Response, open_client
from shared.domain.vocabulary import Slot
from tests.support.manifests import fill_site
from tests.support.storage_process import StorageProcess


class PlainHttp:
    """Single requests as a role, whatever the answer."""

    def __init__(self, storage: StorageProcess) -> None:
        self._storage = storage

    async def ask(self, role: str, method: str, path: str, **options: object) -> Response:
        token = self._storage.tokens.get(role, role)
        async with open_client(self._storage.address, {"Authorization": f"Bearer {token}"}) as http:
            return await http.request(method, path, **options)


@pytest.fixture
def plain(storage: StorageProcess) -> PlainHttp:
    return PlainHttp(storage)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where backups go."""
    path = tmp_path / "backups"
    path.mkdir()
    return path


@pytest.fixture
def filled(storage: StorageProcess) -> StorageProcess:
    """A storage with a published site of three versions."""

    async def fill() -> None:
        async with storage.client() as worker, storage.client("api") as api:
            await fill_site(worker, 3)
            await api.deploy("bakery", Slot.CURRENT, 2, "ana")

    asyncio.run(fill())
    return storage
