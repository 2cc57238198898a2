"""The rules of docs/architecture.md: who imports whom, and which file is the one home of a thing."""

import ast
import re
from pathlib import Path

import pytest

from cli.daemon_module import DaemonModule
from tests.product_files import FILES, PACKAGES, imports, is_in, parsed, report, texts_in
from tests.test_linters import ROOT, tracked_files

# Who may import what: one home for each outside library. A home is a file or a folder.
HOMES = {
    "aiosqlite": ["daemons/api/"],
    "alembic": ["daemons/api/"],
    "argon2": ["daemons/api/"],
    "babel": ["htmx_ui/languages.py"],
    "cryptography": ["shared/domain/signing.py"],
    "anyascii": ["daemons/api/sites/plain_letters.py", "daemons/api/database/migrations/"],
    "h11": ["daemons/worker/"],
    "httptools": ["shared/clients/short_calls.py"],
    "httpx": ["shared/clients/daemon.py"],
    "isal": ["shared/domain/archive.py"],
    "jinja2": ["htmx_ui/render.py"],
    "markdown_it": ["htmx_ui/answers.py"],
    "multipart": ["daemons/api/"],
    "nh3": ["htmx_ui/answers.py"],
    "openai": ["daemons/model/official_library.py"],
    "PIL": ["daemons/worker/attachments/", "daemons/worker/checks/picture_differences.py"],
    "pillow_heif": ["daemons/worker/attachments/pictures.py"],
    "playwright": ["daemons/worker/checks/"],
    "prometheus_client": ["shared/runtime/metrics.py", "shared/runtime/service.py"],
    "pydantic_settings": ["shared/runtime/settings.py"],
    "pypdf": ["daemons/worker/attachments/documents.py"],
    "pyseccomp": ["daemons/worker/sandbox/"],
    "redis": ["shared/clients/redis_connection.py"],
    "sdnotify": ["shared/runtime/service.py"],
    "sqlalchemy": ["daemons/api/"],
    "tarfile": ["shared/domain/archive.py"],
    "uvicorn": ["shared/runtime/http_server.py"],
    # What people send is read in one place; what they save is written in another.
    "zipfile": ["daemons/worker/importing/zip_reader.py", "daemons/api/sites/zip_stream.py"],
}


# The rooms of a package, bottom up: a file imports what is below its room, or in it, and nothing above.
LAYERS = {
    "daemons/api": [
        ["database"],
        ["accounts"],
        ["jobs"],
        ["sites"],
        ["publishing"],
        ["background", "status"],
        ["services.py"],
        ["request_context.py"],
        ["json_routes"],
        ["pages"],
        ["middleware.py", "app.py", "service.py", "__main__.py"],
    ],
    "shared": [["domain"], ["runtime"], ["clients"]],
}


# Who may read the environment besides shared/runtime/settings.py, and why.
ENVIRONMENT_READERS = {
    "shared/runtime/settings.py": "the one home of settings",
    "shared/runtime/journal.py": "JOURNAL_STREAM: is stderr the journal?",
    "shared/runtime/listeners.py": "LISTEN_FDS and others: sockets that systemd opened",
    "shared/runtime/service.py": "WATCHDOG_USEC: systemd's interval",
    "cli/local/": "passes the caller's settings on to the daemons it starts",
}


OUR_MODULE = re.compile(rf"(?:{'|'.join(PACKAGES)})\.[\w.]*(?::\w*)?")


IMPORT_IN_TEXT = re.compile(rf"\bfrom (?:{'|'.join(PACKAGES)})\b[\w.]* import\b|\bimport (?:{'|'.join(PACKAGES)})\b")


IMPORTS_BY_NAME = ("__import__", "import_module", "runpy", "exec", "eval")


# Where commands stand outside of the code, and how they start a module of ours.
COMMANDS = ["systemd/", "ansible/", "bin/", "docs/", "Makefile", "README.md"]


STARTED = re.compile(rf"-m,? ((?:{'|'.join(PACKAGES)})[.\w]*\b)")


# Who names our modules in a text, which the rules of imports can't see, and why.
UNSEEN_IMPORTS = {
    "daemons/worker/sandbox/backends/bubblewrap.py": "starts the runner inside a jail, whose Python has no modules yet",
    "daemons/worker/checks/browser_run.py": "starts the program of the browser's sandbox, which imports Playwright",
    "daemons/worker/attachments/sandboxed_preparation.py": "starts the program of the sandbox that prepares files",
    "daemons/worker/importing/sandboxed_import.py": "starts the program of the import's sandbox",
    "daemons/model/practice/program_text.py": "tells our modules from those of the standard library",
}


def test_imports_follow_the_arrow() -> None:
    """No daemon imports another; only the api imports htmx_ui; shared imports neither.

    The command line imports the packages of the daemons, to name the processes that it starts, and nothing in them.
    """
    report(fault for file in FILES for name in imports(file) if (fault := against_the_arrow(file, name)))


def against_the_arrow(file: Path, name: str) -> str | None:
    own, parts = file.parts[:2], tuple(name.split("."))
    if parts[0] == "daemons" and own != parts[:2] and not (own[0] == "cli" and len(parts) == 2):
        return f"{file} imports {name} of another daemon"
    if parts[0] == "cli" and own[0] != "cli":
        return f"{file} imports {name} of the command line"
    if parts[0] == "htmx_ui" and own[0] != "htmx_ui" and own != ("daemons", "api"):
        return f"{file} imports {name}; only daemons/api may"
    return None


def test_every_import_is_seen() -> None:
    """Nothing is imported by its name, nor by a program in a text: such an import would escape the rules above."""
    report(
        f"{file}:{node.lineno} imports by a name; import it"
        for file in FILES
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Name | ast.Attribute)
        if (node.id if isinstance(node, ast.Name) else node.attr) in IMPORTS_BY_NAME
    )
    report(
        f"{file} names {text!r} in a text; import it"
        for file in FILES
        if not is_in(file, list(UNSEEN_IMPORTS))
        for text in texts_in(file)
        if OUR_MODULE.fullmatch(text) or IMPORT_IN_TEXT.search(text)
    )


def test_a_module_that_is_named_is_a_program() -> None:
    """What is started by its name, by a process of ours, a unit, a play or a page's command, has a main part."""
    named = {text for file in FILES if is_in(file, list(UNSEEN_IMPORTS)) for text in texts_in(file)}
    told = "".join((ROOT / file).read_text(errors="replace") for file in tracked_files() if is_in(file, COMMANDS))
    modules = {*DaemonModule, *(text for text in named if OUR_MODULE.fullmatch(text) and text[-1] != ".")}
    for module in modules | set(STARTED.findall(told)):
        path = Path(*module.split("."))
        file = path / "__main__.py" if (ROOT / path).is_dir() else path.with_suffix(".py")
        assert (ROOT / file).is_file(), f"{module} is no module"
        text = (ROOT / file).read_text(encoding="utf-8")
        assert file.name == "__main__.py" or 'if __name__ == "__main__":' in text, f"{module} is no program"


@pytest.mark.parametrize("package", LAYERS)
def test_rooms_import_what_is_below_them(package: str) -> None:
    heights = {room: height for height, rooms in enumerate(LAYERS[package]) for room in rooms}
    inside = [file for file in FILES if file.is_relative_to(package) and file != Path(package, "__init__.py")]
    report(f"{file} is in no room" for file in inside if room_of(file, package) not in heights)
    report(
        f"{file} imports {name}, which is above it"
        for file in inside
        for name in imports(file)
        if (room := room_of(Path(*name.split(".")), package)) and heights[room] > heights[room_of(file, package) or ""]
    )


def room_of(file: Path, package: str) -> str | None:
    """The first name below the package, as `LAYERS` has it; None if the file, or module, is not in the package."""
    if not file.is_relative_to(package):
        return None
    first = file.relative_to(package).parts[0]
    return f"{first}.py" if (ROOT / package / f"{first}.py").exists() else first


def test_each_library_has_one_home() -> None:
    report(
        f"{file} imports {name}, whose home is {' and '.join(homes)}"
        for file in FILES
        for name in imports(file)
        if (homes := HOMES.get(name.split(".")[0])) and not is_in(file, homes)
    )


def test_only_settings_reads_the_environment() -> None:
    report(
        f"{file}:{node.lineno} reads the environment; shared/runtime/settings.py does that"
        for file in FILES
        if not is_in(file, list(ENVIRONMENT_READERS))
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv", "getenvb")
    )


def test_only_the_sandbox_knows_bubblewrap() -> None:
    report(
        f"{file}:{node.lineno} knows bwrap; only daemons/worker/sandbox/ may"
        for file in FILES
        if not is_in(file, ["daemons/worker/sandbox/"])
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Constant) and node.value in ("bwrap", "/usr/bin/bwrap")
    )


def test_who_fails_and_sleeps_in_a_loop_is_the_policy_of_retries_or_none() -> None:
    """One module tries again; a watch, a tick or a wait for a state says in its docstring that it is none."""
    report(
        f"{file}:{function.lineno} {function.name} tries again; use shared/clients/retry.py, or say why it is no retry"
        for file in FILES
        if file != Path("shared/clients/retry.py")
        for function in ast.walk(parsed(file))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        if "no retry" not in (ast.get_docstring(function) or "").replace("\n", " ").lower()
        if any(map(catches_and_sleeps, ast.walk(function)))
    )


def catches_and_sleeps(loop: ast.AST) -> bool:
    inside = list(ast.walk(loop)) if isinstance(loop, ast.While | ast.For | ast.AsyncFor) else []
    sleeps = any(isinstance(node, ast.Attribute) and node.attr == "sleep" for node in inside)
    return sleeps and any(isinstance(node, ast.ExceptHandler) for node in inside)


def test_every_home_is_there() -> None:
    """A rule about a file that has moved would hold nothing."""
    homes = {home for homes in HOMES.values() for home in homes}
    for home in homes | set(ENVIRONMENT_READERS) | set(UNSEEN_IMPORTS):
        assert (ROOT / home).exists(), f"{home} is gone"
