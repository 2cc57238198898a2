"""Backups and restores by their commands, as an operator makes them."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from daemons.storage.verify import verify_directory
from shared.domain.signing import load_trusted_keys
from shared.runtime.backups import newest_time
from tests.support.daemon_process import ROOT, run_module
from tests.support.manifests import TRUSTED_LINE
from tests.support.storage_process import StorageProcess

ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin", "PYTHONPATH": str(ROOT)}


def command(name: str, *words: object) -> list[str]:
    return [sys.executable, "-m", f"daemons.storage.{name}", *map(str, words)]


def run(*line: str) -> subprocess.CompletedProcess[str]:
    if line[:2] == (sys.executable, "-m"):
        return run_module(*line[2:], environment=ENVIRONMENT, seconds=120)
    return subprocess.run(line, env=ENVIRONMENT, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def backup_command(storage: StorageProcess, folder: Path, *options: object) -> list[str]:
    keys = storage.base / "keys"
    keys.write_text(TRUSTED_LINE + "\n")
    return command("backup", storage.directory, folder, "--trusted-keys", keys, *options)


def back_up(storage: StorageProcess, folder: Path, *options: object) -> Path:
    """A backup that works; it waits for the next second, for the names are seconds."""
    while (newest := newest_time(folder)) and newest.timestamp() >= int(time.time()):
        time.sleep(0.01)
    done = run(*backup_command(storage, folder, *options))
    assert (done.returncode, done.stderr) == (0, "")
    return Path(done.stdout.strip())


def findings(backup: Path) -> list[str]:
    """What `verify` says of a backup, with the keys that are in it."""
    return verify_directory(backup, load_trusted_keys((backup / "trusted-keys").read_text()))


def contents(directory: Path) -> dict[str, bytes]:
    """Every file of sites and blobs."""
    files = (path for name in ("sites", "blobs") for path in (directory / name).rglob("*") if path.is_file())
    return {str(path.relative_to(directory)): path.read_bytes() for path in files}


def kill_in_the_middle(line: list[str], folder: Path, written: str) -> None:
    """Start a command and kill it once a file that matches is there."""
    with subprocess.Popen(line, env=ENVIRONMENT, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        while not any(folder.glob(written)):
            assert process.poll() is None
        process.kill()
    assert process.returncode == -signal.SIGKILL, "it was done before it could be killed"


def many_files(storage: StorageProcess) -> None:
    """Blobs, so that copying takes a while; only their names have to be right for this."""
    for number in range(600):
        (storage.directory / "blobs/00" / f"{number:064x}").write_bytes(b"x")
