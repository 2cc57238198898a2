"""What a host of an installation shows: each thing that is wrong comes with the command that says more."""

import os
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from cli.server_findings import backup_finding, certificate_finding, daemon_finding, is_server, units_finding
from shared.domain.errors import PageWrightError, Unavailable
from tests.support.daemon_process import short_directory
from tests.support.replies import reply


@contextmanager
def admin_socket(daemon: str, answer: bytes) -> Iterator[Path]:
    """The admin address of a daemon that always says the same."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline() not in (b"\r\n", b""):
                pass
            self.wfile.write(answer)

    with short_directory() as folder:
        socket = folder / daemon / "admin.sock"
        socket.parent.mkdir()
        with socketserver.UnixStreamServer(str(socket), Handler) as server:
            threading.Thread(target=server.serve_forever, args=(0.02,)).start()
            try:
                yield socket
            finally:
                server.shutdown()


def test_this_is_no_server() -> None:
    assert not is_server()


def test_units_that_are_not_active_are_named() -> None:
    assert units_finding({"a.service": "active", "b.timer": "active"}) == "2 are active"
    with pytest.raises(Unavailable) as error:
        units_finding({"a.service": "active", "b.service": "failed", "c.timer": "inactive"})
    assert error.value.detail == "b.service is failed, c.timer is inactive."
    assert "journalctl -u b.service" in error.value.hint


def test_a_daemon_says_itself_whether_it_is_ready() -> None:
    with admin_socket("api", reply({})) as socket:
        assert daemon_finding(socket) == "ready"
    problem = {"detail": "Storage can't be reached.", "hint": "Look."}
    with admin_socket("api", reply(problem, 503)) as socket, pytest.raises(PageWrightError, match="Storage can't be"):
        daemon_finding(socket)


def test_a_daemon_that_does_not_answer_is_named_as_its_unit_is(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as error:
        daemon_finding(tmp_path / "worker-night/admin.sock")
    assert "journalctl -u pagewright-worker@night" in error.value.hint


def backup(folder: Path, hours: float) -> None:
    at = datetime.now(UTC) - timedelta(hours=hours)
    (folder / at.strftime("%Y%m%dT%H%M%SZ")).mkdir()


def test_backups_are_made_every_night(tmp_path: Path) -> None:
    folder = tmp_path / "storage"
    folder.mkdir()
    assert backup_finding(folder) == "none yet", "the first night is to come"
    backup(folder, 29)
    assert backup_finding(folder) == "the newest is 29 hours old"


def test_a_night_without_a_backup_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "storage"
    folder.mkdir()
    two_days_ago = datetime.now(UTC).timestamp() - 48 * 3600
    os.utime(folder, (two_days_ago, two_days_ago))
    with pytest.raises(Unavailable, match="None was made in 48 hours"):
        backup_finding(folder)
    backup(folder, 32)
    with pytest.raises(Unavailable, match="The newest one is 32 hours old") as error:
        backup_finding(folder)
    assert "systemctl start pagewright-backup-storage" in error.value.hint


def certificate_until(end: datetime) -> bytes:
    """One that signs itself."""
    key, name = Ed25519PrivateKey.generate(), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(end)
    return builder.sign(key, None).public_bytes(Encoding.PEM)


@pytest.mark.parametrize(
    ("days", "says"), [(30, "good for 30 days"), (10, "It expires in 10 days."), (-1, "It has expired.")]
)
def test_a_certificate_is_renewed_in_time(tmp_path: Path, days: int, says: str) -> None:
    certificate = tmp_path / "certificate.pem"
    certificate.write_bytes(certificate_until(datetime.now(UTC) + timedelta(days=days, minutes=5)))
    if says.startswith("good"):
        assert certificate_finding(certificate) == says
    else:
        with pytest.raises(Unavailable, match=says.rstrip(".")):
            certificate_finding(certificate)
