"""The names in an archive: relative, clean, accents composed; what can't be one is told with the reason."""

import unicodedata
from collections.abc import Iterable

from shared.domain.errors import InvalidInput

_SHOWN = 20


def clean_name(name: str) -> str:
    """The name without `./` and a slash at its end, its accents composed (macOS decomposes them)."""
    return unicodedata.normalize("NFC", "/".join(part for part in name.rstrip("/").split("/") if part != "."))


def name_danger(name: str) -> str:
    """Why a name may lead out of the archive, or not even be a name; "" if it can't."""
    if name.startswith("/"):
        return "it begins at the root of a disk"
    if ".." in name.split("/"):
        return "it leads out of the archive (..)"
    if "\\" in name:
        return "it has a backslash"
    return "it has a NUL character" if "\0" in name else ""


def refuse(problems: Iterable[str], hint: str) -> None:
    """Raise InvalidInput with all problems at once, if there are any; so many that a person still reads them."""
    found = list(problems)
    if found:
        more = f"\n… and {len(found) - _SHOWN:,} more." if len(found) > _SHOWN else ""
        raise InvalidInput("\n".join(found[:_SHOWN]) + more, hint)


def shown(name: str) -> str:
    """A name as a message may repeat it: whoever made the archive chose it."""
    return ascii(name)[:120] if not name.isprintable() else f"“{name[:120]}”"
