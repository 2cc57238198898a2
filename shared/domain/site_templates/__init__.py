"""The website templates that a new site can start from: files with `{{title}}` where its title goes.

Each folder beside this file is one template: `template.json`, `picture.jpg`, and `source/`, the site's first tree.
"""

import html
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shared.domain.errors import InvalidInput
from shared.domain.tree import Tree

_HOME = Path(__file__).parent
_TEXT_SUFFIXES = frozenset({".html", ".css", ".js", ".svg", ".txt", ".xml", ".md", ".json", ".webmanifest"})
_PLACEHOLDER = "{{title}}"


@dataclass(frozen=True)
class Template:
    """One template: `name` is what requests say, `title` and `description` are for people."""

    name: str
    title: str
    description: str

    @property
    def picture(self) -> Path:
        """A JPEG of its first page."""
        return _HOME / self.name / "picture.jpg"


@cache
def list_templates() -> tuple[Template, ...]:
    """All templates, sorted by name."""
    found = sorted(_HOME.glob("*/template.json"))
    return tuple(Template(**json.loads(file.read_text(encoding="utf-8"))) for file in found)


def instantiate(name: str, title: str) -> Tree:
    """The first source tree of a site with that title; raises InvalidInput for a template that does not exist."""
    known = [template.name for template in list_templates()]
    if name not in known:
        raise InvalidInput(f"There is no template {name[:60]!r}.", f"Choose one of: {', '.join(known)}.")
    source = _HOME / name / "source"
    files = (file for file in sorted(source.rglob("*")) if file.is_file())
    return {file.relative_to(source).as_posix(): _fill(file, title) for file in files}


def _fill(file: Path, title: str) -> bytes:
    if file.suffix not in _TEXT_SUFFIXES:
        return file.read_bytes()
    return file.read_text(encoding="utf-8").replace(_PLACEHOLDER, html.escape(title)).encode()
