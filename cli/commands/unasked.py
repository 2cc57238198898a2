"""The ways on after a change that did more than was asked for: keep what was asked alone, keep all, undo all."""

from argparse import Namespace

from cli.commands.jobs import UNCHANGED, follow, preview
from cli.session import Session
from cli.terminal_text import changed_files, checks


def keep(session: Session, arguments: Namespace) -> int:
    """Make a new version without what nobody asked for, or keep all; the exit status is 3 if nothing was changed."""
    path = f"/sites/{arguments.site}/versions/{arguments.version}"
    if arguments.all:
        deployment = session.api.post(f"{path}/keep-all")
        session.answer(deployment, f"All of version {deployment['version']} is kept; it is in preview.")
        return 0
    return _follow(session, arguments.site, f"{path}/keep-asked")


def undo(session: Session, arguments: Namespace) -> int:
    """Make a new version without this one's change; the exit status is 3 if nothing was changed."""
    return _follow(session, arguments.site, f"/sites/{arguments.site}/versions/{arguments.version}/undo")


def _follow(session: Session, site: str, path: str) -> int:
    job = follow(session, session.api.post(path)["id"])
    if job["version"] is None:
        session.answer({"job": job, "version": None}, job["answer"])
        return UNCHANGED
    version = session.api.get(f"/sites/{site}/versions/{job['version']}")
    seen, where = preview(session, session.api.get(f"/sites/{site}"), version)
    told = f"Version {version['number']}: {changed_files(version)}."
    session.answer(
        {"job": job, "version": version, "preview": seen}, job["answer"], told, f"Checks: {checks(version)}.", where
    )
    return 0
