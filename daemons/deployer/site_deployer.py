"""Brings one site up to date: compares storage with this host, carries out the plan, and reports what failed."""

import asyncio
import logging
import time
from dataclasses import replace
from enum import IntEnum
from pathlib import Path

from daemons.deployer.integrity import Fault, Mark, find_fault, mark_of
from daemons.deployer.memory import asked_since, is_news, is_older, remember, seen_head
from daemons.deployer.plan import (
    Action,
    ForgetBefore,
    KeepBefore,
    OnDisk,
    Release,
    Remove,
    Sweep,
    Switch,
    TakeDown,
    is_behind,
    plan,
    wanted_versions,
)
from daemons.deployer.problem_report import clear_problem, report_problem
from daemons.deployer.releasing import ReleaseFailure, Releaser, disk_failure
from daemons.deployer.site_directory import SiteDirectory
from daemons.deployer.wish_memory import WishMemory
from shared.clients.storage import StorageClient
from shared.domain.errors import PageWrightError, Unavailable
from shared.domain.host_problem import STORAGE_OLDER
from shared.domain.signing import manifest_digest
from shared.domain.vocabulary import SiteHead, SiteNews, Slot
from shared.runtime import metrics

_log = logging.getLogger(__name__)
_OLDER = ReleaseFailure(
    STORAGE_OLDER,
    "If storage was put back on purpose, an operator confirms it on this host: `pagewright confirm-storage`.",
)


class Look(IntEnum):
    """How closely to look at a site: at news; also at repeated requests; at names and sizes; at every byte."""

    NEWS = 0
    ASKED = 1
    SIZES = 2
    BYTES = 3


class SiteDeployer:
    """Deploys the sites below a root, one caller per site at a time; knows which are behind, and since when."""

    def __init__(self, storage: StorageClient, root: Path, releaser: Releaser, keep: int) -> None:
        self._storage = storage
        self._root = root
        self._releaser = releaser
        self._keep = keep
        self.wished = WishMemory()
        self._marks: dict[tuple[str, int], Mark] = {}
        self._condemned: set[tuple[str, int]] = set()  # releases found wrong that could not be made anew yet
        self.behind: dict[str, float] = {}  # since when, by the monotonic clock
        self.older: set[str] = set()  # sites of which storage tells less than it did

    def differs(self, head: SiteHead) -> bool:
        """Whether the site needs deploying; also if its directory is unreadable: deploying reports it. Blocks."""
        directory = SiteDirectory(self._root, head.site)
        try:
            on_disk, seen = directory.read(), seen_head(directory)
        except OSError:
            return True
        return (
            head.site in self.behind
            or is_news(seen, head)
            or is_older(seen, head)
            or bool(plan(head, on_disk, self._keep, self.wished.of(head.site)))
            or bool(self._changed(directory, head))
        )

    def _changed(self, directory: SiteDirectory, head: SiteHead) -> set[int]:
        """The live releases whose mark is not the one that was noted."""
        return {
            version
            for version in wanted_versions(head).values()
            if (noted := self._marks.get((head.site, version))) and noted != mark_of(directory.release_folder(version))
        }

    async def deploy(self, site: str, look: Look, news: SiteNews | None = None) -> None:
        """Deploy the site. Raises PageWrightError or OSError if its desired or its present state is unknown."""
        directory = SiteDirectory(self._root, site)
        try:
            on_disk, seen = await asyncio.to_thread(lambda: (directory.read(), seen_head(directory)))
            if news is None or is_older(seen, news.head):  # a comparison may have overtaken these news
                news = SiteNews(head=await self._storage.head(site))
            head = news.head
        except Unavailable:
            raise
        except Exception as error:
            self.behind.setdefault(site, time.monotonic())
            if isinstance(error, PageWrightError):
                await asyncio.to_thread(report_problem, directory, None, ReleaseFailure(error.detail, error.hint))
            if isinstance(error, OSError):
                await asyncio.to_thread(report_problem, directory, None, disk_failure(error))
            raise
        if is_older(seen, head):
            await self._refuse_older(directory, head, look)
            return
        changed = self._changed(directory, head)
        suspects = (self._suspects(head, on_disk, seen, look) | changed) & on_disk.releases
        if site in self.older:  # confirmed now: the releases may come from the earlier storage
            suspects |= on_disk.releases
        deep = look is Look.BYTES or bool(changed) or (look is Look.ASKED and not is_news(seen, head))
        unsound = await self._unsound(directory, news, suspects, deep=deep)
        try:
            await self._carry_out(directory, head, replace(on_disk, unsound=frozenset(unsound)))
            await asyncio.to_thread(remember, directory, head)
            self.older.discard(site)
        except OSError as error:  # failed clean-up harms nobody
            if site in self.behind:
                await asyncio.to_thread(report_problem, directory, None, disk_failure(error))
            raise

    async def _refuse_older(self, directory: SiteDirectory, head: SiteHead, look: Look) -> None:
        if head.site not in self.older:
            _log.error("storage is older than what it told before: the site stays as it is until that is confirmed")
        if head.site not in self.older or look is Look.ASKED:  # answer an explicit request at once
            await asyncio.to_thread(report_problem, directory, None, _OLDER)
        self.older.add(head.site)
        self.behind.setdefault(head.site, time.monotonic())

    def _suspects(self, head: SiteHead, on_disk: OnDisk, seen: SiteHead | None, look: Look) -> set[int]:
        """The versions whose releases to check before slots show them or go on showing them."""
        wanted = wanted_versions(head)
        suspects = {version for slot, version in wanted.items() if on_disk.slots.get(slot) != version}
        asked = asked_since(seen, head) if seen else set()
        if look >= Look.SIZES or (look is Look.ASKED and not asked):
            suspects |= set(wanted.values())
        suspects |= {version for version in on_disk.releases if (head.site, version) in self._condemned}
        if seen:  # a later version was made from another state of storage
            suspects |= {version for version in on_disk.releases if version > (seen.latest or 0)}
        return suspects | asked

    async def _unsound(self, directory: SiteDirectory, news: SiteNews, suspects: set[int], *, deep: bool) -> set[int]:
        """The suspects that have to be made anew."""
        unsound = set()
        for version in sorted(suspects):
            if await self._is_unsound(directory, news, version, deep=deep):
                unsound.add(version)
        return unsound

    async def _is_unsound(self, directory: SiteDirectory, news: SiteNews, version: int, *, deep: bool) -> bool:
        site = news.head.site
        if (site, version) in self._condemned:
            return True
        folder = directory.release_folder(version)
        try:
            digest = news.manifests.get(version) or manifest_digest(await self._storage.version(site, version))
        except Unavailable:
            raise
        except PageWrightError as error:
            _log.error("version %d can't be compared with storage: %s", version, error.detail)
            return False
        mark = mark_of(folder)
        try:
            finding = await asyncio.to_thread(find_fault, folder, digest, deep=deep)
        except OSError as error:  # what this process can't read, nginx can't either
            finding = Fault(f"it can't be read ({error.strerror})")
        if finding is None:
            self._marks[site, version] = mark
            return False
        _log.log(logging.ERROR if finding.is_damage else logging.INFO, "release %d: %s", version, finding.reason)
        if finding.is_damage:
            metrics.DAMAGED_RELEASES.inc()
        self._condemned.add((site, version))
        return True

    async def _carry_out(self, directory: SiteDirectory, head: SiteHead, on_disk: OnDisk) -> None:
        """Do every possible action; report a failed one if a slot wants its version."""
        self._note(head, on_disk)
        failures: dict[int, ReleaseFailure] = {}
        current, unsound = wanted_versions(head).get(Slot.CURRENT), set(on_disk.unsound)
        wished = self.wished.of(head.site)
        wished = wished if self._releaser.has_spare_turn else wished & on_disk.releases  # it is wished for again
        spare = wished - {head.latest, *wanted_versions(head).values()}
        try:
            for action in plan(head, on_disk, self._keep, wished):
                match action:
                    case Release(version, anew):
                        failure = await self._releaser.release(
                            directory, head.site, version, anew=anew, is_spare=version in spare
                        )
                        if failure:
                            failures[version] = failure
                        else:
                            unsound.discard(version)
                            self._condemned.discard((head.site, version))
                            self._marks[head.site, version] = mark_of(directory.release_folder(version))
                    case Switch(_, version) | Remove(version) if version in failures:
                        pass
                    case KeepBefore() if current in failures:
                        pass
                    case Remove(version) if version == on_disk.before and current in failures:
                        pass  # `current` stays, and so does what its open pages load
                    case _:
                        await asyncio.to_thread(_change, directory, action)
                        if isinstance(action, Remove):
                            self._condemned.discard((head.site, action.version))
                            self._marks.pop((head.site, action.version), None)
        finally:
            self._note(head, replace(await asyncio.to_thread(directory.read), unsound=frozenset(unsound)))
        wanted = [version for version in wanted_versions(head).values() if version in failures]
        if wanted:
            await asyncio.to_thread(report_problem, directory, wanted[0], failures[wanted[0]])
        else:
            await asyncio.to_thread(clear_problem, directory)

    def _note(self, head: SiteHead, on_disk: OnDisk) -> None:
        if is_behind(head, on_disk):
            self.behind.setdefault(head.site, time.monotonic())
        else:
            self.behind.pop(head.site, None)


def _change(directory: SiteDirectory, action: Action) -> None:
    match action:
        case Switch(slot, version):
            with metrics.SWITCH_SECONDS.time():
                directory.switch(slot, version)
            _log.info("%s shows version %d", slot, version)
        case KeepBefore(version):
            directory.keep_before(version)
        case ForgetBefore():
            directory.forget_before()
        case TakeDown():
            directory.take_down()
            _log.info("%s shows nothing", Slot.CURRENT)
        case Remove(version):
            directory.remove(version)
        case Sweep(name):
            try:
                directory.sweep(name)
            except OSError as error:  # it harms nobody
                _log.error("what an interrupted run left behind can't be deleted: %s", error)
        case Release():
            raise AssertionError("releases are made elsewhere")
