"""What an installation has, as its JSON API and its web hosts tell it: reboots, moves and restores must keep it."""

import hashlib
from collections.abc import Sequence

from tests.machine.owner import versions_of
from tests.machine.rollout import SITES_DOMAIN
from tests.machine.visitor import Visitor


def pages(visitor: Visitor, names: Sequence[str]) -> dict[str, bytes]:
    """What sites and previews show, which must all be there; `preview--NAME` is a site's preview."""
    found = {name: visitor.get(f"{name}.{SITES_DOMAIN}") for name in names}
    assert {name: answer.status for name, answer in found.items()} == dict.fromkeys(names, 200)
    return {name: answer.body for name, answer in found.items()}


def records(people: Sequence[Visitor], sites: Sequence[str]) -> dict[str, object]:
    """People, tokens, sites, chat, deployments, versions, and each artifact's sum; the first person sees all."""
    admin = people[0]
    mine = {f"{number} {path}": who.call("GET", path) for number, who in enumerate(people) for path in _PERSON}
    theirs = {path.format(site): admin.call("GET", path.format(site)) for site in sites for path in _SITE}
    found: dict[str, object] = mine | theirs
    for site in sites:
        for number in versions_of(admin, site):
            path = f"/sites/{site}/versions/{number}"
            found[path] = admin.call("GET", path)
            artifact = admin.ask_api("GET", f"{path}/artifact")
            assert artifact.status == 200, artifact
            found[f"{path}/artifact"] = hashlib.sha256(artifact.body).hexdigest()
    return found


_PERSON = ("/me", "/tokens", "/sites")
_SITE = ("/sites/{}", "/sites/{}/messages", "/sites/{}/deployments", "/audit?site={}")
