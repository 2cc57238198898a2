"""A pretended site: answers the model's tool calls, and notes which of them succeeded."""

import json
import re
import struct
import zlib
from base64 import b64encode
from dataclasses import dataclass, field

from daemons.model.request_parts import Content, InputImage

LINE, NEW_LINE = "<p>Monday: closed</p>", "<p>Monday: 9 to 5</p>"
PAGE = f"<h1>Opening hours</h1>\n{LINE}\n"
COLOURS = {"red": (230, 0, 0), "green": (0, 150, 0), "blue": (0, 0, 230), "yellow": (255, 230, 0)}
_PATCH = re.compile(r"\*\*\* Begin Patch\n(.*)\n\*\*\* End Patch", re.DOTALL)
_SIDE = 48  # pixels of one half of the picture


@dataclass
class TrialSite:
    """A page, a file with a word, and a picture of two colours."""

    word: str
    colours: tuple[str, str]
    has_called_patch: bool = field(default=False, init=False)
    is_patched: bool = field(default=False, init=False)
    has_printed: bool = field(default=False, init=False)
    has_shown: bool = field(default=False, init=False)

    def call(self, tool: str, text: str) -> str | list[Content]:
        """What a call gives back, in Codex's words where the model has to learn from them."""
        if tool == "apply_patch":
            return self._patch(text)
        try:
            arguments = json.loads(text)
            said = str(arguments["cmd" if tool == "exec_command" else "path"])
        except (ValueError, LookupError, TypeError, RecursionError):
            return "failed to parse function arguments"
        if tool == "exec_command":
            return self._command(said)
        return self._picture(said) if tool == "view_image" else f"unsupported call: {tool}"

    def _patch(self, text: str) -> str:
        self.has_called_patch = True
        patch = _PATCH.search(text)
        if patch is None:
            return "apply_patch verification failed: invalid patch: it must begin with '*** Begin Patch'"
        lines = patch[1].split("\n")
        changes = [line for line in lines if line[:1] in ("-", "+") and line[1:].strip()]
        if not lines[0].startswith("*** Update File: ") or not lines[0].endswith("hours.html"):
            return "apply_patch verification failed: Failed to read the file to update"
        if changes != [f"-{LINE}", f"+{NEW_LINE}"]:
            return "apply_patch verification failed: Failed to find expected lines in hours.html"
        self.is_patched = True
        return "Exit code: 0\nWall time: 0 seconds\nOutput:\nSuccess. Updated the following files:\nM hours.html\n"

    def _command(self, command: str) -> str:
        if "*** Begin Patch" in command:  # Codex takes a patch from a command line, too
            return self._patch(command)
        output = ""
        if "code.txt" in command:
            self.has_printed, output = True, f"{self.word}\n"
        elif "hours.html" in command:
            output = PAGE.replace(LINE, NEW_LINE) if self.is_patched else PAGE
        return f"Wall time: 0.0 seconds\nProcess exited with code 0\nOutput:\n{output}"

    def _picture(self, path: str) -> str | list[Content]:
        if "colours.png" not in path:
            return f"unable to locate image at `{path}`"
        self.has_shown = True
        url = f"data:image/png;base64,{b64encode(_png(*self.colours)).decode()}"
        return [InputImage(type="input_image", image_url=url)]


def _png(left: str, right: str) -> bytes:
    """A picture whose halves have these colours."""
    row = b"\0" + bytes(COLOURS[left]) * _SIDE + bytes(COLOURS[right]) * _SIDE
    head = struct.pack(">IIBBBBB", 2 * _SIDE, _SIDE, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(row * _SIDE)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
