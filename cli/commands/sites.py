"""Sites: create, list, show, import."""

import re
from argparse import Namespace
from pathlib import Path

from cli.client import JsonObject
from cli.commands.jobs import follow, not_served, preview, publish_lines
from cli.session import Session
from shared.domain.errors import InvalidInput

# What a site waits for its owner for.
_WAITS = {
    "question": "it asks you something",
    "failed": "the last request failed",
    "problems": "the newest version has new problems",
    "unpublished": "the newest version is not public",
}


def create(session: Session, arguments: Namespace) -> None:
    """Create a site from a template and wait for its version 1."""
    fields = {"name": arguments.site, "title": arguments.title or arguments.site, "template": arguments.template}
    _wait_for_first_version(session, session.api.post("/sites", fields | _group(arguments)))


def import_archive(session: Session, arguments: Namespace) -> None:
    """Create a site from an archive and wait for its version 1."""
    archive: Path = arguments.file
    if not archive.is_file():
        raise InvalidInput(f"There is no file {archive}.", "Give the path of a .zip, .tar.gz or .tar.")
    name = arguments.site or _name_from(archive)
    fields = {"name": name, "title": arguments.title or name} | _group(arguments)
    made = session.api.import_site(fields | ({"root": arguments.root} if arguments.root else {}), archive)
    _wait_for_first_version(session, made)


def list_sites(session: Session, arguments: Namespace) -> None:
    """One line for each site."""
    wanted = {"search": arguments.search, "group": arguments.group, "waiting": arguments.waiting or None}
    sort = None if arguments.sort == "name" else arguments.sort  # an api of the release before knows no other
    session.answer_list(
        session.api.items("/sites", "cursor", arguments.limit, sort=sort, **wanted),
        _line,
        none="No site fits this." if any(wanted.values()) else "There are no sites yet.",
        most=arguments.limit,
    )


def list_orphans(session: Session, arguments: Namespace) -> None:
    """One line for each site without an owner."""
    found = session.api.items("/orphans", "cursor", arguments.limit)
    session.answer_list(found, _orphan_line, none="Every site in storage has an owner.", most=arguments.limit)


def adopt(session: Session, arguments: Namespace) -> None:
    """Give a site an owner."""
    site = session.api.post(f"/orphans/{arguments.site}/adopt", {"email": arguments.email})
    session.answer(site, f"{site['name']} belongs to {site['owner']} now.")


def show(session: Session, arguments: Namespace) -> None:
    """Everything about one site."""
    site = session.api.get(f"/sites/{arguments.site}")
    names = ("title", *(["group"] if site.get("group") else []), "owner", "created_at", "latest")
    rows = [f"{name:<11}{site[name]}" for name in names]
    slots = [_slot(session, site, slot, version) for slot, version in site["slots"].items()]
    session.answer(site, site["name"], *rows, *slots)


def _group(arguments: Namespace) -> dict[str, str]:
    return {"group": arguments.group} if arguments.group else {}


def _slot(session: Session, site: JsonObject, slot: str, version: int) -> str:
    """An address with what it shows, or what it should show and does not."""
    seen = {} if session.as_json else session.api.get(f"/sites/{site['name']}/slots/{slot}")
    late = "" if session.as_json or seen["served"] else f"  not served yet{not_served(seen)}"
    return f"{slot:<11}version {version}  {site['urls'][slot]}{late}"


def _wait_for_first_version(session: Session, made: JsonObject) -> None:
    job = follow(session, made["job"]["id"])
    site = session.api.get(f"/sites/{made['site']['name']}")
    version = session.api.get(f"/sites/{site['name']}/versions/{job['version']}")
    seen, where = preview(session, site, version)
    lines = publish_lines(session, site["name"], version)
    session.answer({"site": site, "job": job, "preview": seen}, job["answer"], where, *lines)


def _line(site: JsonObject) -> str:
    slots = ", ".join(f"{slot} {version}" for slot, version in site["slots"].items())
    waiting = site.get("waiting")
    waits = f"  [{_WAITS.get(waiting, waiting)}]" if waiting else ""
    return f"{site['name']:<24} {site.get('trouble') or slots or 'nothing shown yet':<26} {site['title']}{waits}"


def _orphan_line(orphan: JsonObject) -> str:
    author = f"version {orphan['latest']} is by {orphan['author']}" if orphan["latest"] else "no version"
    return f"{orphan['name']:<24} {author}"


def _name_from(archive: Path) -> str:
    """`My Site.tar.gz` → `my-site`."""
    stem = archive.name.partition(".")[0].lower()
    name = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:40].strip("-")
    if not name:
        raise InvalidInput(f"No site name can be made from {archive.name}.", "Say one with --site.")
    return name
