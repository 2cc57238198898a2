"""A real deployer between a real storage and a real nginx, and a publisher that commits signed versions to deploy."""

import asyncio
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.domain.archive import pack
from shared.domain.file_list import encode_file_list, public_files
from shared.domain.manifest import Blob, Changes, FileList, Manifest
from shared.domain.signing import SigningKey, manifest_digest, sign_manifest
from shared.domain.vocabulary import JobKind, Slot, new_id
from tests.support.daemon_process import DaemonProcess, short_directory
from tests.support.manifests import SIGNING_KEY, TRUSTED_LINE
from tests.support.storage_process import StorageProcess
from tests.support.waiting import wait_until
from tests.support.web_server import WebServer


class DeployerProcess(DaemonProcess):
    """The daemon's process; `root` is what it fills."""

    def __init__(self, storage: StorageProcess, root: Path, base: Path) -> None:
        self.root = root
        self.trusted_keys = base / "trusted-keys"
        self.trusted_keys.write_text(TRUSTED_LINE + "\n")
        super().__init__(
            "deployer",
            base,
            DEPLOYER_ROOT=str(root),
            DEPLOYER_TRUSTED_KEYS=str(self.trusted_keys),
            DEPLOYER_COMPARE_SECONDS="60",
            STORAGE_ADDRESS=storage.address,
            STORAGE_DEPLOYER_TOKEN=storage.tokens["deployer"],
        )

    def start(self) -> None:
        """Start the daemon; nobody waits, for it may be killed before it is ready."""
        self.launch()

    def ask_admin(self, path: str) -> tuple[int, str]:
        """Status and body of `/readyz`, `/metrics` or `/healthz`; status 0 before it listens."""
        with socket.socket(socket.AF_UNIX) as connection:
            try:
                connection.connect(self.admin_address.removeprefix("unix:"))
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
        self._wait_until(lambda: self.shows(site, slot) == version, f"{slot} of {site} shows {version}")

    def wait_for_release(self, site: str, version: int) -> None:
        release = self.root / site / "releases" / str(version)
        self._wait_until(release.exists, f"version {version} of {site} is released")

    def _wait_until(self, condition: Callable[[], bool], what: str) -> None:
        """A failure tells what the daemon said."""
        try:
            wait_until(condition, what)
        except AssertionError as error:
            error.add_note(self.log.read_text())
            raise


class Publisher:
    """Commits versions with signed manifests, as a worker does, and asks for deployments, as the api does."""

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

    def take_down(self, site: str) -> None:
        self._runner.run(self._api.desire(site, Slot.CURRENT, None, "ana", accept_failed_checks=False))

    def forget(self, site: str, number: int) -> None:
        """Go on after this version: storage was put back to it."""
        self._numbers[site] = number
        self._lists.pop(site, None)

    def digest(self, site: str, version: int) -> str:
        """What names the manifest of a version in storage."""
        return manifest_digest(self._runner.run(self._api.version(site, version)))

    def close(self) -> None:
        for client in (self._worker, self._api):
            self._runner.run(client.__aexit__())

    def publish(self, site: str, public: Mapping[str, bytes], slot: Slot = Slot.CURRENT) -> int:
        """Commit a version and deploy it at once."""
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


@contextmanager
def deployer_for(storage: StorageProcess, web_server: WebServer) -> Iterator[DeployerProcess]:
    """A deployer that is not started yet, from a storage into a web server's directory, until the block ends."""
    with short_directory() as base:
        process = DeployerProcess(storage, web_server.sites, base)
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def deployer(storage: StorageProcess, web_server: WebServer) -> Iterator[DeployerProcess]:
    """A deployer that is not started yet, from the test's storage into its web server's directory."""
    with deployer_for(storage, web_server) as process:
        yield process
