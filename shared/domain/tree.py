"""A site's tree of files in memory: which names and sizes it may have, and how two trees differ."""

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from shared.domain.errors import InvalidInput, TooLarge
from shared.domain.manifest import Changes, FileChange

Tree = Mapping[str, bytes]

# Other servers run or obey these files; they go by the last extension, and so do we.
_PROGRAMS = frozenset(
    (
        "php php3 php4 php5 php7 php8 phtml phar pht phps cgi pyc asp aspx jsp jspx shtml shtm stm"
        " exe dll so jar war htaccess htpasswd env"
    ).split()
)
_JOINERS = frozenset("\u200c\u200d")  # Persian words and family emoji are written with them
_ALLOWED_DOT_NAMES = frozenset({".well-known"})


@dataclass(frozen=True)
class TreeLimits:
    """How large a site may be: counts, bytes, and depth in path components."""

    files: int = 5_000
    total_bytes: int = 128 << 20
    file_bytes: int = 16 << 20
    depth: int = 32
    path_bytes: int = 512
    name_bytes: int = 200


DEFAULT_LIMITS = TreeLimits()


def check_path(path: str, limits: TreeLimits = DEFAULT_LIMITS) -> None:
    """Refuse a relative file path that can't be served or would be taken for a program.

    Raises InvalidInput naming the path (escaped) and the reason.
    """
    reason = _path_fault(path, limits)
    if reason:
        raise InvalidInput(f"The file name {ascii(path)[:120]} can't be part of a site: {reason}.", "Rename the file.")


def name_faults(paths: Iterable[str], limits: TreeLimits = DEFAULT_LIMITS) -> Iterator[tuple[str, str]]:
    """Every path that `check_path` would refuse, and why."""
    for path in paths:
        reason = _path_fault(path, limits)
        if reason:
            yield path, reason


def _path_fault(path: str, limits: TreeLimits) -> str:
    try:
        encoded = path.encode()
    except UnicodeEncodeError:
        return "it is not valid UTF-8"
    if len(encoded) > limits.path_bytes:
        return f"the path has {len(encoded)} bytes, more than {limits.path_bytes}"
    if unicodedata.normalize("NFC", path) != path:
        return "its accents are not in the composed form (NFC)"
    parts = path.split("/")
    if len(parts) > limits.depth:
        return f"it lies {len(parts)} folders deep, more than {limits.depth}"
    return next(filter(None, (_name_fault(name, limits) for name in parts)), "")


def _name_fault(name: str, limits: TreeLimits) -> str:
    if name in ("", ".", ".."):
        return "it has an empty or dot component"
    if len(name.encode()) > limits.name_bytes:
        return f"a name in it has {len(name.encode())} bytes, more than {limits.name_bytes}"
    if name[0] == "." and name not in _ALLOWED_DOT_NAMES:
        return "a name in it starts with a dot, and web servers hide those"
    if len(name) == 2 and name[1] == ":" and name[0].isalpha():
        return "it names a drive"
    forbidden = next(filter(_is_forbidden, name), None)
    if forbidden:
        return f"it has the character {_character(forbidden)}, which can't be part of an address"
    kind = name.rpartition(".")[2].casefold() if "." in name else ""
    return f"files of the type .{kind} are programs or server settings" if kind in _PROGRAMS else ""


def _is_forbidden(character: str) -> bool:
    """Whether it is a control, a half character, a line end, invisible, a change of direction, or a backslash."""
    invisible = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and character not in _JOINERS
    return invisible or character == "\\"


def _character(character: str) -> str:
    code = f"U+{ord(character):04X}"
    return "\\ (backslash)" if character == "\\" else f"{code} ({unicodedata.name(character, 'a control character')})"


def check_tree(sizes: Mapping[str, int], limits: TreeLimits = DEFAULT_LIMITS) -> None:
    """Refuse a tree, given as path → size in bytes, whose names or sizes a site can't have.

    Raises InvalidInput or TooLarge. Two paths that differ only in case or compatibility form are one
    file on some systems, and a path can't be file and folder at once; both are refused.
    """
    if len(sizes) > limits.files:
        raise TooLarge(
            f"The site has {len(sizes):,} files; at most {limits.files:,} are allowed.", "Remove what it does not need."
        )
    total = sum(sizes.values())
    if total > limits.total_bytes:
        raise TooLarge(
            f"The site has {_mebibytes(total)}; it is larger than {limits.total_bytes >> 20} MiB.",
            "Remove or shrink large files.",
        )
    for path in sizes:
        check_path(path, limits)
    large = next(large_files(sizes, limits), None)
    if large:
        raise TooLarge(large, "Shrink it.")
    collision = next(collisions(sizes), None)
    if collision:
        raise InvalidInput(collision, "Rename one of them.")


def large_files(sizes: Mapping[str, int], limits: TreeLimits = DEFAULT_LIMITS) -> Iterator[str]:
    """A sentence for each file that is too large."""
    for path, size in sizes.items():
        if size > limits.file_bytes:
            limit = f"it is larger than {limits.file_bytes >> 20} MiB"
            yield f"The file {path} has {_mebibytes(size)}; {limit}."


def _mebibytes(size: int) -> str:
    return f"{size / (1 << 20):,.1f} MiB"


def _fold(path: str) -> str:
    return unicodedata.normalize("NFKC", path.casefold())


def collisions(paths: Iterable[str]) -> Iterator[str]:
    """A sentence for each pair of paths that are one on some systems."""
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    for path in paths:
        other = files.setdefault(_fold(path), path)
        if other is not path:
            yield f"The files {other} and {path} differ only in case."
        parts = path.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            folder = "/".join(parts[:depth])
            if folders.setdefault(_fold(folder), folder) != folder:
                yield f"Two folders differ only in case: {folder}."
    for both in sorted(files.keys() & folders.keys()):
        yield f"{files[both]} is a file and a folder at once."


def sizes(tree: Tree) -> dict[str, int]:
    """The tree as `check_tree` wants it: path → size in bytes."""
    return {path: len(data) for path, data in tree.items()}


def digests(tree: Tree) -> dict[str, str]:
    """Path → sha256 (hex) of every file."""
    return {path: hashlib.sha256(data).hexdigest() for path, data in tree.items()}


def compare(before: Tree, after: Tree) -> Changes:
    """What happened to each file on the way from one tree to the other."""
    old, new = digests(before), digests(after)

    def changes(paths: Iterable[str]) -> tuple[FileChange, ...]:
        return tuple(FileChange(path=p, before=old.get(p), after=new.get(p)) for p in sorted(paths))

    return Changes(
        added=changes(new.keys() - old.keys()),
        modified=changes(p for p in old.keys() & new.keys() if old[p] != new[p]),
        removed=changes(old.keys() - new.keys()),
    )
