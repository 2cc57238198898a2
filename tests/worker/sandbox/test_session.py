"""A session from start to end: what goes in, what comes out, and who sees what."""

import asyncio
import os
import time

import pytest

from daemons.worker.sandbox import Plan, RunLimits, RunResult, SandboxUnavailable
from shared.domain.errors import InvalidInput
from tests.support.sandbox_run import open_session, python_plan, run_in_sandbox

pytestmark = pytest.mark.usefixtures("sandbox")


_LIMITS = RunLimits(wall_seconds=60)


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
    assert run_in_sandbox("exit(3)", {"a": b"1"}, warm=True).ended == RunResult(3, {"a": b"1"}, b"")


def test_missing_program_is_an_error_of_the_sandbox() -> None:
    async def whole() -> None:
        async with open_session(Plan(argv=("/opt/none",), limits=_LIMITS), on_line=print) as session:
            await session.run({})

    with pytest.raises(SandboxUnavailable) as caught:
        asyncio.run(whole())
    assert "No such file" in caught.value.reason


@pytest.mark.parametrize("path", ["../agent/x", "/etc/x", "a//b", "a/./b", ""])
def test_workspace_never_leaves_its_folder(path: str) -> None:
    with pytest.raises(ValueError, match="leaves its folder"):
        run_in_sandbox("pass", {path: b""})


def test_two_sessions_do_not_see_each_other() -> None:
    """I7, attack 3."""

    async def whole() -> list[bytes]:
        lines: list[bytes] = []
        code = (
            "import os; print({p for p in os.listdir('/proc') if p.isdigit()} - {'1', str(os.getpid())}, os.listdir())"
        )
        other = open_session(python_plan("import time; time.sleep(600)", warm=True), on_line=print)
        async with other, open_session(python_plan(code), on_line=lines.append) as session:
            await session.run({"mine": b""})
        return lines

    assert asyncio.run(whole()) == [b"set() ['mine']"]
