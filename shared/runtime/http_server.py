"""Serves an application on listening sockets, and stops without losing a request: the only user of uvicorn."""

import asyncio
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from shared.runtime.listeners import hide, listen_on

_LAST_CALL_SECONDS = 0.1
_FINISH_SECONDS = 5


class HttpServer(uvicorn.Server):
    """An application at an address, and on sockets that systemd keeps open when we are gone."""

    def __init__(self, app: ASGIApp, address: str, handed: Sequence[socket.socket] = ()) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                lifespan="off",
                ws="none",
                timeout_graceful_shutdown=_FINISH_SECONDS,
            )
        )
        self._address = address
        self._own, self._handed = listen_on(address), handed

    async def run_until_stopped(self) -> None:
        """Answer requests until `should_exit` is set."""
        await self.serve(sockets=[self._own, *self._handed])

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone: `run_daemon` handles them for the whole daemon."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer everybody whose connection the kernel has taken, then close.

        Closing our own socket resets the connections that wait at it, so we first remove its address, if it is a
        file, and accept those that wait. At a socket of systemd they may wait for the next start. uvicorn closes a
        connection without a request, so each accepted one gets time to send its request.
        """
        loop = asyncio.get_running_loop()
        hide(self._address)
        for listener in self._handed:
            loop.remove_reader(listener)
        await asyncio.sleep(_LAST_CALL_SECONDS)
        for server in self.servers:
            server.close()
        await asyncio.sleep(_LAST_CALL_SECONDS)
        await super().shutdown(sockets)
        if self.server_state.tasks:  # uvicorn has cut them off: they get a moment to say so
            await asyncio.wait(set(self.server_state.tasks), timeout=_FINISH_SECONDS)
