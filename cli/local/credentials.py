"""The secrets of the local run: made once, and handed to each daemon as a folder with only its own."""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from cli.local.folder import RunFolder, private_folder
from shared.domain.signing import generate_private_key, load_private_key, trusted_key_line

SIGNING_KEY = "worker_signing_key"
MODEL_KEY = "model_key"
_TOKENS = ("storage_worker_token", "storage_api_token", "storage_deployer_token", "model_ticket_key")


def make_secrets(folder: RunFolder) -> dict[str, str]:
    """Setting name → secret, the same at every start; the workers' public key is trusted."""
    kept = private_folder(folder.root / "secrets")
    made = {name: _once(kept / name, secrets.token_urlsafe(32)) for name in _TOKENS}
    made[SIGNING_KEY] = _once(kept / SIGNING_KEY, generate_private_key())
    trust(folder.trusted_keys, [trusted_key_line(load_private_key(made[SIGNING_KEY]))])
    if model_key := os.environ.get("PAGEWRIGHT_MODEL_KEY") or os.environ.get("OPENAI_API_KEY"):
        made[MODEL_KEY] = model_key
    return made


def trust(file: Path, lines: Iterable[str]) -> None:
    """Add public keys to the trusted ones; older keys stay trusted."""
    known = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    new = [line for line in lines if line not in known]
    if new:
        write_private(file, "".join(f"{line}\n" for line in (*known, *new)))


def hand_out(folder: RunFolder, daemon: str, names: Iterable[str], made: dict[str, str]) -> Path:
    """The daemon's `CREDENTIALS_DIRECTORY`, holding exactly these secrets (those that exist)."""
    directory = private_folder(private_folder(folder.root / "credentials") / daemon)
    wanted = {f"pagewright_{name}": made[name] for name in names if name in made}
    for file in directory.iterdir():
        if file.name not in wanted:
            file.unlink()
    for name, secret in wanted.items():
        write_private(directory / name, secret)
    return directory


def write_private(path: Path, text: str) -> None:
    """Replace a file by one that only its owner can read, in one step."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _once(path: Path, secret: str) -> str:
    if not path.exists():
        write_private(path, secret)
    return path.read_text(encoding="utf-8")
