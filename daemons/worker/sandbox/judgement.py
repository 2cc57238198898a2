"""What to make of the runner's last words and of what came back; none of it is trusted."""

import logging
from dataclasses import dataclass

from daemons.worker.sandbox import protocol
from shared.domain.errors import InvalidInput, TooLarge
from shared.domain.tree import TreeLimits, check_tree

_log = logging.getLogger(__name__)

_LIMITS = ("workspace", "memory")
_REFUSALS = {
    "link": "is a symbolic link",
    "hardlink": "is a hard link to another file",
    "special": "is neither a file nor a folder",
    "deep": "lies too deep",
    "unreadable": "can't be read",
}


@dataclass(frozen=True)
class Ended:
    """How a run ended. `exit_code` is negative for a signal, None if it did not end by itself.

    `tree` is what came back, checked with check_tree. `error_output` is the end of stderr. `limit` names the limit
    that ended it: "time", "output", "workspace" (bytes or files), "memory", or "crash" if the sandbox itself broke.
    """

    exit_code: int | None
    tree: dict[str, bytes]
    error_output: bytes
    limit: str | None = None


def judge(report: protocol.Message, parcel: int, allowed: TreeLimits, error_output: bytes) -> Ended:
    """How a run ended, from the runner's report and the parcel it filled.

    Raises InvalidInput or TooLarge if what came back can't be part of a site.
    """
    limit, refused, exit_code = (report.get(name) for name in ("limit", "refused", "exit_code"))
    if limit in _LIMITS:
        return Ended(None, {}, error_output, limit)
    if refused:
        raise _refusal(refused, allowed)
    return Ended(exit_code if isinstance(exit_code, int) else None, _open_parcel(parcel, allowed), error_output)


def _open_parcel(parcel: int, allowed: TreeLimits) -> dict[str, bytes]:
    try:
        entries, start = protocol.read_list(parcel)
        check_tree(dict(entries), allowed)
        return protocol.read_parcel(parcel, entries, start)
    except protocol.BadParcel as error:
        _log.warning("a sandbox sent a bad parcel: %s", error)
        raise InvalidInput("What came back from the sandbox can't be read.", "Try again.") from None


def _refusal(refused: object, allowed: TreeLimits) -> InvalidInput | TooLarge:
    why, path = map(str, refused if isinstance(refused, list) and len(refused) == 2 else ("", ""))
    shown = ascii(path)[:120]
    if why in _REFUSALS:
        hint = "A site has plain files in folders only."
        return InvalidInput(f"{shown} can't be part of a site: it {_REFUSALS[why]}.", hint)
    if why == "large":
        return TooLarge(f"The file {shown} is larger than {allowed.file_bytes >> 20} MiB.", "Shrink it.")
    if why == "heavy":
        return TooLarge(f"The files are larger than {allowed.total_bytes >> 20} MiB together.", "Shrink large files.")
    return TooLarge(f"There are too many files; a site has at most {allowed.files}.", "Remove what it does not need.")
