"""Tells whether a page is made of the same bytes as when it was looked at: its own, and those of all that it loads."""

import hashlib
import json
from collections.abc import Mapping

from daemons.worker.checks.addresses import file_of
from daemons.worker.checks.observation import PageObservation

# To be raised when the browser is told to look at something else, or in another way: kept observations end.
RULES = 1


def closure(page: PageObservation, digests: Mapping[str, str], browser: str) -> str:
    """A digest of the page and what it loads, as this browser does it; empty if that is not known.

    `digests` are those of the site's files. What is not found counts too: it may come.
    """
    if page.error or page.unseen or not browser or page.loads.total > len(page.loads.items):
        return ""
    loads = {address.partition("#")[0] for address in page.loads.items}
    files = {address: file_of(address, digests.keys()) for address in sorted(loads)}
    parts = [[address, digests[file] if file else ""] for address, file in files.items()]
    content = [RULES, browser, page.path, digests.get(page.path, ""), parts]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
