"""Every process killed in the middle of an edit, Redis emptied, the whole system stopped: the edit is not lost.

These tests have a system of their own. Its model holds its answer until the test lets go, so the kill always comes
while Codex is at work.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from shared.domain.errors import Unavailable
from tests.support.local_system import LocalSystem, descendants, running_local_system
from tests.support.scripted_endpoint import Answer, Received, ScriptedEndpoint, message, shell
from tests.support.scripted_system import ScriptedSystem
from tests.support.waiting import wait_until

pytestmark = pytest.mark.xdist_group("crashing-system")

_HOLDS_SECONDS = 120
_PAGE = "echo '<!doctype html><html lang=en><title>New</title><h1>%s</h1></html>' > new.html"


@contextmanager
def crashing_system(
    folder: Path | None = None, answer: Callable[[Received], Answer] | None = None
) -> Iterator[ScriptedSystem]:
    """A system with an endpoint of its own, and leases that lapse soon; `answer` is what its model does at first."""
    endpoint = ScriptedEndpoint()
    if answer:
        endpoint.decide(answer)
    settings = {
        "PAGEWRIGHT_MODEL_BASE_URL": endpoint.base_url,
        "PAGEWRIGHT_MODEL_DIALECT": "responses",
        "OPENAI_API_KEY": "sk-crash",
        "PAGEWRIGHT_WORKER_LEASE_SECONDS": "5",
    }
    try:
        with running_local_system(settings, folder) as system:
            yield ScriptedSystem(system, endpoint)
    finally:
        endpoint.close()


@pytest.fixture(scope="module")
def crashing() -> Iterator[ScriptedSystem]:
    with crashing_system() as scripted:
        yield scripted


@pytest.fixture(scope="module")
def site(crashing: ScriptedSystem) -> str:
    """A site for all tests of the system, each of which adds versions; visitors see the first."""
    crashing.system.new_site("crashed")
    crashing.system.publish("crashed", 1)
    return "crashed"


class HeldEdit:
    """An edit whose first model answer waits for `let_go`; later tries of it get their answers at once after that."""

    def __init__(self, scripted: ScriptedSystem, site: str, text: str) -> None:
        self._go = threading.Event()
        self._text = text
        self._scripted = scripted
        scripted.endpoint.received.clear()
        scripted.endpoint.decide(self.answer)
        self.job = scripted.system.ask(site, f"Add {text}.")
        wait_until(lambda: scripted.endpoint.received, "Codex asks the model")

    def answer(self, request: Received) -> Answer:
        """By what Codex says it has, not by counting: a job that is run again starts anew."""
        has_run = any(item["type"] == "function_call_output" for item in request.json["input"])
        answer = message("Done.") if has_run else shell(_PAGE % self._text)
        return Answer(chunks=answer.chunks, after=self._go)

    def let_go(self) -> None:
        self._go.set()

    def finish(self) -> dict[str, Any]:
        self.let_go()
        return self._scripted.system.finish(self.job, _HOLDS_SECONDS)


class Visitors:
    """Somebody who looks at a published site all the time; `trouble` is what they saw but should not have."""

    def __init__(self, system: LocalSystem, site: str) -> None:
        self.trouble: list[str] = []
        self.visits = 0
        self._expected = system.page(site)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, args=(system, site))
        self._thread.start()

    def _look(self, system: LocalSystem, site: str) -> None:
        while not self._stop.wait(0.1):
            try:
                page = system.page(site)
            except Unavailable as error:
                self.trouble.append(error.detail)
                continue
            self.visits += 1
            if page != self._expected:
                self.trouble.append("another page")

    def leave(self) -> None:
        self._stop.set()
        self._thread.join()


def kill(system: LocalSystem, *programs: str) -> None:
    """kill -9, all at once, and wait until each runs again."""
    before = {program: system.pid(program) for program in programs}
    for pid in before.values():
        os.kill(pid, 9)
    for program, pid in before.items():
        wait_until(lambda: system.pid(program) != pid, f"{program} is started again")  # noqa: B023


def check_storage(system: LocalSystem) -> None:
    """I1, I9: the whole chain holds, from bytes to signatures."""
    command = [
        sys.executable,
        "-m",
        "daemons.storage.verify",
        system.folder.root / "storage",
        system.folder.trusted_keys,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def check_made(job: dict[str, Any], version: int) -> None:
    assert (job["state"], job["error"], job["version"]) == ("succeeded", None, version)


def versions(system: LocalSystem, site: str) -> list[int]:
    found = wait_until(lambda: system.client.get(f"/sites/{site}/versions", limit=100), "the versions can be listed")
    return [item["number"] for item in found["items"]]


def down_from(number: int) -> list[int]:
    """All versions of a site, the newest first."""
    return list(range(number, 0, -1))


KILLED = {
    "storage": ("storage",),
    "model": ("model",),
    "one worker": ("worker-1",),
    "both workers": ("worker-1", "worker-2"),
    "deployer": ("deployer",),
    "api": ("api",),
    "redis": ("redis",),
    "nginx": ("nginx",),
    "everything but the sites": ("redis", "storage", "model", "worker-1", "worker-2", "deployer", "api"),
}


@pytest.mark.parametrize("name", KILLED)
def test_killed_in_mid_edit(name: str, crashing: ScriptedSystem, site: str) -> None:
    """I3, I5: the edit completes once, visitors notice nothing, the next edit works, and all of it can be verified."""
    system = crashing.system
    before = len(versions(system, site))
    visitors = None if name == "nginx" else Visitors(system, site)
    try:
        edit = HeldEdit(crashing, site, f"{name}, first")
        kill(system, *KILLED[name])
        job = edit.finish()
        check_made(job, before + 1)
        assert versions(system, site) == down_from(before + 1)
        job = HeldEdit(crashing, site, f"{name}, second").finish()
        check_made(job, before + 2)
        wait_until(
            lambda: f"{name}, second" in system.page(f"preview--{site}", "/new.html"), "the preview shows the edit"
        )
    finally:
        if visitors:
            visitors.leave()
    if visitors:
        assert visitors.visits > 3
        assert visitors.trouble == []
    assert system.sandboxed() == []
    check_storage(system)


def test_a_worker_that_stands_still_is_replaced_and_what_it_does_later_is_void(
    crashing: ScriptedSystem, site: str
) -> None:
    """I2, I3: its lease lapses, the other worker does the job, and the queue and the first one count what they met."""
    system = crashing.system
    before = len(versions(system, site))
    edit = HeldEdit(crashing, site, "while one stands still")
    frozen, other = sorted(("worker-1", "worker-2"), key=lambda name: not descendants(system.pid(name)))
    lapsed = crashing.counted("pagewright_lease_expiries_total", "api")
    again = crashing.counted("pagewright_jobs_claimed_total", other, attempt="2")
    lost = crashing.counted("pagewright_claims_lost_total", frozen)
    pid = system.pid(frozen)
    os.kill(pid, signal.SIGSTOP)
    try:
        wait_until(
            lambda: crashing.counted("pagewright_lease_expiries_total", "api") == lapsed + 1,
            "the other worker has the job",
        )
        check_made(edit.finish(), before + 1)
    finally:
        os.kill(pid, signal.SIGCONT)
    assert crashing.counted("pagewright_jobs_claimed_total", other, attempt="2") == again + 1
    wait_until(
        lambda: crashing.counted("pagewright_claims_lost_total", frozen) == lost + 1, "the first one has heard of it"
    )
    assert versions(system, site) == down_from(before + 1)
    assert crashing.counted("pagewright_jobs_claimed_total", frozen, attempt="1") >= 1
    check_storage(system)


def test_redis_loses_everything_in_mid_edit(crashing: ScriptedSystem, site: str) -> None:
    """I2, I3: the job is run again under a new, higher fence, and takes effect once; queued jobs are not lost."""
    system = crashing.system
    before = len(versions(system, site))
    edit = HeldEdit(crashing, site, "without memory")
    waiting = system.ask(site, "Add without memory.")
    subprocess.run(["redis-cli", "-s", system.folder.socket("redis"), "flushall"], check=True, timeout=20)
    done = edit.finish()
    check_made(done, before + 1)
    assert system.finish(waiting, _HOLDS_SECONDS)["state"] == "succeeded"
    assert versions(system, site) == down_from(before + 1)
    check_storage(system)


def test_stopped_in_mid_edit_and_started_again() -> None:
    """I3, I8: nothing is left running, and the job goes on where the system starts again."""
    folder = Path(tempfile.mkdtemp(prefix="pw"))
    with crashing_system(folder) as first:
        first.system.new_site("resumed")
        edit = HeldEdit(first, "resumed", "first")
        running = descendants(first.system.process.pid)
        started = {pid: _started(pid) for pid in running}
        assert len(running) > 10
        first.system.process.terminate()
        first.system.process.wait(60)
        assert [pid for pid in running if started[pid] and _started(pid) == started[pid]] == []
        edit.let_go()
    with crashing_system(folder, edit.answer) as second:
        job = second.system.finish(edit.job, _HOLDS_SECONDS)
        check_made(job, 2)
        assert versions(second.system, "resumed") == [2, 1]
        check_storage(second.system)
    shutil.rmtree(folder)


def _started(pid: int) -> str | None:
    """When the process began, in the kernel's own count; None if it is gone."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return fields[19] if fields[0] != "Z" else None
    return None
