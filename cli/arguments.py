"""The commands and options of `pagewright`."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cli.commands import exports, jobs, machine, people, site_settings, sites, unasked, versions, waiting
from cli.failures import CommandParser
from cli.session import CONFIG, Session
from shared.domain.forwarding import USUAL_FORWARD, Forward

# A command gives its exit status, None for 0.
Command = Callable[[Session, Namespace], int | None]

_SITE = "the site's name"
_JOB = "its id, as `pagewright queue list` tells it"


def _counted(text: str) -> int:
    """A whole number from 1."""
    if (number := _number(text)) == 0:
        raise ArgumentTypeError("0 is none; count from 1")
    return number


def _number(text: str) -> int:
    """A whole number from 0, which stands for nothing."""
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise ArgumentTypeError(f"{text[:20]!r} is no whole number")
    return int(text)


def parser() -> ArgumentParser:
    """The whole command line; a parsed one holds its function as `run` and its own parser as `command`."""
    where = (
        f"Where the API is and who asks: PAGEWRIGHT_URL and PAGEWRIGHT_TOKEN, or url and token in {CONFIG}, "
        "or else the system of `make run` in the checkout of this program."
    )
    top = CommandParser(prog="pagewright", description="Change a static website by asking for it.", epilog=where)
    top.add_argument("--version", action="version", version=f"pagewright {version('pagewright')}")
    groups = top.add_subparsers(required=True, metavar="COMMAND", title="commands")
    _site_commands(groups)
    _job_commands(groups)
    _version_commands(groups)
    _people_commands(groups)
    _machine_commands(groups)
    return top


def _add(group: Any, name: str, run: Command, meaning: str) -> ArgumentParser:  # noqa: ANN401 (argparse has no public type)
    command: ArgumentParser = group.add_parser(name, help=meaning, description=meaning)
    command.add_argument("--json", action="store_true", dest="as_json", help="answer, or tell what failed, as JSON")
    command.set_defaults(run=run, command=command)
    return command


def _add_list(group: Any, name: str, run: Command, meaning: str) -> ArgumentParser:  # noqa: ANN401
    command = _add(group, name, run, meaning)
    command.add_argument("--limit", type=_counted, default=50, metavar="N", help="how many at most (50)")
    return command


def _group(groups: Any, name: str, meaning: str) -> Any:  # noqa: ANN401
    group = groups.add_parser(name, help=meaning, description=meaning)
    return group.add_subparsers(required=True, metavar="COMMAND")


def _site_commands(groups: Any) -> None:  # noqa: ANN401
    site = _group(groups, "site", "create, list, show, change and delete sites")
    create = _add(site, "create", sites.create, "create a site from a template")
    create.add_argument("site", help="its name: small letters, digits and single hyphens")
    create.add_argument("--title", help="what people call it")
    create.add_argument("--template", default="small-business", help="what it starts from (small-business)")
    _add_group(create)
    listing = _add_list(site, "list", sites.list_sites, "list your sites")
    meaning = "by name, or with what changed last first (name)"
    listing.add_argument("--sort", choices=["name", "changed"], default="name", help=meaning)
    listing.add_argument("--search", metavar="WORDS", help="those with these words in title, name or address")
    listing.add_argument("--group", metavar="NAME", help="those of this group")
    listing.add_argument("--waiting", action="store_true", help="those that wait for you")
    _add_list(site, "orphans", sites.list_orphans, "list sites in storage that have no owner (administrators)")
    adopt = _add(site, "adopt", sites.adopt, "give such a site an owner (administrators)")
    adopt.add_argument("site", help=_SITE)
    adopt.add_argument("email", help="the new owner's e-mail address")
    _add(site, "show", sites.show, "show one site").add_argument("site", help=_SITE)
    _settings_commands(site)
    bring = _add(groups, "import", sites.import_archive, "create a site from a .zip, .tar.gz or .tar")
    bring.add_argument("file", type=Path, help="the archive; it holds an index.html")
    bring.add_argument("--root", metavar="FOLDER", help="the folder in it that is the site, if several could be")
    bring.add_argument("--site", help="its name; by default made from the file's name")
    bring.add_argument("--title", help="what people call it")
    _add_group(bring)


def _settings_commands(site: Any) -> None:  # noqa: ANN401
    change = _add(site, "set", site_settings.change, "change a site's title, its group, or what holds its changes back")
    change.add_argument("site", help=_SITE)
    change.add_argument("--title", help="what people call it")
    meaning = 'your word for what it belongs to; "" takes it out of its group'
    change.add_argument("--group", metavar="NAME", help=meaning)
    meaning = "what becomes of what a check finds: block, warn or info; may be given several times"
    change.add_argument("--check", metavar="NAME=SEVERITY", action="append", help=meaning)
    change.add_argument("--page-kilobytes", type=int, metavar="N", help="what a page may load with all its files")
    meaning = "delete a site; it can be brought back for 30 days"
    _add(site, "delete", site_settings.delete, meaning).add_argument("site", help=_SITE)
    _add(site, "undelete", site_settings.undelete, "bring a deleted site back").add_argument("site", help=_SITE)
    _add(site, "deleted", site_settings.list_deleted, "list deleted sites that can be brought back")
    meaning = "show or change where visitors find a site; answers once the old address leads to the new one"
    address = _add(site, "address", site_settings.address, meaning)
    address.add_argument("site", help=_SITE)
    meaning = "its new address: small letters, digits and single hyphens; without it, the one that it has is shown"
    address.add_argument("address", nargs="?", metavar="NEW", help=meaning)
    meaning = f"how long the old address leads to the new one ({USUAL_FORWARD})"
    address.add_argument("--forward", choices=[*Forward], default=USUAL_FORWARD, help=meaning)
    address.add_argument("--expect", dest="expected", metavar="ADDRESS", help="only if it has this address now")


def _add_group(command: ArgumentParser) -> None:
    command.add_argument("--group", metavar="NAME", help="your word for what it belongs to, such as a client")


def _job_commands(groups: Any) -> None:  # noqa: ANN401
    edit = _add(groups, "edit", jobs.edit, "ask for a change and watch it; Ctrl-C cancels it")
    edit.epilog = (
        f"Exit status: 0 if there is a new version, {jobs.UNCHANGED} if nothing was changed, 1 if it failed, "
        "2 for a wrong command line."
    )
    edit.add_argument("site", help=_SITE)
    edit.add_argument("message", help="what should change")
    edit.add_argument("--base", type=_counted, metavar="N", help="the version to start from; by default the newest")
    edit.add_argument(
        "--attach", action="append", type=Path, metavar="FILE", help="a picture or PDF for it; may be given 10 times"
    )
    meaning = "what attached files are for: to be looked at, for the site, or as the agent decides (auto)"
    edit.add_argument("--use", choices=["auto", "look", "site"], default="auto", help=meaning)
    _add_list(groups, "jobs", jobs.list_jobs, "list your jobs").add_argument("--site", help="all jobs of this site")
    _add(groups, "cancel", jobs.cancel, "cancel a job").add_argument(
        "job", help="its id, as `pagewright jobs` lists it"
    )
    _queue_commands(_group(groups, "queue", "requests of a site that wait"))


def _queue_commands(queue: Any) -> None:  # noqa: ANN401
    _add(queue, "list", waiting.list_waiting, "list them as they will run").add_argument("site", help=_SITE)
    edit = _add(queue, "edit", waiting.edit, "change what one says, before a worker begins")
    edit.add_argument("job", help=_JOB)
    edit.add_argument("message", help="what should change instead")
    edit.add_argument("--edits", type=_number, metavar="N", help="only if it was edited so often until now")
    move = _add(queue, "move", waiting.move, "let one run before another, or last")
    move.add_argument("job", help=_JOB)
    move.add_argument("--before", metavar="JOB", help="the one that it goes before; by default it goes last")
    cancel = _add(queue, "cancel", waiting.withdraw, "withdraw all that wait; what has begun goes on")
    cancel.add_argument("site", help=_SITE)
    cancel.add_argument("jobs", nargs="*", metavar="JOB", help="only these")


def _version_commands(groups: Any) -> None:  # noqa: ANN401
    _add_list(groups, "versions", versions.list_versions, "list a site's versions").add_argument("site", help=_SITE)
    diff = _add(groups, "diff", versions.diff, "show what changed from version N to version M")
    diff.add_argument("site", help=_SITE)
    diff.add_argument("older", type=_number, metavar="N", help="the version before; 0: nothing, so all files are new")
    diff.add_argument("newer", type=_counted, metavar="M", help="the version after")
    promote = _add(groups, "promote", versions.promote, "show a version to visitors")
    promote.add_argument("site", help=_SITE)
    promote.add_argument("version", type=_counted, metavar="N", help="the version's number")
    promote.add_argument("--slot", choices=["current", "preview"], default="current", help="where (current)")
    promote.add_argument(
        "--accept-failed-checks", action="store_true", help="even if its checks failed, or its home page is missing"
    )
    _expecting(promote, "only if this version is there now; 0: none")
    rollback = _add(groups, "rollback", versions.rollback, "show visitors the version again that they saw before")
    rollback.add_argument("site", help=_SITE)
    _expecting(rollback, "only if visitors see this version now")
    unpublish = _add(groups, "unpublish", versions.unpublish, "take a site down: visitors see nothing")
    unpublish.add_argument("site", help=_SITE)
    _expecting(unpublish, "only if visitors see this version now")
    keep = _add(groups, "keep", unasked.keep, "make a version without what version N changed and nobody asked for")
    keep.add_argument("site", help=_SITE)
    keep.add_argument("version", type=_counted, metavar="N", help="the version's number")
    keep.add_argument("--all", action="store_true", help="keep all of it instead: show it in preview as it is")
    undo = _add(groups, "undo", unasked.undo, "make a version without the change of version N")
    undo.add_argument("site", help=_SITE)
    undo.add_argument("version", type=_counted, metavar="N", help="the version's number")
    export = _add(groups, "export", exports.export, "save a version as .tar.gz or .zip, or all versions as .zip")
    export.add_argument("site", help=_SITE)
    export.add_argument("version", type=_counted, nargs="?", metavar="N", help="by default the newest")
    export.add_argument("--output", type=Path, metavar="FILE", help="where to (SITE-vN.tar.gz, SITE-vN.zip, …)")
    form = export.add_mutually_exclusive_group()
    form.add_argument("--zip", action="store_true", help="as .zip, with the files that visitors get alone")
    form.add_argument("--history", action="store_true", help="all versions with their records, as .zip")


def _expecting(command: ArgumentParser, meaning: str) -> None:
    command.add_argument("--expect", "--expected", dest="expected", type=_number, metavar="N", help=meaning)


def _people_commands(groups: Any) -> None:  # noqa: ANN401
    add = _add(_group(groups, "user", "add users"), "add", people.add_user, "add a user, and make a sign-in link")
    add.add_argument("email", help="the address by which they sign in")
    add.add_argument("--admin", action="store_true", help="may see everything and add users")
    token = _group(groups, "token", "create tokens")
    create = _add(token, "create", people.create_token, "create a token for the API")
    create.add_argument("name", help="what it is for")


def _machine_commands(groups: Any) -> None:  # noqa: ANN401
    verify = _add(groups, "verify", machine.verify, "prove a storage directory from bytes to signatures")
    verify.add_argument("directory", type=Path, nargs="?", help="storage's directory; by default what is here")
    verify.add_argument("trusted_keys", type=Path, nargs="?", help="the workers' public keys, one a line")
    meaning = "follow a storage that is older than before, on a web host that refuses to"
    confirm = _add(groups, "confirm-storage", machine.confirm_storage, meaning)
    confirm.add_argument("sites", nargs="*", metavar="SITE", help="by default all sites that it refuses to follow")
    backup = _add(groups, "backup", machine.backup, "back up the system of `make run`, running or not")
    backup.add_argument("directory", type=Path, help="the folder of backups; the 14 newest stay")
    restore = _add(groups, "restore", machine.restore, "restore the system of `make run` from its newest backup")
    restore.add_argument("directory", type=Path, help="the folder of backups")
    restore.add_argument("--replace", action="store_true", help="move what is there aside")
    _add(groups, "doctor", machine.doctor, "check that this machine has what PageWright needs")
