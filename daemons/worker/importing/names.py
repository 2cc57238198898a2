"""Cleans the names in an archive, composes their accents, and refuses dangerous ones with a reason."""

import unicodedata
from collections.abc import Iterable

from shared.domain.errors import InvalidInput

_SHOWN = 20


def clean_name(name: str) -> str:
    """The name without `./` and without a slash at its end, with composed accents (macOS decomposes them)."""
    return unicodedata.normalize("NFC", "/".join(part for part in name.rstrip("/").split("/") if part != "."))


def name_danger(name: str) -> str:
    """Why a name may lead out of the archive or can't be a name; "" if it is safe."""
    if name.startswith("/"):
        return "it begins at the root of a disk"
    if ".." in name.split("/"):
        return "it leads out of the archive (..)"
    if "\\" in name:
        return "it has a backslash"
    return "it has a NUL character" if "\0" in name else ""


def refuse(problems: Iterable[str], hint: str) -> None:
    """Raise InvalidInput with all problems at once, if there are any; list no more than a person reads."""
    found = list(problems)
    if found:
        more = f"\n… and {len(found) - _SHOWN:,} more." if len(found) > _SHOWN else ""
        raise InvalidInput("\n".join(found[:_SHOWN]) + more, hint)


def shown(name: str) -> str:
    """A name as a message may quote it: escaped and cut, because a hostile person may have chosen it."""
    return ascii(name)[:120] if not name.isprintable() else f"“{name[:120]}”"
