"""What a backend provides: a connection to the runner inside, and a way to end everything there."""

import socket
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from daemons.worker.sandbox.plan import Plan
from shared.domain.errors import Unavailable


class SandboxUnavailable(Unavailable):
    """A part of the jail can't be set up on this machine. There is no weaker jail, so the job fails.

    `reason` quotes the kernel or a program, for operators: in the journal and in `pagewright doctor`.
    """

    def __init__(self, detail: str, hint: str = "Run `pagewright doctor` on the worker.", reason: str = "") -> None:
        super().__init__(detail, hint)
        self.reason = reason
        if reason:
            self.add_note(reason)


class Jail(Protocol):
    """A running jail. Leaving the backend's context ends it as `end` does."""

    @property
    def control(self) -> socket.socket:
        """The worker's end of the connection to the runner: SOCK_SEQPACKET, non-blocking."""

    async def end(self) -> None:
        """Kill everything inside and wait until nothing is left. It may be called twice."""

    def killed_by(self) -> str | None:
        """The limit for which the kernel killed everything inside, the runner too; None if that is not known."""

    def diagnostics(self) -> str:
        """What the jail or the runner wrote about itself, for the journal and for `pagewright doctor`."""


Backend = Callable[[Plan], AbstractAsyncContextManager[Jail]]
