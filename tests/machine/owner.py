"""What the owner of a site does on an installation under test."""

from collections.abc import Callable
from itertools import count

from tests.machine.visitor import Document, Visitor


def create(owner: Visitor, site: str) -> None:
    """A new site from a template, published as it is."""
    made = owner.call("POST", "/sites", {"name": site, "title": "Bakery", "template": "small-business"})
    owner.finished(made["job"])
    publish(owner, site, 1)


def edit(owner: Visitor, site: str, headline: str) -> Document:
    """The job of an edit, just asked for."""
    return owner.call("POST", f"/sites/{site}/jobs", {"message": f'Change the headline to "{headline}"'})


def publish(owner: Visitor, site: str, version: int) -> Document:
    """Make visitors see a version; the answer comes when they do."""
    return owner.call("POST", f"/sites/{site}/deployments", {"slot": "current", "version": version})


def keeps_editing(owner: Visitor, site: str) -> Callable[[], Document]:
    """What somebody does who asks for one edit after the other, each when the one before has succeeded."""
    numbers = count(1)
    return lambda: owner.finished(edit(owner, site, f"Edit {next(numbers)} without a pause"))


def versions_of(owner: Visitor, site: str) -> list[int]:
    """The numbers of the newest versions, newest first; at most 100."""
    return [version["number"] for version in owner.call("GET", f"/sites/{site}/versions?limit=100")["items"]]
