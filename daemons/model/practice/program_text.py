"""The editor's modules as one program text, and the shell command that runs it."""

import ast
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "editor"
_ORDER = (
    *("encoding", "markup", "headlines", "website", "words", "text_edits"),
    *("layout", "navigation", "pages", "attached", "colours", "patches", "program"),
)


def run_command(request: str) -> str:
    """The shell command that runs the editor on the working directory; `request` is JSON.

    The request travels as a Python string in ASCII without a newline, so nothing in it can end the here-document.
    """
    return (
        f"# Work out the change\npython3 -ISB - <<'END-OF-PROGRAM'\n{program_text()}\nmain({request!a})\nEND-OF-PROGRAM"
    )


@cache
def program_text() -> str:
    """The modules one after the other, without their imports of each other, docstrings and comments."""
    return "\n".join(_plain((_FOLDER / f"{name}.py").read_text()) for name in _ORDER)


def _plain(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [item for item in body if not _is_left_out(item)] or [ast.Pass()]  # type: ignore[attr-defined]
    return ast.unparse(tree)


def _is_left_out(node: ast.stmt) -> bool:
    """A docstring, or an import from our own packages."""
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").startswith("daemons.")
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
