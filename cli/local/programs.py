"""The programs of the local run, as data: command, settings, and the names of their secrets."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from urllib.parse import quote

from cli.local.credentials import MODEL_KEY, SIGNING_KEY, hand_out
from cli.local.folder import CHECKOUT, RunFolder
from daemons import api, deployer, model, storage, worker
from shared.domain.errors import InvalidInput, NotFound
from shared.runtime.settings import (
    ApiSettings,
    DeployerSettings,
    ModelSettings,
    Settings,
    StorageSettings,
    WorkerSettings,
)

WORKERS = ("worker-1", "worker-2")
DAEMONS = ("storage", "model", *WORKERS, "deployer", "api")


@dataclass(frozen=True)
class Ports:
    """Where people reach the UI with the API, and the sites, on this machine."""

    ui: int = 8000
    sites: int = 8080

    @classmethod
    def chosen(cls) -> "Ports":
        """Those that PAGEWRIGHT_UI_PORT and PAGEWRIGHT_SITES_PORT say; raises InvalidInput."""
        return cls(_port("PAGEWRIGHT_UI_PORT", cls.ui), _port("PAGEWRIGHT_SITES_PORT", cls.sites))


def _port(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise InvalidInput(f"{name} is {text!r}, which is no port.", "Choose one from 1024 to 65535.")
    return int(text)


@dataclass(frozen=True)
class Program:
    """One supervised program. Its environment is given whole: nothing else is passed on.

    A program that others need while they stop, such as Redis, is `needed_by_others`: it starts first, stops last.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    needed_by_others: bool = False

    def whole_command(self) -> list[str]:
        pairs = {"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": "/nonexistent", **self.environment}
        return ["/usr/bin/env", "-i", *(f"{name}={value}" for name, value in pairs.items()), *self.command]


def all_programs(folder: RunFolder, ports: Ports, secrets: dict[str, str]) -> list[Program]:
    """Everything but nginx, in the order of starting."""
    makers = [_storage(folder), _model(folder), *(_worker(folder, name) for name in WORKERS), _deployer(folder)]
    return [_redis(folder), *(_program(folder, plan, secrets) for plan in (*makers, _api(folder, ports)))]


@dataclass(frozen=True)
class _Plan:
    """What one of our daemons is given: settings by name, and which secrets."""

    name: str
    package: ModuleType
    settings_type: type[Settings]
    settings: dict[str, str | Path]
    secrets: tuple[str, ...]


def _program(folder: RunFolder, plan: _Plan, secrets: dict[str, str]) -> Program:
    credentials = hand_out(folder, plan.name, plan.secrets, secrets)
    settings = {f"PAGEWRIGHT_{name.upper()}": os.fspath(value) for name, value in plan.settings.items()}
    environment = _callers_settings(plan) | settings | {"CREDENTIALS_DIRECTORY": os.fspath(credentials)}
    command = (sys.executable, "-P", "-m", plan.package.__name__)
    return Program(plan.name, command, environment, needed_by_others=plan.name in ("storage", "model"))


def _callers_settings(plan: _Plan) -> dict[str, str]:
    """The daemon's settings in our own environment, except secrets, which never travel by environment."""
    names = {f"PAGEWRIGHT_{name.upper()}" for name in plan.settings_type.model_fields if name not in plan.secrets}
    return {name: os.environ[name] for name in names if name in os.environ}


def _redis(folder: RunFolder) -> Program:
    options: dict[str, str | Path] = {"port": "0", "unixsocketperm": "700"}
    options |= {"unixsocket": folder.socket("redis"), "dir": folder.data("redis")}
    options |= {"appendonly": "yes", "appendfsync": "everysec", "save": "", "maxmemory-policy": "noeviction"}
    arguments = [part for name, value in options.items() for part in (f"--{name}", os.fspath(value))]
    return Program("redis", ("/usr/bin/redis-server", *arguments), needed_by_others=True)


def _storage(folder: RunFolder) -> _Plan:
    settings: dict[str, str | Path] = {
        "storage_listen": folder.address("storage"),
        "storage_admin_listen": folder.address("storage-admin"),
        "storage_directory": folder.data("storage"),
    }
    tokens = ("storage_worker_token", "storage_api_token", "storage_deployer_token")
    return _Plan("storage", storage, StorageSettings, settings, tokens)


def _model(folder: RunFolder) -> _Plan:
    settings: dict[str, str | Path] = {
        "model_listen": folder.address("model"),
        "model_admin_listen": folder.address("model-admin"),
        "model_directory": folder.data("model"),
    }
    return _Plan("model", model, ModelSettings, settings, ("model_ticket_key", MODEL_KEY))


def _worker(folder: RunFolder, name: str) -> _Plan:
    settings: dict[str, str | Path] = {
        "worker_name": name.partition("-")[2],
        "worker_admin_listen": folder.address(f"{name}-admin"),
        "worker_directory": folder.data(name),
        "worker_codex": codex_program(),
        "redis_url": redis_url(folder),
        "storage_address": folder.address("storage"),
        "model_address": folder.address("model"),
    }
    return _Plan(name, worker, WorkerSettings, settings, ("storage_worker_token", "model_ticket_key", SIGNING_KEY))


def _deployer(folder: RunFolder) -> _Plan:
    settings: dict[str, str | Path] = {
        "deployer_admin_listen": folder.address("deployer-admin"),
        "deployer_root": folder.data("sites"),
        "deployer_trusted_keys": folder.trusted_keys,
        "storage_address": folder.address("storage"),
    }
    return _Plan("deployer", deployer, DeployerSettings, settings, ("storage_deployer_token",))


def _api(folder: RunFolder, ports: Ports) -> _Plan:
    settings: dict[str, str | Path] = {
        "api_listen": folder.address("api"),
        "api_admin_listen": folder.address("api-admin"),
        "api_database_url": database_url(folder.data("api")),
        "api_public_url": f"http://localhost:{ports.ui}",
        "api_sites_url": f"http://{{host}}.localhost:{ports.sites}",
        "api_probe_addresses": f"127.0.0.1:{ports.sites}",
        "redis_url": redis_url(folder),
        "storage_address": folder.address("storage"),
        "model_address": folder.address("model"),
    }
    return _Plan("api", api, ApiSettings, settings, ("storage_api_token", "model_ticket_key"))


def redis_url(folder: RunFolder) -> str:
    """Redis on its UNIX socket, the only place where it listens."""
    return f"unix://{quote(os.fspath(folder.socket('redis')))}"


def database_url(directory: Path) -> str:
    """The api's SQLite database in its folder."""
    return f"sqlite+aiosqlite:///{directory}/pagewright.db"


def codex_program() -> Path:
    """The Codex binary that npm installed; raises NotFound."""
    for program in sorted(CHECKOUT.glob("node_modules/@openai/codex-linux-*/vendor/*/bin/codex")):
        return program
    raise NotFound("The Codex program is not installed.", "Run `make setup`.")
