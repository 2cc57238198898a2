"""A real SMTP server on a port of its own, which keeps what it is sent."""

import asyncio
import email
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from functools import partial
from pathlib import Path
from typing import cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.waiting import wait_until


class MailServer:
    """What aiosmtpd calls with each mail; `mails` are those that came, oldest first."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.port = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep it, with the addresses that it was sent to, and what the client called itself."""
        mail = cast("EmailMessage", email.message_from_bytes(cast("bytes", envelope.content), policy=default))
        mail["X-Recipients"], mail["X-Client"] = ", ".join(envelope.rcpt_tos), session.host_name
        self.mails.append(mail)
        return "250 taken"

    def next_mail(self, recipient: str, before: int) -> EmailMessage:
        """The first to this address after `before` mails, once it came."""
        return wait_until(
            lambda: next((mail for mail in self.mails[before:] if mail["X-Recipients"] == recipient), None),
            f"a mail to {recipient}",
        )


@contextmanager
def running_mail_server(
    certificate: Path | None = None, password: str | None = None, socket: Path | None = None
) -> Iterator[MailServer]:
    """A server until the block ends, at a port or a UNIX socket.

    With a certificate it wants STARTTLS, with a password that `pagewright` signs in.
    """
    server = MailServer()

    def authenticate(_: SMTP, __: Session, ___: Envelope, mechanism: str, data: LoginPassword) -> AuthResult:
        is_right = (data.login, data.password) == (b"pagewright", (password or "").encode())
        return AuthResult(success=is_right, handled=is_right)  # the server says no, unless somebody has

    context = None
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
    options = {"authenticator": authenticate, "auth_required": True} if password else {}
    factory = partial(
        SMTP, server, hostname="mail.test", tls_context=context, require_starttls=bool(context), **options
    )
    ready, end = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        make = partial(factory, loop=loop)
        listener = await (loop.create_unix_server(make, socket) if socket else loop.create_server(make, "127.0.0.1", 0))
        async with listener:
            server.port = 0 if socket else listener.sockets[0].getsockname()[1]
            ready.set()
            await end.wait()
            await asyncio.sleep(0)
            for task in asyncio.all_tasks() - {asyncio.current_task()}:  # connections that are open still
                task.cancel()
                await asyncio.wait([task])

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join()
        loop.close()


def self_signed(folder: Path, name: str) -> Path:
    """Key and certificate of a server of this name in one file."""
    file = folder / f"{name}.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += [
        "-subj",
        f"/CN={name}",
        "-addext",
        f"subjectAltName=DNS:{name}",
        "-keyout",
        "key",
        "-out",
        "certificate",
    ]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=30)
    file.write_text((folder / "key").read_text() + (folder / "certificate").read_text())
    return file
