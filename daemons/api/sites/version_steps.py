"""Finds the versions that lie between two: what the one has and the other has not; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.domain.manifest import Manifest


@dataclass(frozen=True)
class VersionSteps:
    """What is `gained`, newest first, by going to a version, and what is `lost` of the version that one comes from.

    What the versions from `unread_from` to `unread_to` did is not known here: there may be more steps among them.
    """

    gained: tuple[Manifest, ...] = ()
    lost: tuple[Manifest, ...] = ()
    unread_from: int = 0
    unread_to: int = 0


def steps_between(known: Mapping[int, Manifest], before: int, after: int) -> VersionSteps:
    """The way from one version to the other, back to where both come from, as far as the `known` ones tell it."""
    steps: dict[str, list[Manifest]] = {"lost": [], "gained": []}
    ends = {"lost": before, "gained": after}
    while ends["lost"] != ends["gained"]:
        # A parent is older than its child: so the newer of both ends is no ancestor of the other.
        side = max(ends, key=lambda end: ends[end])
        manifest = known.get(ends[side])
        if manifest is None:
            break
        steps[side].append(manifest)
        ends[side] = manifest.parent or 0
    rest = sorted(ends.values()) if ends["lost"] != ends["gained"] else None
    return VersionSteps(
        gained=tuple(steps["gained"]),
        lost=tuple(steps["lost"]),
        unread_from=rest[0] + 1 if rest else 0,
        unread_to=rest[1] if rest else 0,
    )
