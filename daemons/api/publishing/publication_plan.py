"""Compares a version with what is public, before it is published: what visitors will meet otherwise."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

from daemons.api.accounts.site_access import OwnedSite
from daemons.api.sites.served_changes import ServedChanges, served_changes
from daemons.api.sites.site_record import Site, site_from
from daemons.api.sites.version_steps import VersionSteps, steps_between
from shared.clients.storage import StorageClient
from shared.domain.errors import NotFound
from shared.domain.file_list import decode_file_list
from shared.domain.kept_version import kept_by
from shared.domain.manifest import FileList, Manifest
from shared.domain.problem_changes import ProblemChanges, since_live, told_of_home_page
from shared.domain.vocabulary import Deployment, Slot

_MOST_KEPT = 100
_MOST_STEPS = 10


@dataclass(frozen=True)
class PublicationPlan:
    """A version beside the one that is public, as `desired` tells; `live` is None if none is or it can't be read.

    `changes` is None if nobody knows what changes; `is_kept` if somebody keeps also what nobody asked for. `steps` are
    the versions between both, None if there are no two. A site that was taken down has no `desired`, as a new one.
    """

    site: Site
    chosen: Manifest
    live: Manifest | None
    desired: Deployment | None
    changes: ServedChanges | None
    is_kept: bool = False
    steps: VersionSteps | None = None

    @property
    def problems(self) -> ProblemChanges:
        """What visitors will meet that is broken, and what not any more."""
        return since_live(self.chosen, self.live, is_kept=self.is_kept)

    @property
    def visitors_see(self) -> str:
        """What visitors will see of a home page that is not as it should be, unless they see that now."""
        return told_of_home_page(self.chosen, self.live)


class PublicationPlans:
    """Makes plans. What changes between two lists of served files never changes again, so the last ones are kept."""

    def __init__(self, storage: StorageClient, sites_url: str) -> None:
        self._storage = storage
        self._sites_url = sites_url
        self._kept: OrderedDict[tuple[str, str], ServedChanges] = OrderedDict()

    async def plan(self, site: OwnedSite, number: int) -> PublicationPlan:
        """What publishing this version would change; raises NotFound for one that is not there."""
        before = range(max(number - _MOST_STEPS, 0) + 1, number + 1)
        overview = await self._storage.overview(site.name, _MOST_STEPS, before)
        chosen = overview.known.get(number)
        if chosen is None:  # raises why
            chosen = await self._storage.version(site.name, number)
        public = overview.head.shown.get(Slot.CURRENT)
        desired = overview.head.slots[Slot.CURRENT] if public else None
        live = overview.known.get(public) if public else None
        is_known = desired is None or live is not None
        changes = await self._changes(live, chosen) if is_known else None
        steps = steps_between({**overview.known, number: chosen}, live.number, number) if live else None
        shown = site_from(site.row, overview.head, self._sites_url)
        return PublicationPlan(shown, chosen, live, desired, changes, bool(kept_by(overview.head, number)), steps)

    async def _changes(self, live: Manifest | None, chosen: Manifest) -> ServedChanges | None:
        key = (live.public.sha256 if live else "", chosen.public.sha256)
        if key not in self._kept:
            try:
                before, after = await asyncio.gather(self._served(live), self._served(chosen))
            except NotFound:
                return None
            self._kept[key] = await asyncio.to_thread(served_changes, before, after or FileList(files=()))
            if len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    async def _served(self, manifest: Manifest | None) -> FileList | None:
        """The files of a version; None if there is no version."""
        if manifest is None:
            return None
        data = await self._storage.get_blob(manifest.public.sha256, manifest.public.size)
        return await asyncio.to_thread(decode_file_list, data)
