"""What the browser saw, as it crosses from the sandbox to the worker: hostile input, so strict and bounded."""

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.vocabulary import Record

Text = Annotated[str, StringConstraints(max_length=500)]
Many = Annotated[tuple[Text, ...], Field(max_length=2000)]
Few = Annotated[tuple[Text, ...], Field(max_length=50)]


class PageObservation(Record):
    """One page as the browser saw it; URLs are whole, `error` is set if the page did not load at all.

    `blocked` are requests to other hosts, which the sandbox can't reach. `screenshots` are file names in the report.
    """

    path: Annotated[str, StringConstraints(max_length=512)]
    error: Text = ""
    title: Text = ""
    console_errors: Few = ()
    exceptions: Few = ()
    failed_requests: Few = ()
    blocked: Few = ()
    links: Many = ()
    images: Many = ()
    screenshots: dict[Annotated[str, StringConstraints(pattern=r"^(desktop|phone)$")], Text] = Field(
        default_factory=dict
    )
