"""The pretended site: what calls give back, and which of them count as done."""

import base64
import json
import struct
import zlib

import pytest

from daemons.model.probe.trial_site import COLOURS, LINE, NEW_LINE, PAGE, TrialSite
from daemons.model.request_parts import InputImage

PATCH = f"*** Begin Patch\n*** Update File: /ws/hours.html\n@@\n-{LINE}\n+{NEW_LINE}\n*** End Patch"


@pytest.fixture
def site() -> TrialSite:
    return TrialSite("hazel", ("red", "blue"))


def command(site: TrialSite, line: str) -> str:
    return str(site.call("exec_command", json.dumps({"cmd": line})))


def test_a_patch_changes_the_page(site: TrialSite) -> None:
    assert PAGE in command(site, "cat hours.html")
    assert "Success" in str(site.call("apply_patch", PATCH))
    assert (site.is_patched, site.has_called_patch) == (True, True)
    assert NEW_LINE in command(site, "cat hours.html")


@pytest.mark.parametrize(
    ("patch", "says"),
    [
        ("no patch", "invalid patch"),
        (PATCH.replace("hours", "other"), "Failed to read the file"),
        (PATCH.replace("Update File", "Add File"), "Failed to read the file"),
        (PATCH.replace(LINE, "<p>"), "Failed to find expected lines"),
        (PATCH.replace(f"+{NEW_LINE}", f"+{NEW_LINE}\n+more"), "Failed to find expected lines"),
    ],
)
def test_a_patch_that_does_not_fit_is_refused_as_codex_does(site: TrialSite, patch: str, says: str) -> None:
    assert says in str(site.call("apply_patch", patch))
    assert (site.is_patched, site.has_called_patch) == (False, True)


def test_codex_takes_a_patch_from_a_command_line_too(site: TrialSite) -> None:
    command(site, f"apply_patch <<'E'\n{PATCH}\nE")
    assert site.is_patched


def test_the_word_is_printed_only_to_who_asks_for_it(site: TrialSite) -> None:
    assert "hazel" not in command(site, "ls")
    assert not site.has_printed
    assert "hazel" in command(site, "cat /ws/code.txt")
    assert site.has_printed


@pytest.mark.parametrize("arguments", ["", "[]", "{}", '"cmd"', "[" * 100_000])
def test_arguments_that_are_none_are_told_so(site: TrialSite, arguments: str) -> None:
    assert site.call("exec_command", arguments) == "failed to parse function arguments"


def test_a_tool_that_there_is_not_is_told_so(site: TrialSite) -> None:
    assert site.call("dance", '{"path": "x"}') == "unsupported call: dance"


def test_the_picture_has_its_two_colours(site: TrialSite) -> None:
    assert site.call("view_image", '{"path": "other.png"}') == "unable to locate image at `other.png`"
    assert not site.has_shown
    (image,) = site.call("view_image", '{"path": "/ws/colours.png"}')
    assert isinstance(image, InputImage)
    assert site.has_shown
    png = base64.b64decode(str(image.image_url).partition(",")[2])
    at, rows = 8, b""
    while at < len(png):
        (size,), kind = struct.unpack_from(">I", png, at), png[at + 4 : at + 8]
        data = png[at + 8 : at + 8 + size]
        assert struct.unpack_from(">I", png, at + 8 + size) == (zlib.crc32(kind + data),)
        rows += data if kind == b"IDAT" else b""
        at += 12 + size
    row = zlib.decompress(rows)[: 1 + 96 * 3]
    assert (tuple(row[1:4]), tuple(row[-3:])) == (COLOURS["red"], COLOURS["blue"])
