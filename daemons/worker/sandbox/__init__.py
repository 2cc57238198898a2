"""The sandbox: a plan says what a run sees and may use, a backend makes the jail, a session talks to the runner."""

from daemons.worker.sandbox.backends.choice import choose_backend
from daemons.worker.sandbox.jail import Backend, SandboxUnavailable
from daemons.worker.sandbox.plan import RELAY_PORT, Mount, Plan, RunLimits
from daemons.worker.sandbox.self_test import run_self_test
from daemons.worker.sandbox.session import Relay, RunResult, SandboxSession, open_session

__all__ = [
    "RELAY_PORT",
    "Backend",
    "Mount",
    "Plan",
    "Relay",
    "RunLimits",
    "RunResult",
    "SandboxSession",
    "SandboxUnavailable",
    "choose_backend",
    "open_session",
    "run_self_test",
]
