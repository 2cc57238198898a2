"""A site's settings: its title and group, its address, deleting it, bringing it back."""

from argparse import Namespace

from cli.client import JsonObject
from cli.session import Session


def change(session: Session, arguments: Namespace) -> None:
    """Call a site otherwise, put it into a group or out of it, say what holds its changes back."""
    given = {"title": arguments.title, "group": arguments.group, "checks": _checks(session, arguments)}
    wanted = {field: value for field, value in given.items() if value is not None}
    if not wanted:
        arguments.command.error("one of the arguments --title --group --check --page-kilobytes is required")
    site = session.api.patch(f"/sites/{arguments.site}", wanted)
    told = {"title": f"is called “{site['title']}”", "group": _group(site["group"]), "checks": _rules(site)}
    session.answer(site, *(f"{site['name']} {told[field]} now." for field in wanted))


def _checks(session: Session, arguments: Namespace) -> JsonObject | None:
    """The site's rules with what was given now; None if nothing was."""
    if not arguments.check and arguments.page_kilobytes is None:
        return None
    rules = session.api.get(f"/sites/{arguments.site}").get("checks") or {}
    said = dict(one.partition("=")[::2] for one in arguments.check or ())
    kilobytes = {} if arguments.page_kilobytes is None else {"page_kilobytes": arguments.page_kilobytes}
    return rules | {"severities": rules.get("severities", {}) | said} | kilobytes


def _rules(site: JsonObject) -> str:
    rules = site.get("checks")
    if not rules:
        return "has the usual checks"
    said = [f"{name}={severity}" for name, severity in rules["severities"].items()]
    return "has these checks of its own: " + ", ".join([*said, f"{rules['page_kilobytes']} kB a page"])


def _group(name: str | None) -> str:
    return f"is in the group “{name}”" if name else "is in no group"


def address(session: Session, arguments: Namespace) -> None:
    """Tell where visitors find a site, or let them find it elsewhere."""
    path = f"/sites/{arguments.site}/address"
    if arguments.address is None:
        found = session.api.get(path)
    else:
        wanted = {"address": arguments.address, "forward": arguments.forward}
        found = session.api.put(path, wanted | ({"expected": arguments.expected} if arguments.expected else {}))
    where = f"The address of {arguments.site} is {found['url']}"
    session.answer(found, where, *(_leading(old) for old in found["former"]))


def _leading(old: JsonObject) -> str:
    until = f"until {old['until'][:10]}" if old["until"] else "for ever"
    return f"{old['address']} leads there {until}."


def delete(session: Session, arguments: Namespace) -> None:
    """Delete a site, and say until when it can be brought back."""
    removed = session.api.delete(f"/sites/{arguments.site}")
    name, until = removed["name"], removed["until"]
    if until is None:
        session.answer(removed, f"{name} is deleted. It had no version; its name is free again.")
        return
    back = f"`pagewright site undelete {name}` brings it back until {until[:10]}."
    session.answer(removed, f"{name} is deleted. {back}", *([removed["late"]] if removed["late"] else []), _KEPT)


_KEPT = "Its versions stay on the server until an operator erases them."


def undelete(session: Session, arguments: Namespace) -> None:
    """Bring a deleted site back."""
    site = session.api.post(f"/sites/{arguments.site}/undelete")
    session.answer(site, f"{site['name']} is among your sites again.")


def list_deleted(session: Session, arguments: Namespace) -> None:
    """One line for each deleted site."""
    found = session.api.get("/deleted-sites")["items"]
    session.answer(found, *([_line(site) for site in found] or ["There are no deleted sites."]))


def _line(site: JsonObject) -> str:
    return f"{site['name']:<24} until {site['until'][:10]}  {site['title']}"
