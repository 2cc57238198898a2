"""What operators do on the machine itself: prove the storage, check that everything is in place."""

import json
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable

from daemons.cli.doctor import findings
from daemons.cli.session import Session
from shared.errors import PageWrightError

_VERIFY_SECONDS = 24 * 3600


def verify(session: Session, arguments: Namespace) -> None:
    """Prove every version from its bytes to its signature; a process of its own, since no daemon imports another."""
    command = [sys.executable, "-P", "-m", "daemons.storage.verify", "--json"]
    done = subprocess.run(
        [*command, arguments.directory, arguments.trusted_keys],
        env={"LANG": "C.UTF-8"}, capture_output=True, text=True, check=False, timeout=_VERIFY_SECONDS,
    )  # fmt: skip
    if done.returncode not in (0, 1) or not done.stdout:
        raise PageWrightError(done.stderr.strip() or "The storage could not be verified.")
    report = json.loads(done.stdout)
    session.answer(report, *report["findings"], f"{report['sites']} sites looked at.")
    if not report["ok"]:
        raise PageWrightError("The storage is not as it was signed.", "Restore what is named above from a backup.")


def doctor(session: Session, _: Namespace) -> None:
    """A line for each thing that PageWright needs on this machine, and what to do about those that fail."""
    results = [_look(name, find) for name, find in findings().items()]
    lines = [f"{'ok    ' if result['ok'] else 'FAILED'}  {result['name']}: {result['detail']}" for result in results]
    hints = [f"        → {result['hint']}" if result["hint"] else "" for result in results]
    both = [part for pair in zip(lines, hints, strict=True) for part in pair if part]
    session.answer(results, *both)
    if not all(result["ok"] for result in results):
        raise PageWrightError("Not everything is in place.")


def _look(name: str, find: Callable[[], str]) -> dict[str, str | bool]:
    try:
        return {"name": name, "ok": True, "detail": find(), "hint": ""}
    except PageWrightError as error:
        return {"name": name, "ok": False, "detail": error.detail, "hint": error.hint}
