"""How events, versions and jobs read on a terminal."""

from cli.client import JsonObject
from shared.domain.home_page_check import visitors_see
from shared.domain.manifest import count_findings

_NAMED = 10


def event_text(name: str, event: JsonObject) -> str:
    """A step of a job in one short line; empty for an event that a person need not read."""
    if name != "progress":
        return ""
    step = event["progress"]
    return shortened(f"{step['phase']}: {step['text']}" if step.get("text") else f"{step['phase']} …", 100)


def shortened(text: str, most: int) -> str:
    """The text on one line of at most this many characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def changed_files(version: JsonObject) -> str:
    """Such as `added about.html, modified index.html`; of each kind ten are named and the others counted."""
    files = version["files"]
    parts = [f"{kind} {named([change['path'] for change in files[kind]])}" for kind in files if files[kind]]
    return ", ".join(parts) or "no file changed"


def named(paths: list[str]) -> str:
    """The first ten paths, and how many there are besides."""
    shown, rest = paths[:_NAMED], len(paths) - _NAMED
    return ", ".join([*shown[:-1], f"{shown[-1]} and {rest:,} more"] if rest > 0 else shown)


def checks(version: JsonObject) -> str:
    """Such as `5 passed` or `4 passed, failed: links (1,483)`, with the number of findings, and what is new of them."""
    passed = sum(check["status"] == "passed" for check in version["checks"])
    others = [_check(check) for check in version["checks"] if check["status"] != "passed"]
    return ", ".join([f"{passed} passed", *others, *_problems(version.get("problems"))])


def _problems(changes: JsonObject | None) -> list[str]:
    """What the version broke and mended; an API of the release before does not tell."""
    if changes is None:
        return []
    counts = {"new": len(changes["new"]), "mended": changes["mended_count"]}
    return [f"{number:,} {what}" for what, number in counts.items() if number]


def _check(check: JsonObject) -> str:
    found = count_findings(check.get("findings", ()))
    return f"{check['status']}: {check['name']}" + (f" ({found:,})" if found else "")


def home_page(version: JsonObject) -> str:
    """What visitors will see of a home page that is not as it should be; empty if all is well with it."""
    checks = version["checks"]
    return visitors_see((check["name"], check["status"], check.get("findings", ())) for check in checks)


def printable(text: str) -> str:
    """Text without what could steer a terminal: an agent, a page or a stranger may have written it."""
    return "".join(character if character.isprintable() or character in "\n\t" else "�" for character in text)
