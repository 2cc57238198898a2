"""The sandbox: a plan says what a run sees and may use, a backend carries it out, a session talks to it."""

from daemons.worker.sandbox.backends.choice import choose_backend
from daemons.worker.sandbox.jail import Backend, SandboxUnavailable
from daemons.worker.sandbox.plan import DOOR_PORT, Limits, Mount, Plan
from daemons.worker.sandbox.probe import probe, probe_sandbox
from daemons.worker.sandbox.session import Door, Ended, Session, open_session

__all__ = [
    "DOOR_PORT",
    "Backend",
    "Door",
    "Ended",
    "Limits",
    "Mount",
    "Plan",
    "SandboxUnavailable",
    "Session",
    "choose_backend",
    "open_session",
    "probe",
    "probe_sandbox",
]
