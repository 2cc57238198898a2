"""The program's main part: reads the site, does the instructions, prints the result as one line of JSON."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from daemons.model.practice.editor.attached import put_attached, replace_file
from daemons.model.practice.editor.colours import change_colour
from daemons.model.practice.editor.encoding import Coding, coding_of, decode_text, encode_text
from daemons.model.practice.editor.pages import add_page, add_section, remove_page
from daemons.model.practice.editor.patches import make_patch
from daemons.model.practice.editor.text_edits import change_link, replace_text, set_headline, set_title
from daemons.model.practice.editor.website import CannotDo, Website, is_page

_ACTIONS: dict[str, Callable[..., str]] = {
    "add_page": add_page,
    "add_section": add_section,
    "change_colour": change_colour,
    "change_link": change_link,
    "put_attached": put_attached,
    "remove_page": remove_page,
    "replace_file": replace_file,
    "replace_text": replace_text,
    "set_headline": set_headline,
    "set_title": set_title,
}
_MOST_PAGE_BYTES = 2 << 20
_MOST_SENTENCES = 20


def run(instructions: list[dict[str, str | None]], write: bool) -> dict[str, object]:
    """Do the instructions on the site in the working directory.

    The result has `done` and `refused` (sentences), and `patch`: the change as a patch if it is small. Otherwise,
    or with `write`, the files are written here, and `patch` is None. Attached files are copied here.
    """
    site = read_site()
    done, refused = [], []
    for instruction in instructions:
        fields = dict(instruction)
        try:
            done.append(_ACTIONS[str(fields.pop("action"))](site, **fields))
        except CannotDo as reason:
            refused.append(str(reason))
    changed = [path for path in site.before | site.files if site.before.get(path) != site.files.get(path)]
    direct = write or any(site.coding(path) != Coding() for path in changed)
    patch = None if direct else make_patch(site.before, site.files)
    if patch is None:
        _write(site, changed)
    for place, source in site.copies.items():
        Path(place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)
    unread = [f"I did not look at {path}: {reason}." for path, reason in sorted(site.left_out.items())]
    return {"done": _some(done), "refused": _some(refused + unread), "patch": patch if changed else None}


def _some(sentences: list[str]) -> list[str]:
    more = len(sentences) - _MOST_SENTENCES
    return [*sentences[:_MOST_SENTENCES], f"And {more} more."] if more > 0 else sentences


def read_site() -> Website:
    """The pages and style sheets in the working directory; undecodable bytes survive as they are."""
    site = Website({})
    for path in sorted(Path().rglob("*")):
        is_ours = is_page(path.name) or path.name.lower().endswith(".css")
        if is_ours and path.is_file() and not path.is_symlink():
            _read(site, path)
    site.before = dict(site.files)
    return site


def _read(site: Website, path: Path) -> None:
    name, size = path.as_posix(), path.stat().st_size
    if size > _MOST_PAGE_BYTES:
        site.left_out[name] = f"it is too large for me ({size / (1 << 20):.1f} MiB; I read up to 2 MiB)"
        return
    data = path.read_bytes()
    coding = coding_of(data)
    text = decode_text(data, coding)
    if text is None:
        site.left_out[name] = f"it has characters that I could not write back as they are ({coding.codec})"
        return
    site.files[name], site.codings[name] = text, coding


def _write(site: Website, changed: list[str]) -> None:
    for path in changed:
        if path in site.files:
            Path(path).write_bytes(encode_text(site.files[path], site.coding(path)))
        else:
            Path(path).unlink()


def main(request: str) -> None:
    """Run with a request in JSON, print the result on a line that is marked as such."""
    fields = json.loads(request)
    result = run(fields["instructions"], fields["write"])
    line = "PRACTICE-RESULT " + json.dumps(result, ensure_ascii=False) + "\n"
    sys.stdout.buffer.write(line.encode(errors="backslashreplace"))
