"""What a request names comes from storage by its list."""

import asyncio

import pytest

from daemons.worker.attachments.prepared_files import NO_FILES
from daemons.worker.attachments.request_files import read_list, request_files
from shared.domain.errors import InvalidInput
from tests.api.small_database import edit
from tests.support.checks_run import PROGRAMS, worker_settings
from tests.support.storage_process import StorageProcess


def test_a_request_without_files_starts_nothing(storage: StorageProcess) -> None:
    async def prepared() -> object:
        async with storage.client() as client:
            return await request_files(edit(), client, settings=worker_settings(), programs=PROGRAMS, say=print)

    assert asyncio.run(prepared()) is NO_FILES


@pytest.mark.parametrize("data", [b"", b"{}", b'{"files": []}', b"PK\x03\x04"])
def test_what_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput, match="can’t be read"):
        read_list(data)
