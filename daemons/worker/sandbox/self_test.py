"""Checks that this machine can make the jail: for `pagewright doctor`, and for a worker before it claims jobs."""

import asyncio
from pathlib import Path

from daemons.worker.sandbox.backends.bubblewrap import open_bubblewrap
from daemons.worker.sandbox.jail import Backend, SandboxUnavailable
from daemons.worker.sandbox.plan import Plan, RunLimits
from daemons.worker.sandbox.session import open_session

_TRIVIAL = ("/usr/bin/true",)
# An ordinary user's sandbox needs user namespaces. What may switch them off: the file, the value, the remedy.
_SWITCHES = (
    ("/proc/sys/kernel/unprivileged_userns_clone", "0", "sysctl kernel.unprivileged_userns_clone=1"),
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "`make setup` installs an AppArmor profile for bubblewrap; it needs root or sudo",
    ),
    ("/proc/sys/user/max_user_namespaces", "0", "sysctl user.max_user_namespaces=10000"),
)


def run_self_test(backend: Backend = open_bubblewrap, argv: tuple[str, ...] = _TRIVIAL) -> None:
    """Run a program in a real sandbox. Raises SandboxUnavailable, which says why it failed and what to do."""
    asyncio.run(self_test(backend, argv))


async def self_test(backend: Backend = open_bubblewrap, argv: tuple[str, ...] = _TRIVIAL) -> None:
    """Do the same as `run_self_test` in a running event loop."""
    plan = Plan(argv=argv, limits=RunLimits(wall_seconds=20))
    try:
        async with open_session(plan, on_line=lambda _: None, backend=backend) as session:
            ended = await session.run({"page.txt": b"self-test"})
    except SandboxUnavailable as error:
        detail = f"{error.detail} {error.reason}".strip()
        remedy = _remedy() if backend is open_bubblewrap else ""
        raise SandboxUnavailable(detail, remedy or error.hint, error.reason) from None
    if ended.exit_code != 0 or ended.tree.get("page.txt") != b"self-test":
        how = ended.limit or ended.exit_code
        raise SandboxUnavailable(f"{argv[0]} does not work in the sandbox: it ended with {how}.")


def _remedy() -> str:
    """What to change on this machine if a known setting forbids user namespaces, else ""."""
    for name, off, remedy in _SWITCHES:
        file = Path(name)
        if file.exists() and file.read_text().strip() == off:
            return f"{name} is {off}, so programs can't make user namespaces. Change it: {remedy}."
    return ""
