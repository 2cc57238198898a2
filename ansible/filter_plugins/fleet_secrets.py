"""Which host holds which secret, and where each is made: a host has what its daemons read, and no more."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple


class Secret(NamedTuple):
    """The groups whose hosts need it; the first host of the first one makes it, the others read it there."""

    groups: tuple[str, ...]
    # Made at random and the same for all; otherwise given, or put together on the host.
    shared: bool = True


SECRETS = {
    "storage_worker_token": Secret(("storage", "workers")),
    "storage_api_token": Secret(("storage", "api")),
    "storage_deployer_token": Secret(("storage", "web")),
    "model_ticket_key": Secret(("model", "workers", "api")),
    "redis_password": Secret(("redis", "workers", "api")),
    "database_password": Secret(("database", "api")),
    "model_key": Secret(("model",), shared=False),
    "worker_signing_key": Secret(("workers",), shared=False),
    "redis_url": Secret(("workers", "api"), shared=False),
    "api_database_url": Secret(("api",), shared=False),
    "api_mail_url": Secret(("api",), shared=False),
}


def fleet_secrets(groups: Mapping[str, Sequence[str]], host: str) -> dict[str, Any]:
    """`here`: what the host holds; `made`: what it makes; `read`: what it reads elsewhere, and on which host.

    `names` are those of all secrets.
    """
    here = [name for name, secret in SECRETS.items() if any(host in groups.get(group, ()) for group in secret.groups)]
    homes = {
        name: groups[SECRETS[name].groups[0]][0]
        for name in here
        if SECRETS[name].shared and groups.get(SECRETS[name].groups[0])
    }
    return {
        "names": list(SECRETS),
        "here": here,
        "made": [name for name, home in homes.items() if home == host],
        "read": {name: home for name, home in homes.items() if home != host},
    }


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filter by its name in templates."""
        return {"fleet_secrets": fleet_secrets}
