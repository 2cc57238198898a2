"""A real deployer between a real storage and a real nginx, and a publisher that commits signed versions to deploy."""

import asyncio
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.archive import pack
from shared.file_list import encode_file_list, public_files
from shared.manifest import Blob, Changes, FileList, Manifest
from shared.signing import SigningKey, sign_manifest
from shared.vocabulary import JobKind, Slot, new_id
from tests.support.manifests import SIGNING_KEY, TRUSTED_LINE
from tests.support.storage_process import StorageProcess
from tests.support.web_server import WebServer

_ROOT = Path(__file__).parents[2]


def wait_until(condition: Callable[[], object], what: str, seconds: float = 30) -> None:
    """Wait until the condition holds; fails the test with `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"never happened: {what}"
        time.sleep(0.01)


class DeployerProcess:
    """The daemon's process; `root` is what it fills."""

    def __init__(self, storage: StorageProcess, root: Path, base: Path, compare_seconds: float = 60) -> None:
        self.root = root
        self.trusted_keys = base / "trusted-keys"
        self.trusted_keys.write_text(TRUSTED_LINE + "\n")
        self.log = base / "log"
        self.admin_socket = base / "admin.sock"
        self.environment = {
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(_ROOT),
            "PAGEWRIGHT_DEPLOYER_ADMIN_LISTEN": f"unix:{self.admin_socket}",
            "PAGEWRIGHT_DEPLOYER_ROOT": str(root),
            "PAGEWRIGHT_DEPLOYER_TRUSTED_KEYS": str(self.trusted_keys),
            "PAGEWRIGHT_DEPLOYER_COMPARE_SECONDS": str(compare_seconds),
            "PAGEWRIGHT_STORAGE_ADDRESS": storage.address,
            "PAGEWRIGHT_STORAGE_DEPLOYER_TOKEN": storage.tokens["deployer"],
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "daemons.deployer"]
            self._process = subprocess.Popen(command, env=self.environment, cwd=_ROOT, stdout=log, stderr=log)

    def kill(self) -> None:
        """End the daemon like a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """End the daemon in good order; its exit status."""
        return self._end(signal.SIGTERM)

    def _end(self, signal_number: int) -> int:
        status = 0
        if self._process:
            self._process.send_signal(signal_number)
            status = self._process.wait(30)
            self._process = None
        return status

    def ask_admin(self, path: str) -> tuple[int, str]:
        """Status and body of `/readyz`, `/metrics` or `/healthz`; status 0 before it listens."""
        with socket.socket(socket.AF_UNIX) as connection:
            try:
                connection.connect(str(self.admin_socket))
            except OSError:
                return 0, ""
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n\r\n".encode())
            answer = connection.makefile("rb").read().decode()
        return int(answer.split()[1]), answer.partition("\r\n\r\n")[2]

    def shows(self, site: str, slot: Slot) -> int | None:
        """The version that the slot's symlink points at."""
        try:
            return int((self.root / site / slot).readlink().name)
        except OSError:
            return None

    def wait_for(self, site: str, slot: Slot, version: int) -> None:
        try:
            wait_until(lambda: self.shows(site, slot) == version, f"{slot} of {site} shows {version}")
        except AssertionError as error:
            error.add_note(self.log.read_text())
            raise


class Publisher:
    """Commits versions with signed manifests, as a worker does, and wishes for deployments, as the api does."""

    def __init__(self, storage: StorageProcess, runner: asyncio.Runner) -> None:
        self._runner = runner
        self._worker, self._api = storage.client("worker"), storage.client("api")
        self._numbers: dict[str, int] = {}
        self._lists: dict[str, FileList] = {}

    def commit(self, site: str, public: Mapping[str, bytes], **changes: object) -> int:
        """Commit the next version of a site and return its number; `changes` are manifest fields to falsify."""
        number = self._numbers.get(site, 0) + 1
        files = public_files(public, self._lists.get(site), 1_700_000_000 + number)
        self._lists[site] = files
        return self.commit_raw(site, pack({}, public), encode_file_list(files), **changes)

    def commit_raw(
        self, site: str, artifact: bytes, file_list: bytes, key: SigningKey = SIGNING_KEY, **changes: object
    ) -> int:
        """Commit any bytes as artifact and file list, signed."""
        number = self._numbers[site] = self._numbers.get(site, 0) + 1

        async def commit() -> None:
            if number == 1:
                await self._worker.announce(site, 1, "worker-1")
            artifact_blob, list_blob = await self._worker.put_blob(artifact), await self._worker.put_blob(file_list)
            manifest = _manifest(site, number, artifact_blob, list_blob).model_copy(update=changes)
            await self._worker.commit(sign_manifest(manifest, key))

        self._runner.run(commit())
        return number

    def deploy(self, site: str, slot: Slot, version: int) -> None:
        self._runner.run(self._api.deploy(site, slot, version, "ana"))

    def close(self) -> None:
        for client in (self._worker, self._api):
            self._runner.run(client.__aexit__())

    def publish(self, site: str, public: Mapping[str, bytes], slot: Slot = Slot.CURRENT) -> int:
        """Commit a version and wish for it at once."""
        version = self.commit(site, public)
        self.deploy(site, slot, version)
        return version


def _manifest(site: str, number: int, artifact: Blob, public: Blob) -> Manifest:
    return Manifest(
        site=site,
        number=number,
        parent=number - 1 or None,
        job=new_id(),
        kind=JobKind.EDIT,
        message="Change it.",
        author="ana",
        files=Changes(),
        public=public,
        builder="plain",
        checks=(),
        artifact=artifact,
        fence=1,
        stamp=1_700_000_000 + number,
        created_at=datetime.now(UTC),
    )


@pytest.fixture
def publisher(storage: StorageProcess) -> Iterator[Publisher]:
    """Commits and deploys in the test's storage."""
    with asyncio.Runner() as runner:
        publisher = Publisher(storage, runner)
        yield publisher
        publisher.close()


@pytest.fixture
def deployer(storage: StorageProcess, web_server: WebServer) -> Iterator[DeployerProcess]:
    """A deployer that is not started yet, from the test's storage into its web server's directory."""
    base = Path(tempfile.mkdtemp(prefix="pw"))
    process = DeployerProcess(storage, web_server.sites, base)
    try:
        yield process
    finally:
        process.kill()
        shutil.rmtree(base)
