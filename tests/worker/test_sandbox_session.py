"""A session from start to end: what goes in, what comes out, and that nothing of it stays (I8)."""

import asyncio
import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from daemons.worker.sandbox import Ended, Limits, Mount, Plan, SandboxUnavailable, open_session
from shared.errors import InvalidInput
from tests.support.sandbox_run import processes_with, python_plan, run_in_sandbox

pytestmark = pytest.mark.usefixtures("sandbox")

_LIMITS = Limits(wall_seconds=60)


def _open_fds() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _until_gone(marker: str, seconds: float) -> None:
    """Wait until no process with the marker is left."""
    started = time.monotonic()
    while processes_with(marker):
        assert time.monotonic() - started < seconds, "something of the sandbox is still running"
        time.sleep(0.02)


def test_stdin_environment_and_home_arrive() -> None:
    code = "import os, sys; print(sys.stdin.read(), os.environ, open('/agent/.x/config').read(), os.getcwd())"
    run = run_in_sandbox(code, stdin=b"a prompt", env={"KEY": "value"}, home={".x/config": b"settings"})
    line = run.lines[0].decode()
    assert line.startswith("a prompt environ({")
    assert line.endswith("settings /ws")
    for name in ("KEY", "HOME", "PATH", "LANG", "TMPDIR"):
        assert f"'{name}'" in line
    assert os.environ["PATH"] not in line


def test_home_is_writable_and_new_for_each_run() -> None:
    """Attack 21: what a program does to its configuration ends with it."""
    code = "print(open('/agent/c').read()); open('/agent/c', 'w').write('changed')"
    for _ in range(2):
        assert run_in_sandbox(code, home={"c": b"given"}).lines == [b"given"]


@pytest.mark.parametrize(
    ("code", "exit_code"), [("pass", 0), ("exit(7)", 7), ("import os; os.kill(os.getpid(), 9)", -9)]
)
def test_exit_code(code: str, exit_code: int) -> None:
    assert run_in_sandbox(code).ended.exit_code == exit_code


def test_lines_arrive_whole_and_in_order() -> None:
    code = "import os\nfor n in range(3000): os.write(1, b'%d ' % n + b'x' * 100 + b'\\n')\nos.write(1, b'rest')"
    lines = run_in_sandbox(code).lines
    assert [line.split()[0] for line in lines] == [*(b"%d" % n for n in range(3000)), b"rest"]


def test_error_of_the_line_reader_comes_out() -> None:
    def refuse(line: bytes) -> None:
        raise InvalidInput(f"no such event: {line!r}")

    started = time.monotonic()
    with pytest.raises(InvalidInput, match="hello"):
        run_in_sandbox("import time; print('hello', flush=True); time.sleep(600)", on_line=refuse)
    assert time.monotonic() - started < 5


def test_only_the_collected_folder_comes_back() -> None:
    run = run_in_sandbox("open('site/b', 'w').write('2')", {"site/a": b"1", "upload": b"zip"}, collect="site")
    assert run.ended.tree == {"a": b"1", "b": b"2"}


def test_missing_collected_folder_is_empty() -> None:
    assert run_in_sandbox("pass", {"a": b"1"}, collect="site/pages").ended.tree == {}


def test_warm_program_starts_before_its_workspace() -> None:
    """It is up when the session is, but reads its stdin only when the files are there."""
    code = "import os, sys; print(os.listdir(), flush=True); sys.stdin.read(); print(os.listdir(), flush=True)"

    async def whole() -> list[bytes]:
        lines: list[bytes] = []
        up = asyncio.Event()

        def on_line(line: bytes) -> None:
            lines.append(line)
            up.set()

        async with open_session(python_plan(code, warm=True, stdin=b"go"), on_line=on_line) as session:
            async with asyncio.timeout(20):
                await up.wait()
            assert lines == [b"[]"]
            await session.run({"a": b""})
        return lines

    assert asyncio.run(whole()) == [b"[]", b"['a']"]


def test_warm_program_that_ends_early_is_still_a_run() -> None:
    assert run_in_sandbox("exit(3)", {"a": b"1"}, warm=True).ended == Ended(3, {"a": b"1"}, b"")


def test_missing_program_is_an_error_of_the_sandbox() -> None:
    async def whole() -> None:
        async with open_session(Plan(argv=("/opt/none",), limits=_LIMITS), on_line=print) as session:
            await session.run({})

    with pytest.raises(SandboxUnavailable) as caught:
        asyncio.run(whole())
    assert "No such file" in caught.value.reason


def test_missing_mount_is_an_error_of_the_sandbox() -> None:
    """There is no weaker jail than the one that was planned."""
    with pytest.raises(SandboxUnavailable) as caught:
        run_in_sandbox("pass", programs=(Mount(Path("/nowhere"), "/opt/x"),))
    assert "/nowhere" in caught.value.reason


@pytest.mark.parametrize("path", ["../agent/x", "/etc/x", "a//b", "a/./b", ""])
def test_workspace_never_leaves_its_folder(path: str) -> None:
    with pytest.raises(ValueError, match="leaves its folder"):
        run_in_sandbox("pass", {path: b""})


def test_leaving_early_ends_everything() -> None:
    """I8: a session that is left without a run."""
    marker = secrets.token_hex(8)

    async def whole() -> None:
        async with open_session(python_plan(f"import time; time.sleep(600)  # {marker}", warm=True), on_line=print):
            while not processes_with(marker):
                await asyncio.sleep(0.02)

    asyncio.run(whole())
    assert processes_with(marker) == []


def test_cancelling_ends_everything_within_two_seconds() -> None:
    """I8."""
    marker = secrets.token_hex(8)
    code = f"import os, time; os.fork(); print('up', flush=True); time.sleep(600)  # {marker}"

    async def whole() -> float:
        up = asyncio.Event()

        async def run() -> None:
            async with open_session(python_plan(code), on_line=lambda _: up.set()) as session:
                await session.run({})

        task = asyncio.create_task(run())
        await up.wait()
        started = time.monotonic()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()
        return time.monotonic() - started

    assert asyncio.run(whole()) < 2
    assert processes_with(marker) == []


def test_cancelling_at_any_moment_of_the_start_leaves_nothing() -> None:
    """I8: whatever has been set up by then is taken down."""
    marker = secrets.token_hex(8)
    before = _open_fds()

    async def whole() -> None:
        async def run() -> None:
            plan = python_plan(f"import time; time.sleep(600)  # {marker}", warm=True)
            async with open_session(plan, on_line=print) as session:
                await session.run({})

        for milliseconds in range(0, 100, 7):
            task = asyncio.create_task(run())
            await asyncio.sleep(milliseconds / 1000)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(whole())
    assert processes_with(marker) == []
    assert _open_fds() <= before


def test_killed_worker_leaves_no_process() -> None:
    """I8: nobody is left to clean up, and still nothing stays."""
    marker = secrets.token_hex(8)
    program = f"""
import asyncio
from tests.support.sandbox_run import python_plan
from daemons.worker.sandbox import open_session
code = "import os, time; os.fork() or os.setsid(); print('up', flush=True); time.sleep(600)  # {marker}"
async def main():
    async with open_session(python_plan(code), on_line=lambda _: print("up", flush=True)) as session:
        await session.run({{}})
asyncio.run(main())
"""
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}
    worker = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment)
    assert worker.stdout
    with worker, worker.stdout:
        assert [worker.stdout.readline() for _ in range(2)] == [b"up\n", b"up\n"]
        inside = len(processes_with(marker)) - 1
        worker.send_signal(signal.SIGKILL)
    assert inside == 2
    _until_gone(marker, seconds=5)


def test_killed_runner_ends_the_run() -> None:
    """Attack 15, from outside: a broken sandbox is a failed run, not a hanging one."""
    marker = secrets.token_hex(8)

    async def whole() -> Ended:
        code = f"import time; print('up', flush=True); time.sleep(600)  # {marker}"
        up = asyncio.Event()
        async with open_session(python_plan(code), on_line=lambda _: up.set()) as session:
            running = asyncio.create_task(session.run({}))
            await up.wait()
            [program] = processes_with(marker)
            runner = int(Path(f"/proc/{program}/stat").read_text().rsplit(")", 1)[1].split()[1])
            os.kill(runner, signal.SIGKILL)
            return await asyncio.wait_for(running, 5)

    assert asyncio.run(whole()).limit == "crash"
    assert processes_with(marker) == []


def test_fifty_sessions_leak_no_descriptor() -> None:
    """I8."""
    run_in_sandbox("pass")
    before = _open_fds()
    for _ in range(50):
        run_in_sandbox("pass", {"a": b"1"})
    assert _open_fds() <= before


def test_host_processes_of_the_sandbox_carry_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """I7, attack 2: not even the program that makes the jail is started with the worker's environment."""
    monkeypatch.setenv("PAGEWRIGHT_SECRET", "hunter2")
    marker = secrets.token_hex(8)

    async def whole() -> list[bytes | None]:
        async with open_session(python_plan(f"import time; time.sleep(600)  # {marker}", warm=True), on_line=print):
            while not (found := processes_with(marker)):
                await asyncio.sleep(0.02)
            chain = [found[0]]
            while chain[-1] != os.getpid():
                chain.append(int(Path(f"/proc/{chain[-1]}/stat").read_text().rsplit(")", 1)[1].split()[1]))
            return [_environment(process) for process in chain[:-1]]

    program, *jail = asyncio.run(whole())
    assert len(jail) == 2
    assert program
    assert b"hunter2" not in program
    assert set(jail) <= {b"", b"PWD=/\0", None}  # None: it can't even be read


def _environment(process: int) -> bytes | None:
    try:
        return Path(f"/proc/{process}/environ").read_bytes()
    except PermissionError:
        return None


def test_files_disappear_with_the_session() -> None:
    """I8: workspaces live in memory only; the machine's temporary folders stay as they were."""
    name = secrets.token_hex(8)
    run_in_sandbox(f"[open(f'{{place}}/{name}', 'w') for place in ('/tmp', '/ws', '/agent', '/dev/shm')]")
    assert not [place for place in ("/tmp", "/dev/shm", "/var/tmp") if (Path(place) / name).exists()]


def test_two_sessions_do_not_see_each_other() -> None:
    """I7, attack 3."""

    async def whole() -> list[bytes]:
        lines: list[bytes] = []
        code = "import os; print([p for p in os.listdir('/proc') if p.isdigit()], os.listdir('/ws'), flush=True)"
        other = open_session(python_plan("import time; time.sleep(600)", warm=True), on_line=print)
        async with other, open_session(python_plan(code), on_line=lines.append) as session:
            await session.run({"mine": b""})
        return lines

    assert asyncio.run(whole()) == [b"['1', '2'] ['mine']"]
