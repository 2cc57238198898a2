"""Keeps this host's addresses as storage wants them: at a notice, regularly, and when one stops leading on."""

import asyncio
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from daemons.deployer.address_marks import AddressMarks
from daemons.deployer.addresses import LeadOn, Serve, Step, next_end, steps, wanted_marks, with_unknown
from shared.clients.storage import StorageClient
from shared.domain.errors import NotFound, PageWrightError
from shared.domain.site_address import SiteAddresses
from shared.runtime.journal import log_context

_log = logging.getLogger(__name__)


class AddressKeeper:
    """The addresses below a root; knows which sites are not where they should be, and since when."""

    def __init__(self, storage: StorageClient, root: Path, every_seconds: float) -> None:
        self._storage = storage
        self._marks = AddressMarks(root)
        self._every_seconds = every_seconds
        self._listed: SiteAddresses | None = None
        self._look_now = asyncio.Event()
        self.behind: dict[str, float] = {}
        self.older: set[str] = set()  # sites that moved, of which storage does not know it any more

    def look(self) -> None:
        """Do it now: a site may have moved."""
        self._look_now.set()

    async def work(self) -> None:
        """Look for ever."""
        while True:
            now = datetime.now(UTC)
            self._look_now.clear()
            try:
                await self.keep(now)
            except Exception:  # whatever it is, versions go on being deployed
                _log.exception("addresses are not kept")
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause(now)):
                    await self._look_now.wait()

    def _pause(self, looked_at: datetime) -> float:
        """Seconds until the next look: an end since the last one is not missed."""
        end = next_end(self._listed.items, looked_at) if self._listed else None
        left = (end - datetime.now(UTC)).total_seconds() if end else self._every_seconds
        return max(0.0, min(self._every_seconds, left))

    async def keep(self, now: datetime) -> None:
        """Do what is to be done; of a storage that is away or of the release before, what is there stays."""
        try:
            told = await self._storage.addresses(self._listed.digest if self._listed else None)
            self._listed = told or self._listed
        except NotFound:  # of the release before
            self._listed = None
        except PageWrightError as error:
            _log.warning("storage tells no addresses: %s", error.detail)
        if self._listed:
            await asyncio.to_thread(self._carry_out, self._listed, now)

    def _carry_out(self, listed: SiteAddresses, now: datetime) -> None:
        """Go on with other sites after a step that failed, and leave that site where it was. Blocks."""
        on_disk, known = self._marks.read(), {one.site for one in listed.items}
        self.older = on_disk.owners - known - {*listed.unreadable}
        self._marks.note_unknown(self.older)
        unknown = "storage does not know that it moved; it stays where it is found until that is confirmed"
        behind = dict.fromkeys(self.older, unknown)
        for step in steps(with_unknown(wanted_marks(listed.items, now), on_disk, known), on_disk):
            if step.site not in behind:
                with log_context(site=step.site):
                    try:
                        self._marks.carry_out(step)
                        _tell(step)
                    except OSError as error:
                        behind[step.site] = f"it can't move, and stays where it is found: {error}"
        self._note(behind)

    def _note(self, behind: Mapping[str, str]) -> None:
        """Tell of each site once."""
        for site in behind.keys() - self.behind.keys():
            with log_context(site=site):
                _log.error("%s", behind[site])
        self.behind = {site: self.behind.get(site, time.monotonic()) for site in behind}


def _tell(step: Step) -> None:
    match step:
        case Serve(_, address):
            _log.info("found at %s", address)
        case LeadOn(_, label, address):
            _log.info("%s leads to %s", label, address or "nothing")
