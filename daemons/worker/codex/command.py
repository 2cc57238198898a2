"""Plans the sandboxed run of Codex for one edit."""

import subprocess
from pathlib import Path

from daemons.worker.attachments.prepared_files import NO_FILES, PreparedFiles
from daemons.worker.codex.attached_files import as_home, attached_text
from daemons.worker.codex.concerns import concerns_text
from daemons.worker.codex.config import render_config
from daemons.worker.sandbox.plan import Mount, Plan, RunLimits
from shared.domain.scope import Scope
from shared.domain.vocabulary import JobRequest

_CODEX = "/opt/codex/codex"
# The request goes in on stdin, where no text can be mistaken for an option.
_ARGUMENTS = "exec --json --strict-config --skip-git-repo-check --ephemeral --ignore-rules -C /ws -".split()


def codex_version(codex: Path) -> str:
    """Codex's own name and version, such as `codex-cli 0.169.0`. Raises OSError or SubprocessError if it fails."""
    done = subprocess.run([codex, "--version"], capture_output=True, text=True, timeout=30, env={}, check=True)
    return done.stdout.strip()


def plan_edit(
    request: JobRequest,
    attached: PreparedFiles = NO_FILES,
    scope: Scope | None = None,
    *,
    codex: Path,
    limits: RunLimits,
    context_tokens: int | None = None,
) -> Plan:
    """The plan of the run in which Codex does what the request asks in the workspace, with the files attached to it.

    `scope` is what the request concerns, as far as that is known.
    """
    config = render_config(request.conversation, context_tokens, f"{attached_text(attached)}{concerns_text(scope)}")
    return Plan(
        argv=(_CODEX, *_ARGUMENTS),
        env={"CODEX_HOME": "/agent/.codex"},
        stdin=request.message.encode(),
        programs=(Mount(codex, _CODEX),),
        home={".codex/config.toml": config.encode(), **as_home(attached)},
        limits=limits,
        relay=True,
    )
