"""How events, versions and jobs read on a terminal."""

from daemons.cli.client import Document


def event_text(name: str, event: Document) -> str:
    """One event of a job in words; empty if a person need not read it."""
    progress = event.get("progress") or event
    if "phase" not in progress:
        return ""
    return f"{progress['phase']}: {progress.get('text') or '…'}" if name == "progress" else ""


def changed_files(version: Document) -> str:
    """Such as `added about.html, modified index.html`."""
    files = version["files"]
    parts = [f"{kind} {', '.join(change['path'] for change in files[kind])}" for kind in files if files[kind]]
    return ", ".join(parts) or "no file changed"


def checks(version: Document) -> str:
    """Such as `5 passed` or `4 passed, failed: links`."""
    passed = sum(check["status"] == "passed" for check in version["checks"])
    others = [f"{check['status']}: {check['name']}" for check in version["checks"] if check["status"] != "passed"]
    return ", ".join([f"{passed} passed", *others])


def printable(text: str) -> str:
    """Text without what could steer a terminal: an agent, a page or a stranger may have written it."""
    return "".join(character if character.isprintable() or character in "\n\t" else "�" for character in text)
