"""What the web hosts serve against what they should.

The hosts are asked before storage is: a deployment in between then looks like a host that is a moment late, never like
one that has been showing something wrong for long.
"""

import asyncio
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from itertools import product

from daemons.api.publishing.web_host import ExpectedVersion, HostAnswer
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
_NO_ANSWER = "It does not say that it has nothing to show."
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


async def desired_deployments(storage: StorageClient, sites: Sequence[str]) -> list[Deployment]:
    """What each slot of these sites should show; a site whose record is damaged should show nothing.

    Raises the error of a storage that can't be asked, or that can't tell of a single site.
    """
    heads = await asyncio.gather(*map(storage.head, sites), return_exceptions=True)
    known = [head for head in heads if isinstance(head, SiteHead)]
    for error in heads:
        if isinstance(error, BaseException) and not (known and _is_of_one_site(error)):
            raise error
    return [desired for head in known for desired in head.slots.values()]


class Digests:
    """The digests of the records of desired versions; a record never changes, so that one is asked for only once."""

    def __init__(self) -> None:
        self._known: dict[Deployment, str] = {}

    async def of(self, storage: StorageClient, desired_versions: Sequence[Deployment]) -> dict[Deployment, str]:
        """The digest for each; none for a version whose record can't be read, which is then known by number."""
        new = [(one, one.version) for one in desired_versions if one.version and one not in self._known]
        asked = [storage.version(desired.site, number) for desired, number in new]
        for (desired, _), manifest in zip(new, await asyncio.gather(*asked, return_exceptions=True), strict=True):
            if isinstance(manifest, Manifest):
                self._known[desired] = manifest_digest(manifest)
            elif not isinstance(manifest, PageWrightError):
                raise manifest
        self._known = {desired: self._known[desired] for desired in desired_versions if desired in self._known}
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
    host: HostAnswer, served: Served, desired_versions: Sequence[Deployment], digests: Mapping[Deployment, str]
) -> WebHost:
    """One host against what it should serve, by number and digest; unknown if it is, or fell, silent."""
    if not all(answer.answers for answer in (host, *served.values())):
        return WebHost(address=host.address)
    behind = tuple(
        _lag(desired, answer)
        for desired in desired_versions
        if not (answer := served[desired.site, desired.slot]).shows(
            ExpectedVersion(desired.version, digests.get(desired))
        )
    )
    return WebHost(address=host.address, compared=len(desired_versions), behind=behind)


def _lag(desired: Deployment, answer: HostAnswer) -> Lag:
    reason = ""
    if answer.version == desired.version:
        reason = _OTHER_BYTES.format(desired.version) if desired.version else _NO_ANSWER
    return Lag(
        site=desired.site,
        slot=desired.slot,
        shows=answer.version,
        should_show=desired.version,
        since=desired.at,
        reason=reason,
    )
