"""The daemon as a process: readiness, metrics, one owner of a directory, and what a bad start says."""

import asyncio
import subprocess
import sys
from pathlib import Path

from shared.clients.daemon import Response, open_client
from tests.support.manifests import fill_site
from tests.support.storage_process import StorageProcess

_ROOT = Path(__file__).parents[2]


async def _admin(storage: StorageProcess, path: str) -> Response:
    async with open_client(storage.admin_address) as http:
        return await http.get(path)


def test_ready_and_metrics(storage: StorageProcess) -> None:
    async def play() -> None:
        async with storage.client() as worker:
            await fill_site(worker, 1)
        assert (await _admin(storage, "/readyz")).status_code == 200
        metrics = (await _admin(storage, "/metrics")).text
        assert 'pagewright_stored_total{what="version"} 1.0' in metrics
        assert 'pagewright_stored_total{what="blob"} 2.0' in metrics
        assert 'pagewright_http_requests_total{method="POST",route="post_version",status="201"} 1.0' in metrics

    asyncio.run(play())


def test_a_directory_that_went_away_is_not_ready(storage: StorageProcess) -> None:
    (storage.directory / "incoming").rmdir()
    answer = asyncio.run(_admin(storage, "/readyz"))
    assert answer.status_code == 503 and "written" in answer.json()["detail"]


def _start_again(storage: StorageProcess, **change: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "daemons.storage"]
    environment = storage.environment | change
    return subprocess.run(command, env=environment, cwd=_ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_a_second_process_on_the_directory_ends_with_a_sentence(storage: StorageProcess) -> None:
    """I1, I2: two processes can't mix their writes."""
    second = _start_again(storage)
    assert second.returncode == 1
    assert second.stderr.startswith("Another storage process uses ") and second.stderr.count("\n") == 1


def test_tokens_that_tell_nothing_are_refused(storage: StorageProcess) -> None:
    for token in ("", "short", storage.tokens["worker"]):
        second = _start_again(storage, PAGEWRIGHT_STORAGE_API_TOKEN=token)
        assert second.returncode == 1 and "three different tokens" in second.stderr
        assert storage.tokens["worker"] not in second.stderr


def test_what_a_crash_left_is_swept_at_start(storage: StorageProcess) -> None:
    storage.kill()
    (storage.directory / "incoming" / "left").write_bytes(b"half")
    storage.start()
    assert not list((storage.directory / "incoming").iterdir())
