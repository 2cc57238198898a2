"""Which release a host goes back to, seen over all hosts: some may not have left it, others may be back already."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any


def rollback_goal(links: Mapping[str, Sequence[str]], host: str) -> str:
    """The name of the release; empty if this host never had another one.

    `links` has for each host what is current and what was so before its last upgrade.
    """
    goals = {before for current, before in links.values() if current != before}
    current, before = links[host]
    return current if current in goals else before


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filter by its name in playbooks."""
        return {"rollback_goal": rollback_goal}
