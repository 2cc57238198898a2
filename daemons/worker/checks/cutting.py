"""Cuts lists and texts of a page to a bounded size and keeps their count; runs inside the sandbox."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urldefrag

from daemons.worker.checks.observation_limits import LONGEST_ADDRESS, LONGEST_TEXT

_FOREIGN = re.compile(r"(?:https?|wss?):", re.IGNORECASE)
_ADDRESS_IN_STACK = re.compile(r"(?:https?|file|blob)://?[^\s()]+?(?=:\d+(?::\d+)?\)?$)", re.MULTILINE)

Cut = dict[str, Any]


def clean(value: object, longest: int = LONGEST_TEXT) -> str:
    """The text, cut and as valid UTF-8: half an emoji becomes a question mark."""
    return str(value)[:longest].encode(errors="replace").decode()


def cut(values: Iterable[str], most: int) -> Cut:
    """The first distinct values, without those longer than an address, and how many distinct values there were."""
    distinct = list(dict.fromkeys(values))
    return {
        "items": [clean(value) for value in distinct if len(value) <= LONGEST_ADDRESS][:most],
        "total": len(distinct),
    }


def cut_records(records: Iterable[Mapping[str, str]], most: int) -> Cut:
    """The first distinct records, and how many there were."""
    distinct = list({tuple(record.items()): record for record in records}.values())
    return {"items": distinct[:most], "total": len(distinct)}


def own_address(url: str, origin: str) -> str | None:
    """The path and fragment of a URL of the site itself, None if it belongs to another."""
    if not url.startswith(f"{origin}/"):
        return None
    whole, fragment = urldefrag(url[len(origin) :])
    return whole.partition("?")[0] + (f"#{fragment}" if fragment else "")


def is_foreign(url: str, origin: str) -> bool:
    """Whether the URL belongs to another host, which the sandbox can't reach."""
    return bool(_FOREIGN.match(url)) and not url.startswith(f"{origin}/")


def reported_address(url: str, origin: str) -> str:
    """An address as the observation has it: one of the site's own without host and query."""
    own = own_address(url, origin)
    return clean(url if own is None else own, LONGEST_ADDRESS)


def first_source(stack: str, origin: str) -> str:
    """The address of the innermost script in an error's stack; empty if the stack names none."""
    found = _ADDRESS_IN_STACK.search(stack[:20_000])
    return reported_address(found[0], origin) if found else ""


def without_origin(text: str, origin: str) -> str:
    """A message without the host and port of the inner server, which differ from run to run."""
    return clean(text[:20_000].replace(origin, ""))
