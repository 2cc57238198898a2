"""What operators do on the machine itself: prove, back up, restore, check that everything is in place."""

import json
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from cli.daemon_module import DaemonModule, run_module
from cli.doctor import findings
from cli.failures import CommandError
from cli.local.backup import back_up
from cli.local.backup import restore as restore_local
from cli.local.finding import local_run
from cli.server_findings import SITES, STORAGE, TRUSTED_KEYS, is_server
from cli.session import Session
from cli.terminal_text import shortened
from shared.domain.errors import InvalidInput, NotFound, PageWrightError


def verify(session: Session, arguments: Namespace) -> None:
    """Prove every version from its bytes to its signature, in a process of its own."""
    done = run_module(DaemonModule.VERIFY_STORAGE, "--json", *_verified(arguments))
    if done.returncode not in (0, 1) or not done.stdout:
        raise CommandError("Not verified", done.stderr.strip() or "The storage could not be verified.")
    report = json.loads(done.stdout)
    session.answer(report, *report["findings"], f"{report['sites']} sites looked at.")
    if not report["ok"]:
        raise CommandError(
            "Not as it was signed", "The storage is not as it was signed.", "Restore what is named above from a backup."
        )


def _verified(arguments: Namespace) -> tuple[Path, Path]:
    """The storage and the public keys: those that are named, or else this server's, or else the local run's."""
    if arguments.directory and arguments.trusted_keys:
        return arguments.directory, arguments.trusted_keys
    if arguments.directory:
        raise InvalidInput("verify needs the workers' public keys, too.", "Name both, or none for what is here.")
    if is_server():
        return STORAGE, TRUSTED_KEYS
    folder = local_run()
    return folder.root / "storage", folder.trusted_keys


def confirm_storage(session: Session, arguments: Namespace) -> None:
    """Let this web host follow a storage that is older than before, for the sites that it refuses."""
    root = SITES if is_server() else local_run().sites
    if not root.is_dir():
        raise NotFound(f"This machine is no web host: it has no {root}.", "Run this on each web host.")
    done = run_module(DaemonModule.CONFIRM_STORAGE, root, *arguments.sites)
    if done.returncode:
        raise CommandError("Not confirmed", done.stderr.strip())
    sites = json.loads(done.stdout)
    which = f"Confirmed for {', '.join(sites)}: this host follows storage again, and looks within a minute."
    session.answer({"sites": sites}, which if sites else "This host follows storage for all sites; nothing to confirm.")


def backup(session: Session, arguments: Namespace) -> None:
    """Back the local system up, running or not."""
    dump, copy = back_up(local_run(), arguments.directory.absolute())
    told = {"database": str(dump), "storage": str(copy)}
    session.answer(told, f"The database is in {dump}, storage is in {copy}.")


def restore(session: Session, arguments: Namespace) -> None:
    """Make the local system what its newest backup holds."""
    dump, copy, findings = restore_local(local_run(), arguments.directory.absolute(), replace=arguments.replace)
    told = {"database": str(dump), "storage": str(copy), "findings": findings}
    proven = "Every version is proven." if not findings else f"{len(findings)} findings; all else is proven."
    session.answer(told, *findings, f"Restored from {dump} and {copy}. {proven} Start it with `make run`.")


def doctor(session: Session, _: Namespace) -> None:
    """A line for each thing that PageWright needs on this machine, and what to do about those that fail."""
    results = [looked_at(name, find) for name, find in findings().items()]
    lines = [f"{'ok    ' if result['ok'] else 'FAILED'}  {result['name']}: {result['detail']}" for result in results]
    hints = [f"        → {result['hint']}" if result["hint"] else "" for result in results]
    both = [part for pair in zip(lines, hints, strict=True) for part in pair if part]
    session.answer(results, *both)
    if not all(result["ok"] for result in results):
        raise CommandError("Not everything is in place", "Not everything is in place.")


def looked_at(name: str, find: Callable[[], str]) -> dict[str, str | bool]:
    """What one look found, or what is wrong and what to do about it."""
    try:
        return {"name": name, "ok": True, "detail": find(), "hint": ""}
    except PageWrightError as error:
        return {"name": name, "ok": False, "detail": error.detail, "hint": error.hint}
    except Exception as error:  # a program that hangs or says what nobody expected is a finding, too
        why = shortened(f"{type(error).__name__}: {error}", 200)
        hint = "Try again; if it stays so, look at this part by hand."
        return {"name": name, "ok": False, "detail": f"It could not be looked at: {why}", "hint": hint}
