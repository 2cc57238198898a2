"""Resolves symbolic and hard links in an archive: those that stay inside become copies of their targets."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from daemons.worker.importing.archive_reader import MOST_MEMBERS
from daemons.worker.importing.members import Member
from shared.domain.errors import TooLarge

_MOST_STEPS = 40  # as the kernel does
_DEEPEST = 8


class _LinkLeadsOut(Exception):
    """A link leads out of the archive."""


class _LinkLoop(Exception):
    """A link leads to itself, or through too many others."""


@dataclass
class FollowedLinks:
    """`copies` are new files; the lists name the links that were followed, that lead nowhere, that lead out."""

    copies: dict[str, Member] = field(default_factory=dict)
    followed: list[str] = field(default_factory=list)
    dangling: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


def from_top(link: str, target: str) -> str:
    """A hard link's target as a symbolic link would name it; tar names it relative to the archive's top."""
    return target if target.startswith("/") else "../" * link.count("/") + target


def follow_links(files: Mapping[str, Member], links: Mapping[str, str]) -> FollowedLinks:
    """Resolve the links (path → target). Raises TooLarge if the copies multiply the archive beyond bounds."""
    result, graph = FollowedLinks(), _LinkGraph(files, links)
    for link in links:
        try:
            copies = dict(graph.copies(link, link, ()))
        except _LinkLeadsOut:
            result.outside.append(link)
            continue
        except _LinkLoop:
            copies = {}
        result.copies |= copies
        (result.followed if copies else result.dangling).append(link)
        if len(result.copies) > MOST_MEMBERS:
            raise TooLarge("The links in the archive multiply its files.", "Pack the files themselves: `tar -h`.")
    return result


@dataclass(frozen=True)
class _LinkGraph:
    files: Mapping[str, Member]
    links: Mapping[str, str]

    @cached_property
    def _names(self) -> list[str]:
        return sorted({*self.files, *self.links})

    def copies(self, link: str, place: str, above: tuple[str, ...]) -> Iterator[tuple[str, Member]]:
        """The files behind `link`, with their paths below `place`; `above` are the folders that are being copied."""
        target = self._resolve(link)
        if target in self.files:
            yield place, self.files[target]
            return
        inside = f"{target}/" if target else ""
        if any(f"{folder}/".startswith(inside) for folder in (link, *above)) or len(above) > _DEEPEST:
            return  # the folder would contain itself
        for number, name in enumerate(self._below(inside)):
            if number > MOST_MEMBERS:
                raise TooLarge("The links in the archive multiply its files.", "Pack the files themselves: `tar -h`.")
            copy = f"{place}/{name.removeprefix(inside)}"
            if name in self.files:
                yield copy, self.files[name]
            else:
                yield from self.copies(name, copy, (*above, link, target))

    def _below(self, inside: str) -> Iterator[str]:
        for position in range(bisect_left(self._names, inside), len(self._names)):
            if not self._names[position].startswith(inside):
                return
            yield self._names[position]

    def _resolve(self, path: str) -> str:
        """The path after all links in it are resolved."""
        done: list[str] = []
        left = path.split("/")[::-1]
        steps = 0
        while left:
            part = left.pop()
            if part == "..":
                if not done:
                    raise _LinkLeadsOut
                done.pop()
            elif part not in ("", "."):
                done.append(part)
                target = self.links.get("/".join(done))
                if target is not None:
                    steps += 1
                    if steps > _MOST_STEPS:
                        raise _LinkLoop
                    if target.startswith("/"):
                        raise _LinkLeadsOut
                    done.pop()
                    left += target.split("/")[::-1]
        return "/".join(done)
