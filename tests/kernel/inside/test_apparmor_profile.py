"""Sandboxes of bubblewrap under its AppArmor profile: they work as before, and what runs inside is confined twice (I7).

Debian's kernel has not the restriction that the profile is for, but it enforces all the rest of it.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.slowness import SLOWNESS
from tests.test_apparmor import profile_for

pytestmark = pytest.mark.kernel

_CHECKOUT = Path(__file__).parents[3]
_PARSER = "/usr/sbin/apparmor_parser"
_RUN = """
import asyncio, sys
from daemons.worker.sandbox import RunLimits, Plan, open_session
code = "print(open('/proc/self/attr/current').read().strip()); open('/ws/made', 'w').close()"
async def main():
    plan = Plan(argv=("/usr/bin/python3", "-c", code), limits=RunLimits(wall_seconds=float(sys.argv[1])), relay=True)
    relay = lambda _: asyncio.sleep(9999)
    async with open_session(plan, on_line=lambda line: print(line.decode()), relay=relay) as one:
        print(*(await one.run({"given": b""})).tree)
asyncio.run(main())
"""


@pytest.fixture(scope="module")
def loaded() -> Iterator[None]:
    """The kernel has the profile."""
    profile = profile_for(_PARSER)
    for action in ("--replace", "--remove"):
        subprocess.run([_PARSER, "--skip-cache", action], input=profile, text=True, check=True, timeout=60 * SLOWNESS)
        if action == "--replace":
            yield


@pytest.mark.parametrize("user", ["root", "admin"])
def test_sandbox_works_and_is_confined(user: str, loaded: None) -> None:
    """An ordinary user's, and root's, whose runner must become nobody first."""
    command = ["runuser", "-u", user, "--", sys.executable, "-c", _RUN, str(60 * SLOWNESS)]
    done = subprocess.run(command, cwd=_CHECKOUT, capture_output=True, text=True, check=False, timeout=100 * SLOWNESS)
    confined = "pagewright-bwrap//&pagewright-bwrapped (enforce)"
    assert done.stdout.splitlines() == [confined, "given made"], done.stderr
