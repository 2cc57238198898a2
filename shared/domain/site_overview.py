"""What the page of a site shows of its versions, read from storage in one request."""

from typing import Annotated

from pydantic import Field

from shared.domain.manifest import Manifest
from shared.domain.vocabulary import Deployment, Record, SiteHead

MOST_NAMED = 100


class SiteOverview(Record):
    """A site's head and newest versions, newest first; `next` is the `before` of the versions behind them.

    `others` are versions that a slot is to show or that were asked for by number, as far as they can be read.
    `published` is what visitors were to see lately, newest first; left out by a storage of the release before.
    """

    head: SiteHead
    versions: tuple[Manifest, ...] = ()
    next: Annotated[int, Field(ge=1)] | None = None
    others: tuple[Manifest, ...] = ()
    published: tuple[Deployment, ...] = ()

    @property
    def known(self) -> dict[int, Manifest]:
        """All versions that it tells, by number."""
        return {manifest.number: manifest for manifest in (*self.versions, *self.others)}
