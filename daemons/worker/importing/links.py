"""Symbolic and hard links in an archive: those that stay inside become copies of what they point at."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from daemons.worker.importing.archive_reader import MOST_MEMBERS
from daemons.worker.importing.members import Member
from shared.domain.errors import TooLarge

_MOST_STEPS = 40  # as the kernel does
_DEEPEST = 8


class _LeadsOut(Exception):
    """A link points outside of the archive."""


class _NoEnd(Exception):
    """A link leads to itself, or through too many others."""


@dataclass
class Followed:
    """`copies` are new files; the lists name links: those followed, those that lead nowhere, those that lead out."""

    copies: dict[str, Member] = field(default_factory=dict)
    followed: list[str] = field(default_factory=list)
    dangling: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


def from_top(link: str, target: str) -> str:
    """The target of a hard link, which tar names from the archive's top, as a symbolic link would name it."""
    return target if target.startswith("/") else "../" * link.count("/") + target


def follow_links(files: Mapping[str, Member], links: Mapping[str, str]) -> Followed:
    """What the links (path → target) stand for. Raises TooLarge if they multiply the archive beyond bounds."""
    result, web = Followed(), _Web(files, links)
    for link in links:
        try:
            copies = dict(web.copies(link, link, ()))
        except _LeadsOut:
            result.outside.append(link)
            continue
        except _NoEnd:
            copies = {}
        result.copies |= copies
        (result.followed if copies else result.dangling).append(link)
        if len(result.copies) > MOST_MEMBERS:
            raise TooLarge("The links in the archive multiply its files.", "Pack the files themselves: `tar -h`.")
    return result


@dataclass(frozen=True)
class _Web:
    files: Mapping[str, Member]
    links: Mapping[str, str]

    @cached_property
    def _names(self) -> list[str]:
        return sorted({*self.files, *self.links})

    def copies(self, link: str, place: str, above: tuple[str, ...]) -> Iterator[tuple[str, Member]]:
        """The files that `link` stands for, as they are to lie at `place`; `above` are the folders being copied."""
        target = self._resolve(link)
        if target in self.files:
            yield place, self.files[target]
            return
        inside = f"{target}/" if target else ""
        if any(f"{folder}/".startswith(inside) for folder in (link, *above)) or len(above) > _DEEPEST:
            return  # a folder would hold itself
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
        """The path behind all links on the way."""
        done: list[str] = []
        todo = path.split("/")[::-1]
        steps = 0
        while todo:
            part = todo.pop()
            if part == "..":
                if not done:
                    raise _LeadsOut
                done.pop()
            elif part not in ("", "."):
                done.append(part)
                target = self.links.get("/".join(done))
                if target is not None:
                    steps += 1
                    if steps > _MOST_STEPS:
                        raise _NoEnd
                    if target.startswith("/"):
                        raise _LeadsOut
                    done.pop()
                    todo += target.split("/")[::-1]
        return "/".join(done)
