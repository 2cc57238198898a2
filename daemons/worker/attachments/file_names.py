"""Names for prepared files that can become part of an address; pure."""

import re
import unicodedata
from collections.abc import Iterable

from shared.domain.attachment_kinds import AttachmentKind

_STEM_CHARACTERS = 60


def site_name(name: str, kind: AttachmentKind, taken: Iterable[str]) -> str:
    """`Frühstück 1.HEIC`, now a JPEG, becomes `Fruhstuck-1.jpg`; a name that is taken gets a number."""
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    kept = ending if ending.lower() in kind.endings else kind.endings[0]
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    base = re.sub(r"[^A-Za-z0-9_]+", "-", plain).strip("-")[:_STEM_CHARACTERS].strip("-")
    base = base or ("document" if kind is AttachmentKind.PDF else "picture")
    used = {one.casefold() for one in taken}
    names = (f"{base}{number}.{kept}" for number in ("", *(f"-{n}" for n in range(2, 100))))
    return next(one for one in names if one.casefold() not in used)
