"""Prepares the attached files `0`, `1`, … of the workspace into its folder `prepared/`; runs inside the sandbox.

It writes a line to stdout for each file: the facts, or the problem, which is the last line.
"""

import json
import sys
from pathlib import Path

from daemons.worker.attachments.file_names import site_name
from daemons.worker.attachments.prepared import Prepared, Unusable
from daemons.worker.attachments.preparing import prepare_file
from shared.domain.attachment_kinds import AttachmentKind, named_for

_FOLDER, _LOOKS = Path("prepared"), Path("prepared/look")


def main() -> None:
    """Wait for the workspace, then prepare file after file."""
    sys.stdin.read()
    names = json.loads(Path("names.json").read_bytes())
    _LOOKS.mkdir(parents=True)
    taken: list[str] = []
    for number, name in enumerate(names):
        source = Path(str(number))
        data = source.read_bytes()
        source.unlink()
        try:
            prepared = prepare_file(data)
        except Unusable as problem:
            return _tell({"problem": {"why": problem.detail, "hint": problem.hint}})
        taken.append(site_name(name, prepared.kind, taken))
        _tell({"file": _facts(name, taken[-1], prepared)})


def _facts(name: str, path: str, prepared: Prepared) -> dict[str, object]:
    """Write the file and the copy to look at; what is known of it."""
    (_FOLDER / path).write_bytes(prepared.data)
    looks = {f"{path}.{ending}": data for ending, data in prepared.look.items()}
    for look, data in looks.items():
        (_LOOKS / look).write_bytes(data)
    return {
        "path": path,
        "kind": prepared.kind,
        "bytes": len(prepared.data),
        "pixels": prepared.size,
        "look": next((f"look/{look}" for look in looks), None),
        "notes": [*_misnamed(name, prepared.kind, prepared.notes), *prepared.notes],
    }


def _misnamed(name: str, kind: AttachmentKind, notes: tuple[str, ...]) -> list[str]:
    """A note if the name promised something else than the file was, and no other note says so."""
    became = any(note.startswith("became ") for note in notes)
    return [] if became or named_for(name, kind) else [f"is a {kind}, whatever its name says"]


def _tell(message: dict[str, object]) -> None:
    print(json.dumps(message), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
