"""What a backend provides: a connection to a runner inside, and a way to end everything there."""

import socket
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from daemons.worker.sandbox.plan import Plan
from shared.domain.errors import Unavailable


class SandboxUnavailable(Unavailable):
    """A part of the jail can't be set up here. There is no weaker one: the job fails.

    `reason` is what the kernel or a program said, for operators: the journal and `pagewright doctor`.
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
        """The outer end of the conversation with the runner: connected, SOCK_SEQPACKET, non-blocking."""

    async def end(self) -> None:
        """Kill everything inside; nothing is left when it returns. May be called twice."""

    def killed_by(self) -> str | None:
        """The limit for which the kernel has killed everything inside, the runner too, if it is known to have."""

    def complaint(self) -> str:
        """What the jail or the runner had to say about itself, for the journal and for `pagewright doctor`."""


Backend = Callable[[Plan], AbstractAsyncContextManager[Jail]]
