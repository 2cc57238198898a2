"""Keeps the highest fence of a site and its holder, and so refuses writes of a worker that lost its claim."""

from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints

from daemons.storage.checksummed_file import checksummed, read_record
from daemons.storage.durable import make_directory, replace_file
from shared.domain.errors import StaleFence
from shared.domain.vocabulary import Fence, Record


class FenceClaim(Record):
    """A fence and the worker that drew it."""

    fence: Fence
    holder: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Fences:
    """A site's highest claim, in memory and in the file `fence`."""

    def __init__(self, site_directory: Path, incoming: Path) -> None:
        self._path = site_directory / "fence"
        self._incoming = incoming
        try:
            self._claim: FenceClaim | None = read_record(self._path, FenceClaim)
        except FileNotFoundError:
            self._claim = None

    @property
    def highest(self) -> int:
        return self._claim.fence if self._claim else 0

    def take(self, claim: FenceClaim) -> None:
        """Remember a claim durably; the same claim again changes nothing. Raises StaleFence."""
        if claim == self._claim:
            return
        if claim.fence <= self.highest:
            raise self._stale(claim.fence)
        make_directory(self._path.parent)
        replace_file(self._path, checksummed(claim.model_dump_json().encode()), self._incoming)
        self._claim = claim

    def require(self, fence: int) -> None:
        """Raises StaleFence unless this is the highest fence, announced and held now."""
        if fence != self.highest:
            raise self._stale(fence)

    def _stale(self, fence: int) -> StaleFence:
        return StaleFence(
            f"The claim with fence {fence} does not hold this site; the highest fence seen is {self.highest}.",
            "Claim the site again with a higher fence.",
            self.highest,
        )
