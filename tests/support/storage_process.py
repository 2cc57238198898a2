"""A real storage daemon on a UNIX socket in a directory of its own, which can be killed and started again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shared.clients.storage import StorageClient
from tests.support.daemon_process import DaemonProcess, short_directory


class StorageProcess(DaemonProcess):
    """The daemon's process; `directory` outlives it until the test's end. Tokens: worker, api, deployer."""

    def __init__(self, base: Path) -> None:
        self.directory = base / "data"
        self.address = f"unix:{base}/storage.sock"
        self.tokens = {role: f"{role}-token-for-tests" for role in ("worker", "api", "deployer")}
        tokens = {f"STORAGE_{role.upper()}_TOKEN": token for role, token in self.tokens.items()}
        super().__init__("storage", base, STORAGE_LISTEN=self.address, STORAGE_DIRECTORY=str(self.directory), **tokens)

    def client(self, role: str = "worker", **options: float) -> StorageClient:
        return StorageClient(self.address, self.tokens[role], **options)


@contextmanager
def running_storage() -> Iterator[StorageProcess]:
    """A storage daemon until the block ends."""
    with short_directory() as base:
        process = StorageProcess(base)
        try:
            process.start()
            yield process
        finally:
            process.kill()


@pytest.fixture
def storage() -> Iterator[StorageProcess]:
    """A storage daemon of the test's own."""
    with running_storage() as process:
        yield process
