"""A tool that takes free text, offered as a function with one string: its declaration, its calls, and its text back."""

import json
import re
from collections.abc import Iterator

from daemons.model.request_parts import CustomTool, FunctionTool

_KEY = "input"
_FREEFORM = re.compile(r"\s*This is a FREEFORM tool[^.]*\.")
_PATCH = re.compile(r"\*\*\* Begin Patch\b.*\*\*\* End Patch\b", re.DOTALL)
_PATCH_TOOL = "apply_patch"
_PATCH_FORM = """ `input` is the whole patch as one string, for example:
*** Begin Patch
*** Update File: path/of/a/file.html
@@
 a line that stays, as it is in the file
-a line that goes, as it is in the file
+the line that comes instead
*** Add File: path/of/a/new/file.txt
+each of its lines
*** Delete File: path/of/an/old/file.txt
*** End Patch"""
_TEXT_FORM = " `input` is the whole text as one string."


def as_function(tool: CustomTool) -> FunctionTool:
    """The declaration of the function that stands in for a free text tool."""
    form = _PATCH_FORM if tool.name == _PATCH_TOOL else _TEXT_FORM + _grammar(tool)
    text = {"type": "string", "description": "The whole patch." if tool.name == _PATCH_TOOL else "The whole text."}
    parameters = {"type": "object", "properties": {_KEY: text}, "required": [_KEY], "additionalProperties": False}
    description = _FREEFORM.sub("", tool.description or "") + form
    return FunctionTool(
        type="function", name=tool.name, description=description.strip(), parameters=parameters, strict=False
    )


def _grammar(tool: CustomTool) -> str:
    definition = tool.format.definition if tool.format else None
    return f" Its grammar:\n{definition}" if definition else ""


def wrapped(text: str) -> str:
    """A free text call's text as the arguments of the function call."""
    return json.dumps({_KEY: text}, ensure_ascii=False)


def unwrapped(arguments: str) -> str:
    """The text in a function call's arguments, even in broken ones that clearly hold a patch.

    Arguments that can't be understood come back as they are: Codex tells the model what is wrong with them.
    """
    try:
        value = json.loads(arguments, strict=False)
    except (ValueError, RecursionError):
        return _patch_in(arguments) or arguments
    if isinstance(value, dict) and isinstance(value.get(_KEY), str):
        return str(value[_KEY])
    texts = list(_texts(value))
    return next((text for text in texts if _PATCH.search(text)), texts[0] if len(texts) == 1 else arguments)


def _texts(value: object) -> Iterator[str]:
    """The strings in a value, two levels deep at most: under another key, or in a list as for a shell."""
    pieces = list(value.values()) if isinstance(value, dict) else [value]
    for piece in pieces:
        yield from (text for text in (piece if isinstance(piece, list) else [piece]) if isinstance(text, str))


def _patch_in(broken: str) -> str | None:
    """The patch in a text that is no JSON: as it is, or with JSON's escapes if it has no lines of its own."""
    found = _PATCH.search(broken)
    if found is None:
        return None
    patch = found.group()
    if "\n" in patch:
        return patch
    try:
        return str(json.loads(f'"{patch}"'))
    except ValueError:
        return None


class TextStream:
    """Takes a function call's arguments as they come, and gives the text in them as far as it has arrived."""

    _HEAD = re.compile(rf'\s*\{{\s*"{_KEY}"\s*:\s*"')
    # Whole characters of a JSON string: no half escape, no half of a surrogate pair.
    _BODY = re.compile(
        r'(?:[^"\\]|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[0-9a-fA-F]{4}|\\u(?![dD][89abAB])[0-9a-fA-F]{4}|\\[^u])*'
    )

    def __init__(self) -> None:
        self._rest = ""
        self._begun = self._is_bare = False

    def feed(self, arguments: str) -> str:
        """The text that these further arguments add."""
        self._rest += arguments
        if not self._begun:
            self._begin()
        return self._take() if self._begun else ""

    def _begin(self) -> None:
        """See whether a text begins: after the key, or at once if these are no JSON arguments."""
        head = self._HEAD.match(self._rest)
        self._is_bare = not self._rest.lstrip().startswith("{") and bool(self._rest.strip())
        self._begun = self._is_bare or head is not None
        self._rest = self._rest[head.end() :] if head else self._rest

    def _take(self) -> str:
        body = self._BODY.match(self._rest)
        known = self._rest if self._is_bare or body is None else body.group()
        self._rest = self._rest[len(known) :]
        if self._is_bare:
            return known
        try:
            return str(json.loads(f'"{known}"', strict=False))
        except ValueError:
            return ""
