"""How Codex runs in the sandbox: the plan of one edit."""

import subprocess
from pathlib import Path

from daemons.worker.sandbox.plan import Limits, Mount, Plan

_HOME = "/agent"
_CODEX = "/opt/codex/codex"
# The request goes in on stdin, where no text can be mistaken for an option.
_ARGUMENTS = "exec --json --strict-config --skip-git-repo-check --ephemeral --ignore-rules -C /ws -".split()


def codex_version(codex: Path) -> str:
    """What Codex calls itself, such as `codex-cli 0.169.0`."""
    done = subprocess.run([codex, "--version"], capture_output=True, text=True, timeout=30, env={}, check=True)
    return done.stdout.strip()


def plan_edit(message: str, *, codex: Path, config: Path, limits: Limits) -> Plan:
    """The sandboxed run in which Codex does what `message` asks with the workspace."""
    return Plan(
        argv=(_CODEX, *_ARGUMENTS),
        env={
            "HOME": _HOME,
            "CODEX_HOME": f"{_HOME}/.codex",
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "TMPDIR": f"{_HOME}/tmp",  # noqa: S108  the sandbox's own
        },
        stdin=message.encode(),
        programs=(Mount(codex, _CODEX), Mount(config, f"{_HOME}/.codex/config.toml")),
        limits=limits,
        door=True,
        collect="",
        warm=False,
    )
