"""One web host: what it says that it serves, what it sends, and what keeps it from serving what it should."""

import asyncio
import logging
import time
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from pydantic import ValidationError

from shared.clients.call_line import CallLine
from shared.clients.daemon import Response, TransportError
from shared.clients.short_calls import ShortCalls
from shared.domain.host_problem import PROBLEM_ADDRESS, HostProblem

_log = logging.getLogger(__name__)
_ANSWER_SECONDS = 2.0
_LOOK_AGAIN_SECONDS = 1.0
# Fewer than the connections of the client: a full pool would look like a host that does not answer.
_AT_ONCE, _WAITING = 24, 400
# An old address leads to the same page of the new one.
_ANY_PAGE, _ANY_QUERY = "/any/page", {"of": "it"}


@dataclass(frozen=True)
class ExpectedVersion:
    """What a host should serve under a name: a version, by number and by its manifest's digest if that is known.

    `home` is the sha256 of its home page, if that is to be looked at too. Without a version it should serve nothing.
    """

    version: int | None
    manifest: str | None = None
    home: str | None = None


@dataclass(frozen=True)
class ExpectedAddress:
    """Where a host should serve a site, what it should serve there, and which addresses should lead there.

    At those that were `left` for good it should serve nothing.
    """

    site: str
    address: str
    version: ExpectedVersion
    former: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class HostAnswer:
    """What one web host said of a site: the version that it serves, None for none; or nothing at all.

    A release that an older deployer made tells no digest of its manifest (`is_by_number`), and is believed without. If
    the host says that it has no release to show, it `has_none`.
    `trouble` is what keeps it from serving what it should, if it was asked for that and has told.
    """

    address: str
    answers: bool
    version: int | None = None
    manifest: str | None = None
    is_by_number: bool = False
    has_none: bool = False
    trouble: HostProblem | None = None
    milliseconds: float | None = field(default=None, compare=False)

    def shows(self, wanted: ExpectedVersion) -> bool:
        """Whether this version is served: these bytes, not only this number; or nothing, if that is wanted."""
        if wanted.version is None:
            return self.has_none
        return self.version == wanted.version and (
            wanted.manifest is None or self.is_by_number or self.manifest == wanted.manifest
        )


class WebHostClient:
    """One web host. While it is silent, it is looked for in the background, so that only the first user waits.

    Every question raises Busy if too many wait to be asked: nothing is known of the host then.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._line = CallLine(f"the web host {address}", _AT_ONCE, _WAITING)
        self._client = ShortCalls(address, timeout=_ANSWER_SECONDS)
        self._looking: asyncio.Task[None] | None = None

    async def close(self) -> None:
        if self._looking:
            self._looking.cancel()
        await self._client.close()

    async def ask(self, host: str) -> HostAnswer:
        """What it serves under a host name."""
        async with self._line.turn():
            started = time.perf_counter()
            if self._looking is None:  # by now: who waited in line need not find out again
                try:
                    answer = await self._record(host)
                    took = round((time.perf_counter() - started) * 1000, 1)
                    return replace(_heard(self.address, answer), milliseconds=took)
                except (TransportError, TimeoutError) as error:
                    self._miss(error, host)
        return HostAnswer(self.address, answers=False)

    async def home_page(self, host: str, encoding: str) -> bytes | None:
        """The home page that it sends to who accepts this encoding; None if it sends none, or is silent."""
        if self._looking:
            return None
        try:
            async with self._line.turn():
                answer = await self._get("/", host, encoding)
        except (TransportError, TimeoutError):
            return None
        return answer.content if answer.status_code == 200 else None

    async def has_no_home_page(self, host: str) -> bool:
        """Whether it answers that there is no home page."""
        if self._looking:
            return False
        try:
            async with self._line.turn():
                return (await self._get("/", host)).status_code == HTTPStatus.NOT_FOUND
        except (TransportError, TimeoutError):
            return False

    async def leads_to(self, host: str, other: str) -> bool:
        """Whether it sends who asks for a page of one host to the same page of the other, for good."""
        if self._looking:
            return False
        try:
            async with self._line.turn():
                answer = await self._get(_ANY_PAGE, host, **_ANY_QUERY)
        except (TransportError, TimeoutError):
            return False
        target = urlsplit(answer.headers.get("location", ""))
        is_same_page = (target.path, dict(parse_qsl(target.query))) == (_ANY_PAGE, _ANY_QUERY)
        return answer.status_code == HTTPStatus.MOVED_PERMANENTLY and target.netloc == other and is_same_page

    async def trouble(self, host: str) -> HostProblem | None:
        """What keeps it from serving what it should, if it tells."""
        if self._looking:
            return None
        try:
            async with self._line.turn():
                answer = await self._get(PROBLEM_ADDRESS, host)
            return HostProblem.model_validate_json(answer.content) if answer.status_code == 200 else None
        except (TransportError, TimeoutError, ValidationError):
            return None

    async def _record(self, host: str) -> Response:
        return await self._get("/.well-known/pagewright.json", host)

    async def _get(self, path: str, host: str, encoding: str = "gzip", **query: str) -> Response:
        headers = {"Host": host, "Accept-Encoding": encoding}
        return await self._client.request("GET", path, params=query, headers=headers)

    def _miss(self, error: Exception, host: str) -> None:
        """Others who asked at the same time have missed it too."""
        if self._looking is None:
            _log.warning("the web host at %s does not answer (%s)", self.address, type(error).__name__)
            self._looking = asyncio.create_task(self._look_for(host))

    async def _look_for(self, host: str) -> None:
        try:
            while not await self._answers(host):
                pass
            _log.info("the web host at %s answers again", self.address)
        finally:
            self._looking = None  # whatever ended it: the next who asks looks for itself

    async def _answers(self, host: str) -> bool:
        """Whether it does, after a pause."""
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        try:
            await self._record(host)
        except (TransportError, TimeoutError):
            return False
        return True


def _heard(address: str, answer: Response) -> HostAnswer:
    """What a host's JSON says."""
    try:
        served: object = answer.json() if answer.status_code == HTTPStatus.OK else {}
    except ValueError:
        served = {}
    fields = served if isinstance(served, dict) else {}
    version, manifest = fields.get("version"), fields.get("manifest")
    return HostAnswer(
        address,
        answers=True,
        version=version if isinstance(version, int) else None,
        manifest=manifest if isinstance(manifest, str) else None,
        is_by_number=fields.get("manifest") is None,
        has_none=answer.status_code == HTTPStatus.NOT_FOUND,
    )
