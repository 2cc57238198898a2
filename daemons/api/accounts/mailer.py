"""Sends mail to people: SMTP, encrypted unless the server is on this machine."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP, SMTPException

from shared.domain.errors import Unavailable
from shared.runtime import metrics
from shared.runtime.settings import ApiSettings

_log = logging.getLogger(__name__)
_SECONDS = 15.0
_PORTS = {"smtp": 587, "smtps": 465}
_DOMAIN = re.compile(r"@([A-Za-z0-9.-]+)>?\s*$")
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class Mailer:
    """A mail server: `smtp://[user:password@]host[:port]` (STARTTLS) or `smtps://…`; none, if `url` is None.

    `socket` is a UNIX socket that leads to it, for a process without a network; the server's name is checked all the
    same. What was posted is sent in the background: whoever caused it does not wait, and learns nothing by waiting.
    """

    def __init__(self, url: str | None, sender: str, socket: str | None = None) -> None:
        self._url = urlsplit(url) if url else None
        self._sender = sender
        found = _DOMAIN.search(sender)
        self._domain = found[1] if found else "localhost"
        self._socket = socket
        self._posted: set[asyncio.Task[None]] = set()

    @property
    def is_there(self) -> bool:
        """Whether an operator has given it a server."""
        return self._url is not None

    async def reach(self) -> None:
        """Raises Unavailable unless the server takes mail of ours now."""
        try:
            async with self._session():
                pass
        except (OSError, SMTPException) as error:
            _log.error("the mail server can't be used: %s", error)
            raise Unavailable("No mail can be sent at present.", "Try again later, or ask your operator.") from None

    def post(self, letter: EmailMessage) -> None:
        """Send it in the background; a failure is logged and counted."""
        task = asyncio.create_task(self._send(letter))
        self._posted.add(task)
        task.add_done_callback(self._posted.discard)

    async def close(self) -> None:
        """Wait until all that was posted was taken by the server, or failed."""
        await asyncio.gather(*self._posted)

    async def _send(self, letter: EmailMessage) -> None:
        letter["From"], letter["Date"] = self._sender, format_datetime(datetime.now(UTC))
        letter["Message-ID"] = make_msgid(domain=self._domain)
        letter["Auto-Submitted"] = "auto-generated"
        try:
            async with self._session() as session:
                await session.send_message(letter)
        except (OSError, SMTPException) as error:
            metrics.MAILS.labels("failed").inc()
            _log.error("mail “%s” was not sent: %s", letter["Subject"], error)
        else:
            metrics.MAILS.labels("sent").inc()

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[SMTP]:
        """A connection, encrypted and signed in; it is cut at the end, also if any of that has failed.

        All is said by then, and an encrypted one that is only closed waits for the server's goodbye, up to 30 s.
        """
        assert self._url
        session, transport = self._client(), None
        try:
            async with session:
                transport = session.transport
                if self._url.scheme == "smtp" and self._url.hostname not in _THIS_MACHINE:
                    await session.starttls()
                if self._url.username:
                    await session.login(unquote(self._url.username), unquote(self._url.password or ""))
                yield session
        finally:
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()

    def _client(self) -> SMTP:
        assert self._url
        port = None if self._socket else self._url.port or _PORTS[self._url.scheme]
        return SMTP(
            hostname=self._url.hostname or "",
            # Else a name server is asked for this machine's own, without a time limit and maybe without a network.
            local_hostname=self._domain,
            port=port,
            socket_path=self._socket,
            use_tls=self._url.scheme == "smtps",
            start_tls=False,
            timeout=_SECONDS,
        )


@asynccontextmanager
async def open_mailer(settings: ApiSettings) -> AsyncIterator[Mailer]:
    """The mail server of the settings; at the end, what was posted is sent first."""
    url, socket = settings.api_mail_url, settings.api_mail_socket
    mailer = Mailer(url.get_secret_value() if url else None, settings.api_mail_from, str(socket) if socket else None)
    try:
        yield mailer
    finally:
        await mailer.close()
