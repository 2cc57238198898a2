"""Versions: list, compare, publish, roll back."""

from argparse import Namespace
from collections.abc import Iterator

from cli.client import JsonObject
from cli.failures import CommandError
from cli.publication import blocks, publication, publication_lines
from cli.session import Session
from cli.terminal_text import changed_files, checks, home_page, shortened
from shared.domain.errors import NotFound
from shared.domain.visible_changes import Verdict

_JUDGED = {Verdict.UNASKED: "Nobody asked for this: ", Verdict.DOUBTFUL: "Perhaps not asked for: "}


def list_versions(session: Session, arguments: Namespace) -> None:
    """One line for each version, newest first."""
    path = f"/sites/{arguments.site}"
    shown = session.api.get(path)["slots"]
    found = list(session.api.items(f"{path}/versions", "before", arguments.limit))
    lines = [_line(version, shown) for version in found]
    session.answer(found, *(lines or ["There are no versions yet."]))
    if found and found[-1]["number"] > 1:  # numbers have no gaps
        session.progress(f"These are {len(found):,} of {found[0]['number']:,} versions; --limit N lists more.")


def diff(session: Session, arguments: Namespace) -> None:
    """What a person sees otherwise in version M than in version N, its parent, and what changed in the source."""
    path = f"/sites/{arguments.site}/versions/{arguments.newer}"
    difference = session.api.get(f"{path}/diff", against=arguments.older)
    seen = _seen(session, f"{path}/changes", arguments.older)
    session.answer(difference | {"seen": seen}, *(_seen_lines(seen) if seen else ()), *_diff_lines(difference))


def promote(session: Session, arguments: Namespace) -> None:
    """Show a version in a slot; returns once it is live."""
    request = {"slot": arguments.slot, "version": arguments.version}
    if arguments.accept_failed_checks:
        request["accept_failed_checks"] = True
    elif arguments.slot == "current":
        _tell_publication(session, arguments.site, arguments.version)
    if arguments.expected is not None:
        request["expected"] = arguments.expected or None
    deployment = session.api.post(f"/sites/{arguments.site}/deployments", request)
    address = session.api.get(f"/sites/{arguments.site}")["urls"][arguments.slot]
    session.answer(deployment, f"Version {deployment['version']} is live: {address}")


def _tell_publication(session: Session, site: str, number: int) -> None:
    """Tell what visitors will meet otherwise. Raises what they would see of a bad home page that they don't see yet.

    The API itself refuses new problems.
    """
    found = publication(session, site, number)
    for line in publication_lines(found):
        session.progress(line)
    if found["home_page"] and not blocks(found):
        hint = "Ask for a change that mends it, or publish it all the same with `--accept-failed-checks`."
        raise CommandError("The home page is not as it should be", found["home_page"], hint)


def rollback(session: Session, arguments: Namespace) -> None:
    """Show the version again that was current before."""
    path = f"/sites/{arguments.site}/deployments"
    shown = (one["version"] for one in session.api.items(path, "before", 10_000) if one["slot"] == "current")
    now = next(shown, None)
    before = next((version for version in shown if version not in (now, None)), None)
    if before is None:
        raise NotFound(f"No other version of {arguments.site} was published before.", "List the versions.")
    session.progress(home_page(session.api.get(f"/sites/{arguments.site}/versions/{before}")))
    expected = now if arguments.expected is None else arguments.expected or None
    request = {"slot": "current", "version": before, "accept_failed_checks": True, "expected": expected}
    deployment = session.api.post(path, request)
    was = f"Rolled back from version {now} to version {before}" if now else f"Version {before} is shown again"
    session.answer(deployment, f"{was}; it is live.")


def unpublish(session: Session, arguments: Namespace) -> None:
    """Show visitors nothing; returns once they see nothing."""
    path = f"/sites/{arguments.site}"
    site = session.api.get(path)
    now, request = site["slots"].get("current"), {"slot": "current", "version": None}
    if arguments.expected is not None or now:
        request["expected"] = (now if arguments.expected is None else arguments.expected) or None
    deployment = session.api.post(f"{path}/deployments", request)
    again = f" `pagewright promote {arguments.site} {now}` shows version {now} again." if now else ""
    session.answer(deployment, f"Visitors of {site['urls']['current']} see nothing now.{again}")


def _line(version: JsonObject, shown: dict[str, int]) -> str:
    slots = " ".join(f"[{slot}]" for slot, number in shown.items() if number == version["number"])
    asked = shortened(version["message"], 60)
    return f"{version['number']:>5}  {version['created_at'][:16]}  {slots:<20} {asked}\n       {_details(version)}"


def _details(version: JsonObject) -> str:
    return f"{changed_files(version)}; checks: {checks(version)}"


def _seen(session: Session, path: str, older: int) -> JsonObject | None:
    """What a person sees otherwise than in version `older`; None if that is not its parent, or the API is old."""
    try:
        seen = session.api.get(path) if older else None
    except NotFound:
        return None
    return seen if seen and seen["against"] == older else None


def _seen_lines(seen: JsonObject) -> Iterator[str]:
    if seen["changes"] is None:
        yield "What a person sees otherwise is not known: these two versions were not compared."
        return
    for change in seen["changes"]:
        yield f"* {_JUDGED.get(change['verdict'], '')}{change['sentence']}"
    if rest := seen["total"] - len(seen["changes"]):
        yield f"* and {rest:,} more"
    if seen["unread_count"]:
        more = seen["unread_count"] - len(seen["unread"])
        pages = ", ".join(seen["unread"]) + (f" and {more:,} more" if more else "")
        yield f"* What changed on these pages is not known, because they could not be read: {pages}"


def _diff_lines(difference: JsonObject) -> Iterator[str]:
    for file in difference["files"]:
        what = "binary" if file["binary"] else "too large to show"
        yield file["diff"].rstrip("\n") if file["diff"] else f"{file['change']} {file['path']} ({what})"
    if not difference["files"]:
        yield "Nothing differs."
    if rest := difference["total"] - len(difference["files"]):
        yield f"And {rest:,} more: {difference['total']:,} files differ in all."
