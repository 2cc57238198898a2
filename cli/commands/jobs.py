"""Jobs: ask for a change and watch it, list, cancel."""

from argparse import Namespace
from pathlib import Path

from cli.client import JsonObject
from cli.failures import CommandError
from cli.publication import blocks, publication
from cli.session import Session
from cli.terminal_text import changed_files, checks, event_text, shortened
from shared.domain.errors import InvalidInput

UNCHANGED = 3


def edit(session: Session, arguments: Namespace) -> int:
    """Ask for a change; returns the exit status when it is done: 3 if nothing was changed. Ctrl-C cancels it."""
    body = {"message": arguments.message} | ({"base": arguments.base} if arguments.base else {})
    if arguments.attach:
        body["attachments"] = _uploaded(session, arguments.site, arguments.attach, arguments.use)
    asked = session.api.post(f"/sites/{arguments.site}/jobs", body)
    session.progress(asked["note"])
    job = follow(session, asked["id"]) | {"note": asked["note"]}
    if job["version"] is None:
        session.answer({"job": job, "version": None}, job["answer"])
        return UNCHANGED
    version = session.api.get(f"/sites/{arguments.site}/versions/{job['version']}")
    site = session.api.get(f"/sites/{arguments.site}")
    seen, where = preview(session, site, version)
    session.answer(
        {"job": job, "version": version, "preview": seen},
        job["answer"],
        f"Version {version['number']}: {changed_files(version)}.",
        f"Checks: {checks(version)}.",
        where,
        *_lacking(version),
        *publish_lines(session, arguments.site, version),
    )
    return 0


def _uploaded(session: Session, site: str, files: list[Path], use: str) -> list[JsonObject]:
    """Send the files; how the request names them."""
    if missing := [file for file in files if not file.is_file()]:
        raise InvalidInput(f"There is no file {missing[0]}.", "Give the path of a picture or a PDF.")
    return [{"upload": session.api.upload(site, file)["id"], "use": use} for file in files]


def preview(session: Session, site: JsonObject, version: JsonObject) -> tuple[JsonObject | None, str]:
    """What the web hosts show as preview, and a line for people, which has an address only if they show this version.

    None if the version is not in preview.
    """
    number = version["number"]
    if site["slots"].get("preview") != number:
        return None, f"Version {number} is not in preview{', because checks failed' if _failed(version) else ''}."
    seen = session.api.get(f"/sites/{site['name']}/slots/preview")
    if seen["served"] and seen["version"] == number:
        return seen, f"Preview: {site['urls']['preview']}"
    return seen, f"Version {number} is made; its preview is not served yet{not_served(seen)}"


def not_served(seen: JsonObject) -> str:
    """What late web hosts said, after a colon."""
    told = [f"{host['address']}: {host['reason']} {host['hint']}".rstrip() for host in seen["late"]]
    return ": " + " ".join(told) if told else "."


def publish_lines(session: Session, site: str, version: JsonObject) -> list[str]:
    """What visitors will see if there is something wrong with it that they don't see yet, and how it is published."""
    command = f"pagewright promote {site} {version['number']}"
    found = publication(session, site, version["number"])
    if found["home_page"] or blocks(found):
        return [*filter(None, (found["home_page"],)), f"Publish it all the same: {command} --accept-failed-checks"]
    return [f"Publish it: {command}"]


def _failed(version: JsonObject) -> bool:
    return any(check["status"] == "failed" for check in version["checks"])


def _lacking(version: JsonObject) -> list[str]:
    """A line for a version that was made from an older one than the newest."""
    lacks = any(check["name"] == "base" for check in version["checks"])
    return ["To have what it lacks, too, ask once more without --base."] if lacks else []


def follow(session: Session, job: str) -> JsonObject:
    """Show a job's progress until it ends; raises what made it fail."""
    try:
        for name, event in session.api.events(job):
            session.progress(event_text(name, event))
    except KeyboardInterrupt:
        session.api.post(f"/jobs/{job}/cancel")
        raise CommandError("Cancelled", "Cancelled.", f"Job {job} leaves the site as it was.", job=job) from None
    ended = session.api.get(f"/jobs/{job}")
    if ended["state"] != "succeeded":
        session.progress(ended["answer"])
        error = ended["error"] or {}
        detail = error.get("detail") or f"The job was {ended['state']}."
        choices = error.get("choices")
        raise CommandError(f"Job {ended['state']}", detail, error.get("hint") or "", choices=choices, job=job)
    return ended


def list_jobs(session: Session, arguments: Namespace) -> None:
    """One line for each job, newest first."""
    found = session.api.items("/jobs", "cursor", arguments.limit, site=arguments.site)
    session.answer_list(found, _line, none="There are no jobs.", most=arguments.limit)


def cancel(session: Session, arguments: Namespace) -> None:
    """Cancel one job; one that has ended stays as it is."""
    job = session.api.post(f"/jobs/{arguments.job}/cancel")
    states = {"queued": "Cancelling it.", "running": "Cancelling it; its worker stops soon."}
    session.answer(job, states.get(job["state"], f"The job is {job['state']}."))


def _line(job: JsonObject) -> str:
    state = job["outcome"] or f"{job['state']} {job['phase'] or ''}".strip()
    return f"{job['id']}  {job['site']:<20} {state:<20} {shortened(job['message'], 60)}"
