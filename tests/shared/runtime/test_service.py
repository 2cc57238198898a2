"""The frame of a daemon when its work fails: what was begun is finished, and the process ends with the error."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.clients.daemon import open_client
from tests.support.daemon_process import ROOT, short_directory

# Its work fails as soon as a request has come, which takes longer to answer.
_DAEMON = """
import asyncio, sys
from contextlib import asynccontextmanager
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from shared.runtime.service import Service, run_daemon
from shared.runtime.settings import Settings
from shared.runtime.web import http_app

asked = asyncio.Event()

async def slow(request):
    asked.set()
    await asyncio.sleep(1)
    return PlainTextResponse("whole")

async def fail(stop):
    await asked.wait()
    raise ZeroDivisionError("the work failed")

@asynccontextmanager
async def open_service(settings):
    yield Service(f"unix:{sys.argv[1]}/admin", http_app([Route("/", slow)]), f"unix:{sys.argv[1]}/service", fail)

run_daemon("test", Settings, open_service)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with short_directory() as path:
        yield path


def test_what_was_begun_is_finished_though_the_work_failed(folder: Path) -> None:
    async def ask() -> str:
        async with open_client(f"unix:{folder}/service") as client:
            return (await client.get("/")).text

    with subprocess.Popen(
        [sys.executable, "-c", _DAEMON, folder],
        env={"PYTHONPATH": os.fspath(ROOT), "PATH": "/usr/bin:/bin"},
        stderr=subprocess.PIPE,
        text=True,
    ) as daemon:
        assert daemon.stderr
        assert "ready" in next(line for line in daemon.stderr if "ready" in line)
        assert asyncio.run(ask()) == "whole"
        _, complaint = daemon.communicate(timeout=30)
    assert "the work failed" in complaint
    assert daemon.returncode == 1
    assert not list(folder.iterdir()), "its addresses are gone"
