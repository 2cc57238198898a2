"""The sandbox carries the programs it was made for: the real Codex and the real Chromium."""

import asyncio
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import playwright
import pytest

from daemons.worker.codex.command import plan_edit
from daemons.worker.model_relay.relay import ModelRelay
from daemons.worker.sandbox import Mount, Plan, RunLimits, RunResult
from daemons.worker.sandbox.python_packages import LIBRARIES, LIBRARY_FILES, PYTHONPATH
from shared.domain.vocabulary import JobKind, JobRequest, new_id
from tests.support.codex_run import CODEX
from tests.support.model_relay import TICKET
from tests.support.sandbox_run import open_session, python_plan
from tests.support.scripted_endpoint import ScriptedEndpoint, items, message, shell

pytestmark = pytest.mark.usefixtures("sandbox")

_LIMITS = RunLimits(wall_seconds=120)
_FONTS = Mount(Path("/etc/fonts"), "/etc/fonts")
_CHROMIUM = "/usr/bin/chromium-headless-shell"
_FLAGS = ["--no-sandbox", "--no-zygote", "--disable-dev-shm-usage"]
_PNG_START = b"\x89PNG\r\n"

_SERVE = """
import functools, http.server, threading
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory="/ws/public")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_address[1]}/"
"""


def _run(plan: Plan, tree: dict[str, bytes], relay: ModelRelay | None = None) -> tuple[RunResult, list[bytes]]:
    lines: list[bytes] = []

    async def whole() -> RunResult:
        async with open_session(plan, relay=relay, on_line=lines.append) as session:
            return await session.run(tree)

    return asyncio.run(whole()), lines


def _request() -> JobRequest:
    now = datetime.now(UTC)
    return JobRequest(id=new_id(), site="bakery", kind=JobKind.EDIT, message="New title", author="ann", created_at=now)


def test_codex_starts() -> None:
    plan = Plan(argv=("/opt/codex/codex", "--version"), limits=_LIMITS, programs=(Mount(CODEX, "/opt/codex/codex"),))
    ended, lines = _run(plan, {})
    assert ended.exit_code == 0
    assert lines[0].startswith(b"codex-cli")


def test_codex_edits_a_site(scripted_endpoint: ScriptedEndpoint) -> None:
    """A whole edit: the model's command runs inside, its result goes back through the relay, the file comes out."""
    scripted_endpoint.script(shell("echo '<h1>New</h1>' > index.html; id -un"), message("Done."))
    relay = ModelRelay(scripted_endpoint.address, TICKET)
    ended, lines = _run(plan_edit(_request(), codex=CODEX, limits=_LIMITS), {"index.html": b"<h1>Old</h1>\n"}, relay)
    assert ended.exit_code == 0, ended.error_output.decode()
    assert ended.tree == {"index.html": b"<h1>New</h1>\n"}
    assert json.loads(lines[-1])["type"] == "turn.completed"
    assert b"agent" in scripted_endpoint.received[1].body
    assert relay.trouble is None


def test_codex_shortens_a_conversation_before_it_is_too_long_for_the_model(scripted_endpoint: ScriptedEndpoint) -> None:
    """By the context of the model's own server, which is smaller than Codex thinks."""
    call = {"type": "function_call", "call_id": "call_1", "name": "exec_command", "arguments": '{"cmd": "echo found"}'}
    scripted_endpoint.script(items(call, input_tokens=15_000), message("The summary."), message("Done."))
    relay = ModelRelay(scripted_endpoint.address, TICKET)
    plan = plan_edit(_request(), codex=CODEX, limits=_LIMITS, context_tokens=16_000)
    ended, _ = _run(plan, {"index.html": b"<h1>Old</h1>\n"}, relay)
    assert ended.exit_code == 0, ended.error_output.decode()
    _, compaction, last = scripted_endpoint.received
    assert b"summary" in compaction.body
    assert b"echo found" in compaction.body
    assert b"The summary." in last.body
    assert b"echo found" not in last.body


def test_chromium_pictures_a_page_served_inside() -> None:
    code = f"""{_SERVE}
import subprocess
subprocess.run([{_CHROMIUM!r}, *{_FLAGS}, "--screenshot=/ws/out/page.png", url], check=True)
"""
    plan = python_plan(code, programs=(_FONTS,), collect="out", limits=_LIMITS)
    ended, _ = _run(plan, {"public/index.html": b"<h1>Hello</h1>", "out/note.txt": b""})
    assert ended.exit_code == 0, ended.error_output.decode()
    assert ended.tree["page.png"].startswith(_PNG_START)


def test_playwright_drives_a_warm_chromium() -> None:
    """Playwright's node driver with its pipes, and Chromium with its own, all under the same filter."""
    code = f"""{_SERVE}
import os, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path={_CHROMIUM!r}, args={_FLAGS}, chromium_sandbox=False)
    page = browser.new_page()
    sys.stdin.read()
    page.goto(url)
    os.mkdir("/ws/out")
    page.screenshot(path="/ws/out/page.png")
    print(page.title(), flush=True)
    browser.close()
"""
    packages = Path(os.fspath(playwright.__path__[0])).parent
    libraries = (Mount(packages / name, f"{LIBRARIES}/{place}") for place, name in LIBRARY_FILES.items())
    plan = python_plan(
        code,
        programs=(_FONTS, *libraries),
        env={"PYTHONPATH": PYTHONPATH},
        collect="out",
        limits=_LIMITS,
        warm=True,
    )
    ended, lines = _run(plan, {"public/index.html": b"<title>Warm</title><h1>Hello</h1>"})
    assert ended.exit_code == 0, ended.error_output.decode()
    assert lines == [b"Warm"]
    assert ended.tree["page.png"].startswith(_PNG_START)
