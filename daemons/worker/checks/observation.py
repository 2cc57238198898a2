"""What the browser saw, as it crosses from the sandbox to the worker: hostile input, so strict and bounded.

An address of the site's own begins with `/` and has no query; every other is whole. Lists are cut where they arise:
`total` tells how many there were. So a report does not depend on the port that the site had, nor on its size.
"""

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.domain.vocabulary import Record

LONGEST_PATH = 512
LONGEST_TEXT = 500
LONGEST_ADDRESS = 2_000
MOST_ADDRESSES = 2_000
MOST_ERRORS = 50

Path = Annotated[str, StringConstraints(max_length=LONGEST_PATH)]
Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
Address = Annotated[str, StringConstraints(max_length=LONGEST_ADDRESS)]
Count = Annotated[int, Field(ge=0)]


class Addresses(Record):
    """Distinct addresses; too long ones are left out."""

    items: Annotated[tuple[Address, ...], Field(max_length=MOST_ADDRESSES)] = ()
    total: Count = 0


class ScriptError(Record):
    """An error that a page's console or script told; `source` is the script or request that it came from."""

    text: Text
    source: Address = ""


class ScriptErrors(Record):
    """Distinct errors in the order in which they came."""

    items: Annotated[tuple[ScriptError, ...], Field(max_length=MOST_ERRORS)] = ()
    total: Count = 0


class LostRequest(Record):
    """A request without an answer, or with one that says no; `kind` is the browser's word: script, image, font, …"""

    address: Address
    reason: Text = ""
    kind: Text = ""


class LostRequests(Record):
    """Distinct requests in the order in which they were made."""

    items: Annotated[tuple[LostRequest, ...], Field(max_length=MOST_ERRORS)] = ()
    total: Count = 0


class PageObservation(Record):
    """One page as the browser saw it; `error` is set if the page did not load at all, `unseen` if nobody could look.

    `loads` is everything of the site itself that the page asked for, found or not. `blocked` are requests to other
    hosts, which the sandbox can't reach. `text` counts characters that can be seen, `media` what else there is.
    `places` are the names that a link's `#place` may have. `relative` are addresses that mean something else elsewhere.
    `screenshots` are file names in the report.
    """

    path: Path
    error: Text = ""
    unseen: Text = ""
    title: Text = ""
    console: ScriptErrors = ScriptErrors()
    failed: LostRequests = LostRequests()
    blocked: LostRequests = LostRequests()
    loads: Addresses = Addresses()
    links: Addresses = Addresses()
    images: Addresses = Addresses()
    relative: Addresses = Addresses()
    places: Addresses = Addresses()
    text: Count = 0
    media: Count = 0
    screenshots: dict[Annotated[str, StringConstraints(pattern=r"^(desktop|phone)$")], Text] = Field(
        default_factory=dict
    )
