"""Mail leaves by a real SMTP server: signed in, encrypted, or not at all."""

import asyncio
import socket
import time
from pathlib import Path

import pytest

from daemons.api.accounts.letters import password_letter
from daemons.api.accounts.mailer import Mailer
from shared.domain.errors import Unavailable
from shared.runtime import metrics
from tests.support.mail_server import running_mail_server, self_signed

_SENDER = "PageWright <pw@app.test>"


def _post(url: str, path: str | None = None, sender: str = _SENDER) -> None:
    async def run() -> None:
        mailer = Mailer(url, sender, path)
        mailer.post(password_letter("en", "ana@example.org", "http://app.test/sign-in"))
        await mailer.close()

    asyncio.run(run())


def _reach(url: str) -> None:
    asyncio.run(Mailer(url, _SENDER).reach())


def _failed() -> float:
    return metrics.MAILS.labels("failed")._value.get()


def test_a_mail_arrives_whole_and_says_who_it_is_from() -> None:
    with running_mail_server() as server:
        _reach(f"smtp://127.0.0.1:{server.port}")
        _post(f"smtp://127.0.0.1:{server.port}")
    (mail,) = server.mails
    assert (mail["From"], mail["To"], mail["X-Recipients"]) == (_SENDER, "ana@example.org", "ana@example.org")
    assert mail["Auto-Submitted"] == "auto-generated" and mail["Message-ID"].endswith("@app.test>") and mail["Date"]
    assert "http://app.test/sign-in" in mail.get_content()


@pytest.mark.parametrize(
    ("sender", "name"),
    [(_SENDER, "app.test"), ("pw@app.test", "app.test"), ("PageWright <pagewright@localhost>", "localhost")],
)
def test_no_name_server_is_asked_what_this_machine_is_called(
    sender: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getfqdn", lambda: time.sleep(60))
    with running_mail_server() as server:
        _post(f"smtp://127.0.0.1:{server.port}", sender=sender)
    assert [mail["X-Client"] for mail in server.mails] == [name]


def test_a_server_elsewhere_must_prove_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Also behind a socket; and it wants the right password."""
    certificate, path = self_signed(tmp_path, "mail.test"), tmp_path / "smtp"
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with running_mail_server(certificate, "s3cret/word", path) as server:
        _post("smtp://pagewright:s3cret%2Fword@mail.test", str(path))
        assert len(server.mails) == 1
        before = _failed()
        for nobody, why in (
            ("pagewright:wrong@mail.test", "credentials invalid"),
            ("pagewright:s3cret%2Fword@other.test", "certificate verify failed"),
            ("mail.test", "Authentication required"),
        ):
            caplog.clear()
            _post(f"smtp://{nobody}", str(path))
            assert why in " ".join(caplog.messages)
        assert (len(server.mails), _failed()) == (1, before + 3)


def test_nothing_is_said_to_a_server_elsewhere_that_does_not_encrypt(tmp_path: Path) -> None:
    with running_mail_server(socket=tmp_path / "smtp") as server:
        _post("smtp://mail.test", str(tmp_path / "smtp"))
        assert server.mails == []


def test_without_a_server_there_is_none_and_one_that_is_away_is_told() -> None:
    assert not Mailer(None, _SENDER).is_there
    with pytest.raises(Unavailable, match="No mail can be sent at present"):
        _reach("smtp://127.0.0.1:1")
