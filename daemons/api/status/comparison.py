"""What the web hosts serve against what is wished.

The hosts are asked before storage is: a deployment in between then looks like a host that is a moment late, never like
one that has been showing something wrong for long.
"""

import asyncio
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from itertools import product

from daemons.api.publishing.web_host import HostAnswer, Wanted
from daemons.api.publishing.web_hosts import WebHosts
from daemons.api.status.report import Lag, WebHost
from shared.clients.storage import StorageClient
from shared.domain.errors import PageWrightError
from shared.domain.host_problem import STORAGE_OLDER
from shared.domain.manifest import Manifest
from shared.domain.signing import manifest_digest
from shared.domain.vocabulary import Deployment, SiteHead, Slot

Served = dict[tuple[str, Slot], HostAnswer]
# Whoever asks for a site that a host does not have gets an answer, too.
_ANY_SITE = "status"
_OTHER_BYTES = "What it shows as version {} is not what storage keeps under this number."


async def reachable(web_hosts: WebHosts) -> list[HostAnswer]:
    """Which hosts answer at all."""
    return await web_hosts.hosts(_ANY_SITE, Slot.CURRENT)


async def served_versions(web_hosts: WebHosts, sites: Sequence[str]) -> dict[str, Served]:
    """What each host, by its address, shows in each slot of these sites."""
    slots = list(product(sites, Slot))
    served: dict[str, Served] = {}
    for slot, answers in zip(slots, await asyncio.gather(*(web_hosts.hosts(*slot) for slot in slots)), strict=True):
        for answer in answers:
            served.setdefault(answer.address, {})[slot] = answer
    return served


async def wishes(storage: StorageClient, sites: Sequence[str]) -> list[Deployment]:
    """What each slot of these sites should show; a site whose record is damaged wishes for nothing.

    Raises the error of a storage that can't be asked, or that can't tell of a single site.
    """
    heads = await asyncio.gather(*map(storage.head, sites), return_exceptions=True)
    known = [head for head in heads if isinstance(head, SiteHead)]
    for error in heads:
        if isinstance(error, BaseException) and not (known and _is_of_one_site(error)):
            raise error
    return [wish for head in known for wish in head.slots.values()]


class Digests:
    """The digests of wished versions' records; a record never changes, so that one is asked for only once."""

    def __init__(self) -> None:
        self._known: dict[Deployment, str] = {}

    async def of(self, storage: StorageClient, wished: Sequence[Deployment]) -> dict[Deployment, str]:
        """The digest for each wish; none for a version whose record can't be read, which is then known by number."""
        new = [wish for wish in wished if wish not in self._known]
        asked = [storage.version(wish.site, wish.version) for wish in new]
        for wish, manifest in zip(new, await asyncio.gather(*asked, return_exceptions=True), strict=True):
            if isinstance(manifest, Manifest):
                self._known[wish] = manifest_digest(manifest)
            elif not isinstance(manifest, PageWrightError):
                raise manifest
        self._known = {wish: self._known[wish] for wish in wished if wish in self._known}
        return self._known


def _is_of_one_site(error: BaseException) -> bool:
    """Whether it is storage's answer for a damaged record; the other sites are well."""
    return isinstance(error, PageWrightError) and error.status is HTTPStatus.INTERNAL_SERVER_ERROR


async def with_reasons(web_hosts: WebHosts, hosts: Sequence[WebHost], sites: Sequence[str]) -> list[WebHost]:
    """The same hosts with what each says of these sites: why one lags, and which it does not follow storage for."""
    told = dict(
        zip(sites, await asyncio.gather(*(web_hosts.troubles(site, Slot.CURRENT) for site in sites)), strict=True)
    )

    def explained(lag: Lag, address: str) -> Lag:
        trouble = told[lag.site].get(address)
        fits = trouble and trouble.version in (None, lag.should_show)
        return lag.model_copy(update={"reason": trouble.reason}) if trouble and fits else lag

    def refused(address: str) -> tuple[str, ...]:
        of_host = ((site, troubles.get(address)) for site, troubles in told.items())
        return tuple(sorted(site for site, trouble in of_host if trouble and trouble.reason == STORAGE_OLDER))

    return [
        host.model_copy(
            update={
                "behind": tuple(explained(lag, host.address) for lag in host.behind),
                "refused": refused(host.address),
            }
        )
        for host in hosts
    ]


def compared(
    host: HostAnswer, served: Served, wished: Sequence[Deployment], digests: Mapping[Deployment, str]
) -> WebHost:
    """One host against the wishes, by number and digest; unknown if it is silent, or fell silent in between."""
    if not all(answer.answers for answer in (host, *served.values())):
        return WebHost(address=host.address)
    behind = tuple(
        _lag(wish, answer)
        for wish in wished
        if not (answer := served[wish.site, wish.slot]).shows(Wanted(wish.version, digests.get(wish)))
    )
    return WebHost(address=host.address, compared=len(wished), behind=behind)


def _lag(wish: Deployment, answer: HostAnswer) -> Lag:
    reason = _OTHER_BYTES.format(wish.version) if answer.version == wish.version else ""
    return Lag(
        site=wish.site, slot=wish.slot, shows=answer.version, should_show=wish.version, since=wish.at, reason=reason
    )
