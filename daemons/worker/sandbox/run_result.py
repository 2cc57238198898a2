"""Turns the runner's last message and the payload that came back into the result of a run; trusts neither."""

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
class RunResult:
    """How a run ended. `exit_code` is negative for a signal, None if the program did not end by itself.

    `tree` is what came back, checked by check_tree. `error_output` is the end of stderr. `limit` names the limit that
    ended the run: "time", "output", "workspace" (bytes or files), "memory", or "crash" if the sandbox itself broke.
    """

    exit_code: int | None
    tree: dict[str, bytes]
    error_output: bytes
    limit: str | None = None


def read_result(report: protocol.ControlMessage, payload: int, allowed: TreeLimits, error_output: bytes) -> RunResult:
    """How a run ended, from the runner's report and the payload that it filled.

    Raises InvalidInput or TooLarge if a site can't have what came back.
    """
    limit, refused, exit_code = (report.get(name) for name in ("limit", "refused", "exit_code"))
    if limit in _LIMITS:
        return RunResult(None, {}, error_output, limit)
    if refused:
        raise _refusal(refused, allowed)
    return RunResult(exit_code if isinstance(exit_code, int) else None, _open_payload(payload, allowed), error_output)


def _open_payload(payload: int, allowed: TreeLimits) -> dict[str, bytes]:
    try:
        entries, start = protocol.read_list(payload)
        check_tree(dict(entries), allowed)
        return protocol.read_payload(payload, entries, start)
    except protocol.BadPayload as error:
        _log.warning("a sandbox sent a bad payload: %s", error)
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
