"""Exports: a version as .tar.gz or .zip, all versions as .zip."""

from argparse import Namespace
from pathlib import Path

from cli.session import Session
from shared.domain.errors import InvalidInput, NotFound

_MISSING = "Should one of them be unreadable, MISSING.txt in it names it."


def export(session: Session, arguments: Namespace) -> None:
    """Save a version's artifact, a .tar.gz of source/ and public/; or a zip of what visitors get, or of all of them."""
    if arguments.history:
        _export_history(session, arguments)
    else:
        _export_version(session, arguments)


def _export_version(session: Session, arguments: Namespace) -> None:
    number = arguments.version or session.api.get(f"/sites/{arguments.site}")["latest"]
    if number is None:
        raise NotFound(f"{arguments.site} has no version yet.", "Wait for its first job.")
    path, suffix = f"/sites/{arguments.site}/versions/{number}", "zip" if arguments.zip else "tar.gz"
    target = arguments.output or Path(f"{arguments.site}-v{number}.{suffix}")
    if arguments.zip:
        session.api.download(f"/sites/{arguments.site}/export", target, version=number)
    else:
        session.api.download(f"{path}/artifact", target, session.api.get(path)["artifact"]["sha256"])
    answer = {"site": arguments.site, "version": number, "file": str(target)}
    session.answer(answer, f"Version {number} of {arguments.site} is in {target}.")


def _export_history(session: Session, arguments: Namespace) -> None:
    if arguments.version:
        raise InvalidInput("--history has all versions.", "Leave out N.")
    target = arguments.output or Path(f"{arguments.site}-history.zip")
    session.api.download(f"/sites/{arguments.site}/export", target, history="true")
    answer = {"site": arguments.site, "file": str(target)}
    session.answer(answer, f"The versions of {arguments.site} are in {target}.", _MISSING)
