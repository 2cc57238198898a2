"""The program's main part: read the site, do the instructions, print the result as one line of JSON."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from daemons.model.practice.editor.colours import change_colour
from daemons.model.practice.editor.pages import add_page, add_section, remove_page
from daemons.model.practice.editor.patches import make_patch
from daemons.model.practice.editor.website import CannotDo, Website
from daemons.model.practice.editor.wording import change_link, replace_text, set_headline, set_title

_ACTIONS: dict[str, Callable[..., str]] = {
    "add_page": add_page,
    "add_section": add_section,
    "change_colour": change_colour,
    "change_link": change_link,
    "remove_page": remove_page,
    "replace_text": replace_text,
    "set_headline": set_headline,
    "set_title": set_title,
}
_MOST_PAGE_BYTES = 2 << 20
_MOST_SENTENCES = 20


def run(instructions: list[dict[str, str | None]], write: bool) -> dict[str, object]:
    """Do the instructions on the site in the working directory.

    The result has `done` and `refused` (sentences), and `patch`: the change as a patch if it is small. Otherwise,
    or with `write`, the files are written here, and `patch` is None.
    """
    site = Website(_read())
    done, refused = [], []
    for instruction in instructions:
        fields = dict(instruction)
        try:
            done.append(_ACTIONS[str(fields.pop("action"))](site, **fields))
        except CannotDo as reason:
            refused.append(str(reason))
    patch = None if write else make_patch(site.before, site.files)
    if patch is None:
        _write(site)
    changed = site.files != site.before
    return {"done": _some(done), "refused": _some(refused), "patch": patch if changed else None}


def _some(sentences: list[str]) -> list[str]:
    more = len(sentences) - _MOST_SENTENCES
    return [*sentences[:_MOST_SENTENCES], f"And {more} more."] if more > 0 else sentences


def _read() -> dict[str, str]:
    """The pages and style sheets; bytes that are not UTF-8 survive as they are."""
    files = {}
    for path in sorted(Path().rglob("*")):
        if path.suffix in (".html", ".htm", ".css") and path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            if len(data) <= _MOST_PAGE_BYTES:
                files[path.as_posix()] = data.decode(errors="surrogateescape")
    return files


def _write(site: Website) -> None:
    for path in site.before.keys() - site.files.keys():
        Path(path).unlink()
    for path, text in site.files.items():
        if site.before.get(path) != text:
            Path(path).write_bytes(text.encode(errors="surrogateescape"))


def main(request: str) -> None:
    """Run with a request in JSON, print the result on a line that is marked as such."""
    fields = json.loads(request)
    result = run(fields["instructions"], fields["write"])
    line = "PRACTICE-RESULT " + json.dumps(result, ensure_ascii=False) + "\n"
    sys.stdout.buffer.write(line.encode(errors="backslashreplace"))
