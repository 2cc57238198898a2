"""Keeps what storage said of a site last, so that this host notices and refuses a storage that was put back.

The file is `seen.json` beside the site's releases. Without it the deployer believes whatever storage says.
"""

from collections.abc import Iterator

from pydantic import ValidationError

from daemons.deployer.site_directory import SiteDirectory
from shared.domain.vocabulary import SiteHead, Slot

_FILE = "seen.json"


def seen_head(directory: SiteDirectory) -> SiteHead | None:
    """What storage said of a site last; None if unknown."""
    try:
        return SiteHead.model_validate_json(directory.read_file(_FILE) or b"")
    except ValidationError:
        return None


def remember(directory: SiteDirectory, head: SiteHead) -> None:
    """Keep this durably, unless it is kept already. Raises OSError.

    Only the deployer can read it: it names people.
    """
    if is_news(seen_head(directory), head):
        directory.write_file(_FILE, head.model_dump_json().encode(), 0o600)


def forget(directory: SiteDirectory) -> None:
    """Believe whatever storage says next. Raises OSError."""
    directory.remove_file(_FILE)


def is_news(seen: SiteHead | None, head: SiteHead) -> bool:
    """Whether storage says something else; claims don't count, for visitors see nothing of them."""
    return seen is None or (seen.latest, seen.stamp, seen.slots) != (head.latest, head.stamp, head.slots)


def asked_since(seen: SiteHead, head: SiteHead) -> set[int]:
    """The versions that slots were pointed at since."""
    return {version for slot, version in head.shown.items() if seen.slots.get(slot) != head.slots[slot]}


def is_older(seen: SiteHead | None, head: SiteHead) -> bool:
    """Whether storage has less than before: numbers, stamps and fences only grow."""
    return seen is not None and any(now < then for now, then in _counts(seen, head))


def _counts(seen: SiteHead, head: SiteHead) -> Iterator[tuple[int, int]]:
    yield head.latest or 0, seen.latest or 0
    yield head.stamp, seen.stamp
    yield head.fence, seen.fence
    for slot in Slot:
        desired, before = head.slots.get(slot), seen.slots.get(slot)
        yield desired.number if desired else 0, before.number if before else 0
