"""Computes a page's closure: a digest of its bytes and of all that it loads, which stays the same if they do."""

import hashlib
import json
from collections.abc import Mapping

from daemons.worker.checks.addresses import file_of
from daemons.worker.checks.observation import PageObservation

# Increase this when the browser looks at pages in another way: then no kept observation counts any more.
RULES = 3


def closure(page: PageObservation, digests: Mapping[str, str], browser: str) -> str:
    """The digest of the page and of what this browser loads for it; empty if that is not fully known.

    `digests` are those of the site's files. An address without a file counts too: the file may come later.
    """
    if page.error or page.unseen or not browser or page.loads.total > len(page.loads.items):
        return ""
    loads = {address.partition("#")[0] for address in page.loads.items}
    files = {address: file_of(address, digests.keys()) for address in sorted(loads)}
    parts = [[address, digests[file] if file else ""] for address, file in files.items()]
    content = [RULES, browser, page.path, digests.get(page.path, ""), parts]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
