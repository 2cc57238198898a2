"""How the hosts of an inventory reach one another: who listens where, who may call, who calls whom.

Ansible gives the inventory's groups and addresses as plain data, and gets plain data for its templates. Services of the
same host meet on UNIX sockets; only what another host calls gets a port, open to the callers alone.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from ipaddress import IPv4Address
from typing import Any, NamedTuple

Groups = Mapping[str, Sequence[str]]
Addresses = Mapping[str, str]


class Service(NamedTuple):
    """What the hosts of a group offer to those of others; `socket` is for callers on the same host."""

    group: str
    port: int
    callers: tuple[str, ...]
    socket: str


SERVICES = {
    "api": Service("api", 7400, ("web",), "unix:/run/pagewright/api/api.sock"),
    "storage": Service("storage", 7401, ("workers", "web", "api"), "unix:/run/pagewright/storage/storage.sock"),
    "model": Service("model", 7402, ("workers", "api"), "unix:/run/pagewright/model/model.sock"),
    "sites": Service("web", 7480, ("api",), "unix:/run/pagewright/web/sites.sock"),
    "redis": Service("redis", 6379, ("workers", "api"), "/run/redis/redis-server.sock"),
    "database": Service("database", 5432, ("api",), "/run/postgresql"),
}
# What each unit calls, and on the hosts of which group it runs; it gets a network only if some of that is elsewhere.
CALLS = {
    "api": ("api", ("storage", "model", "sites", "redis", "database")),
    "worker": ("workers", ("storage", "model", "redis")),
    "deployer": ("web", ("storage",)),
    "backup-database": ("api", ("database",)),
}
# Where Prometheus finds each daemon of a host; workers follow one another from theirs on.
ADMIN_PORTS = {"api": 7410, "storage": 7411, "model": 7412, "deployer": 7413, "worker": 7420}
_LAST_ADMIN_PORT = 7479
# The roles of a host by its groups, in the order in which daemons are brought up.
ROLES = {
    "redis": ("redis",),
    "database": ("database",),
    "storage": ("storage",),
    "model": ("model",),
    "workers": ("worker",),
    "web": ("deployer", "web"),
    "api": ("api",),
    "monitoring": ("monitoring",),
}
_ONE_OF_A_KIND = ("redis", "storage", "model")


def fleet(groups: Groups, host: str, addresses: Addresses) -> dict[str, Any]:
    """What one host must know of the others.

    `at` has for each service the places where this host reaches it, `listens` for each service of this host the
    addresses of its callers elsewhere, `peers` for each unit the other hosts that it calls, `monitors` the addresses of
    Prometheus if there is any, `firewall` the ports to open and to whom, `roles` what this host is.
    """
    here = [name for name, service in SERVICES.items() if host in groups.get(service.group, ())]
    listens = {name: _elsewhere(SERVICES[name].callers, groups, host, addresses) for name in here}
    monitors = [addresses[monitor] for monitor in groups.get("monitoring", ())]
    return {
        "address": addresses[host],
        "at": {name: _places(service, groups, host, addresses) for name, service in SERVICES.items()},
        "ports": {name: service.port for name, service in SERVICES.items()},
        "listens": {name: callers for name, callers in listens.items() if callers},
        "peers": {
            unit: _elsewhere([SERVICES[name].group for name in called], groups, host, addresses)
            for unit, (group, called) in CALLS.items()
            if host in groups.get(group, ())
        },
        "admin_ports": ADMIN_PORTS,
        "monitors": monitors,
        "firewall": _firewall(listens, [monitor for monitor in monitors if monitor != addresses[host]]),
        "roles": [role for group, roles in ROLES.items() if host in groups.get(group, ()) for role in roles],
    }


def fleet_problems(groups: Groups, addresses: Addresses) -> list[str]:
    """What is wrong with an inventory, a sentence each; empty if nothing is."""
    problems = [
        f"The group `{group}` needs exactly one host." for group in _ONE_OF_A_KIND if len(groups.get(group, ())) != 1
    ]
    problems += [f"The group `{group}` needs a host." for group in ("workers", "web", "api") if not groups.get(group)]
    if len(groups.get("api", ())) > 1 and not groups.get("database"):
        problems.append(
            "Several api hosts need PostgreSQL: name its host in the group `database`."
            " Users and sites that are in SQLite move first: docs/backup.md, “From SQLite to PostgreSQL”."
        )
    if len(groups.get("database", ())) > 1:
        problems.append("The group `database` can have one host only.")
    shared = {address for address, count in Counter(addresses.values()).items() if count > 1}
    problems += [f"Several hosts have the `pagewright_address` {address}." for address in sorted(shared)]
    if len(addresses) > 1:
        problems += [
            f"The host `{host}` needs `pagewright_address`: the IPv4 address by which the others reach it."
            for host, address in addresses.items()
            if not _is_reachable(address)
        ]
    return problems


def _places(service: Service, groups: Groups, host: str, addresses: Addresses) -> list[str]:
    hosts = groups.get(service.group, ())
    return [service.socket if other == host else f"{addresses[other]}:{service.port}" for other in hosts]


def _elsewhere(names: Iterable[str], groups: Groups, host: str, addresses: Addresses) -> list[str]:
    """Addresses of the groups' hosts that are not this one."""
    return sorted({addresses[other] for name in names for other in groups.get(name, ()) if other != host})


def _firewall(listens: Mapping[str, list[str]], monitors: list[str]) -> list[dict[str, Any]]:
    opened = [{"ports": str(SERVICES[name].port), "to": callers} for name, callers in listens.items() if callers]
    if monitors:
        opened.append({"ports": f"{min(ADMIN_PORTS.values())}-{_LAST_ADMIN_PORT}", "to": monitors})
    return opened


def _is_reachable(address: str) -> bool:
    try:
        return not IPv4Address(address).is_loopback
    except ValueError:
        return False


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters by their names in templates."""
        return {"fleet": fleet, "fleet_problems": fleet_problems}
