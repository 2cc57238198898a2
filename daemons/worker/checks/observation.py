"""What the browser saw, as the sandbox sends it to the worker: hostile input, so strict and bounded.

An address of the site itself begins with `/` and has no query; every other address is complete. The sandbox cuts long
lists, and `total` has the full count. So an observation depends neither on the inner port nor on the site's size.
"""

from typing import Annotated

from pydantic import Field, StringConstraints

from daemons.worker.checks.audit import PageAudit
from daemons.worker.checks.observation_limits import (
    LONGEST_ADDRESS,
    LONGEST_BLOCKS,
    LONGEST_PATH,
    LONGEST_TEXT,
    MOST_ADDRESSES,
    MOST_ERRORS,
    MOST_LOOKS,
)
from daemons.worker.checks.page_blocks import PageBox
from shared.domain.vocabulary import Record

Path = Annotated[str, StringConstraints(max_length=LONGEST_PATH)]
Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
PageAddress = Annotated[str, StringConstraints(max_length=LONGEST_ADDRESS)]
Width = Annotated[str, StringConstraints(pattern=r"^(desktop|phone)$")]
Count = Annotated[int, Field(ge=0)]


class AddressList(Record):
    """Distinct addresses, without those that are too long."""

    items: Annotated[tuple[PageAddress, ...], Field(max_length=MOST_ADDRESSES)] = ()
    total: Count = 0


class ScriptError(Record):
    """An error in a page's console or script; `source` is the script or request that caused it."""

    text: Text
    source: PageAddress = ""


class ScriptErrors(Record):
    """Distinct errors in the order of their occurrence."""

    items: Annotated[tuple[ScriptError, ...], Field(max_length=MOST_ERRORS)] = ()
    total: Count = 0


class LostRequest(Record):
    """A request without an answer or with an error status; `kind` is the browser's word: script, image, font, …"""

    address: PageAddress
    reason: Text = ""
    kind: Text = ""


class LostRequests(Record):
    """Distinct requests in the order of their making."""

    items: Annotated[tuple[LostRequest, ...], Field(max_length=MOST_ERRORS)] = ()
    total: Count = 0


class PageObservation(Record):
    """One page as the browser saw it. `error` says why the page did not load, `unseen` why the browser could not look.

    `loads` are the site's own addresses that the page requested, found or not. `blocked` are requests to other hosts,
    which the sandbox can't reach. `text` counts visible characters, `media` images and other embedded elements.
    `places` are the names that a link's `#place` can have. `relative` are addresses that lead elsewhere from another
    folder. `screenshots` are file names in the report. `blocks` is a PageBlocks as JSON, empty if there was no room: it
    is parsed only to compare the page. `before` is the same of the parent's page, looked at now, empty if what is known
    of it is right. `looks` are the places, by viewport, where a page that reads as before looks otherwise. An
    `incomparable` page could not be looked at often enough to tell what changes by itself. `audit` is null for what is
    no page for people.
    """

    path: Path
    error: Text = ""
    unseen: Text = ""
    title: Text = ""
    console: ScriptErrors = ScriptErrors()
    failed: LostRequests = LostRequests()
    blocked: LostRequests = LostRequests()
    loads: AddressList = AddressList()
    links: AddressList = AddressList()
    images: AddressList = AddressList()
    relative: AddressList = AddressList()
    places: AddressList = AddressList()
    text: Count = 0
    media: Count = 0
    blocks: Annotated[str, StringConstraints(max_length=LONGEST_BLOCKS)] = ""
    before: Annotated[str, StringConstraints(max_length=LONGEST_BLOCKS)] = ""
    incomparable: bool = False
    looks: dict[Width, Annotated[tuple[PageBox, ...], Field(max_length=MOST_LOOKS)]] = Field(default_factory=dict)
    audit: PageAudit | None = None
    screenshots: dict[Annotated[str, StringConstraints(pattern=r"^(desktop|phone|small)$")], Text] = Field(
        default_factory=dict
    )
