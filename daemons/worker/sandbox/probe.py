"""Can this machine make the jail? Asked by `pagewright doctor` and by a worker before it takes work."""

import asyncio
from pathlib import Path

from daemons.worker.sandbox.bubblewrap import open_bubblewrap
from daemons.worker.sandbox.jail import Backend, SandboxUnavailable
from daemons.worker.sandbox.plan import Limits, Plan
from daemons.worker.sandbox.session import open_session

# What switches user namespaces off, which an ordinary user's sandbox needs: file, the value that does it, the remedy.
_SWITCHES = (
    ("/proc/sys/kernel/unprivileged_userns_clone", "0", "sysctl kernel.unprivileged_userns_clone=1"),
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "an AppArmor profile for bwrap with `userns,`, or sysctl kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    ("/proc/sys/user/max_user_namespaces", "0", "sysctl user.max_user_namespaces=10000"),
)


def probe(backend: Backend = open_bubblewrap) -> None:
    """Run a trivial program in a real sandbox. Raises SandboxUnavailable with the reason and what to do."""
    asyncio.run(probe_sandbox(backend))


async def probe_sandbox(backend: Backend = open_bubblewrap) -> None:
    """What `probe` does, for a running event loop."""
    plan = Plan(argv=("/usr/bin/true",), limits=Limits(wall_seconds=20))
    try:
        async with open_session(plan, on_line=lambda _: None, backend=backend) as session:
            ended = await session.run({"probe.txt": b"probe"})
    except SandboxUnavailable as error:
        detail = f"{error.detail} {error.reason}".strip()
        remedy = _remedy() if backend is open_bubblewrap else ""
        raise SandboxUnavailable(detail, remedy or error.hint, error.reason) from None
    if ended.exit_code != 0 or ended.tree != {"probe.txt": b"probe"}:
        raise SandboxUnavailable(f"The sandbox does not work here: it ended with {ended.limit or ended.exit_code}.")


def _remedy() -> str:
    """What to change on this machine, if a known switch is off."""
    for name, off, remedy in _SWITCHES:
        file = Path(name)
        if file.exists() and file.read_text().strip() == off:
            return f"{name} is {off}, so programs can't make user namespaces. Change it: {remedy}."
    return ""
