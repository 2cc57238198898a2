"""What nginx reads of addresses: a folder for each that is no site's name, and marks of those that lead elsewhere.

<root>/<address>/current, before  symlinks to those of the site's own directory, and nothing else: no views of versions
<root>/.moved/from/<label>        symlink to ../to/<address> or ../gone: who comes there is sent on, or told of nothing
<root>/.moved/to/<address>/       empty; there is one for each address above, so that these are found without a search
<root>/.moved/.unknown            names of sites whose marks stay though storage does not know that they moved
<root>/.moved/.*                  work of this process
"""

import errno
import os
import re
import shutil
from collections.abc import Collection, Set
from contextlib import suppress
from pathlib import Path

from daemons.deployer.addresses import DropTarget, LeadOn, Marks, Serve, Step, Unmark, Unserve, steps, with_unknown
from shared.domain.vocabulary import Slot

_LINKS = (Slot.CURRENT, "before")
_SITE = re.compile(rf"\.\./([a-z0-9-]+)/{Slot.CURRENT}")
_GONE, _TO = "../gone", "../to/"
_UNKNOWN = ".unknown"


class AddressMarks:
    """The marks below a root; one caller at a time. Every method may raise OSError.

    Nothing is flushed: after a power cut the next look makes what is missing.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._moved = root / ".moved"

    def read(self) -> Marks:
        """What is there; the cost grows with what has moved, not with the sites."""
        targets = _names(self._moved / "to")
        marks = {label: self._moved / "from" / label for label in _names(self._moved / "from")}
        links = {label: _link_of(mark) for label, mark in marks.items() if mark.is_dir()}  # nginx sees no others
        return Marks(
            served={address: site for address in targets if (site := self._site_at(address))},
            moved={label: None if link == _GONE else link.removeprefix(_TO) for label, link in links.items() if link},
            targets=frozenset(targets),
        )

    def carry_out(self, step: Step) -> None:
        """Do it; raises FileExistsError rather than touch a folder that is not ours."""
        match step:
            case Serve(site, address):
                self._serve(site, address)
            case Unmark(_, label):
                (self._moved / "from" / label).unlink(missing_ok=True)
            case LeadOn(site, label, address):
                self._lead_on(site, label, address)
            case Unserve(_, address):
                self._unserve(address)
            case DropTarget(_, address):
                self._unserve(address)  # what an interrupted run left of it
                (self._moved / "to" / address).rmdir()

    def note_unknown(self, sites: Collection[str]) -> None:
        """Remember which sites moved though storage does not know of it, for an operator who confirms that."""
        if {*sites} != self.unknown():
            self._make_folder("from")
            (self._moved / _UNKNOWN).write_text("".join(f"{site}\n" for site in sorted(sites)))

    def unknown(self) -> set[str]:
        """The sites that were noted."""
        with suppress(FileNotFoundError):
            return {*(self._moved / _UNKNOWN).read_text().split()}
        return set()

    def forget(self, sites: Set[str]) -> None:
        """Let these sites be found under their names alone."""
        on_disk = self.read()
        for step in steps(with_unknown(Marks(), on_disk, sites), on_disk):
            self.carry_out(step)

    def _serve(self, site: str, address: str) -> None:
        folder, is_there = self._root / address, os.path.lexists(self._root / address)
        if is_there and not _is_ours(folder):
            raise _in_the_way(folder)
        self._make_folder("to", address)
        target = folder if is_there else self._make_folder(".new")
        for name in _LINKS:
            self._link(f"../{site}/{name}", target / name)
        if not is_there:
            target.rename(folder)

    def _lead_on(self, site: str, label: str, address: str | None) -> None:
        if label != site and (self._root / label / "releases").exists():
            raise _in_the_way(self._root / label)
        self._make_folder("from")
        self._make_folder("to", address) if address else self._make_folder("gone")
        self._link(_TO + address if address else _GONE, self._moved / "from" / label)

    def _unserve(self, address: str) -> None:
        """Remove our links, and the folder if it holds nothing else: a site may have come there."""
        folder = self._root / address
        for name in _LINKS:
            if _is_our_link(folder / name):
                (folder / name).unlink()
        with suppress(OSError):
            folder.rmdir()

    def _site_at(self, address: str) -> str | None:
        """The site whose links are at an address; None if it is no address of ours."""
        found = _SITE.fullmatch(_link_of(self._root / address / Slot.CURRENT) or "")
        return found[1] if found and not (self._root / address / "releases").exists() else None

    def _link(self, target: str, path: Path) -> None:
        """Make this name a symlink at one stroke."""
        beside = self._moved / ".link"
        beside.unlink(missing_ok=True)
        beside.symlink_to(target)
        beside.replace(path)

    def _make_folder(self, *names: str) -> Path:
        """A folder below `.moved` that nginx can enter, empty if its name has a dot: an interrupted run left that."""
        folder = self._moved
        if names[0].startswith("."):
            shutil.rmtree(folder / names[0], ignore_errors=True)
        for name in ("", *names):
            folder = folder / name
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)  # whatever the umask: the web server is another user
        return folder


def _in_the_way(folder: Path) -> FileExistsError:
    return FileExistsError(errno.EEXIST, "A folder is in the way that is not of this site", str(folder))


def _is_ours(folder: Path) -> bool:
    """Whether there is a folder with nothing but links of ours, as far as an interrupted run has left them."""
    return not folder.is_symlink() and folder.is_dir() and all(map(_is_our_link, folder.iterdir()))


def _is_our_link(path: Path) -> bool:
    return path.name in _LINKS and (_link_of(path) or "").startswith("../")


def _link_of(path: Path) -> str | None:
    try:
        return os.fspath(path.readlink())
    except OSError:
        return None


def _names(folder: Path) -> list[str]:
    with suppress(FileNotFoundError):
        return sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith("."))
    return []
