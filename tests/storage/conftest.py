"""What the tests of storage share: plain HTTP with a role's token, beside the client."""

import pytest

from shared.clients.daemon import Response, open_client
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
