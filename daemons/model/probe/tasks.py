"""The three tasks: the prompt, the tools, and the check whether the model did each."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from daemons.model.codex_request import codex_request
from daemons.model.probe.trial_site import LINE, NEW_LINE, PAGE, TrialSite
from daemons.model.request_body import ModelRequest
from daemons.model.request_parts import CustomFormat, CustomTool, FunctionTool, Item, MessageItem, Tool
from shared.domain.model_probe import ProbeVerdict

_RULES = (
    "You edit the files of a small website in the folder /ws. Use the tools; do only what is asked.",
    "When a task is done, say so in one short sentence. Ask nothing back.",
)
_GRAMMAR = r"""start: "*** Begin Patch" LF hunk+ "*** End Patch" LF?
hunk: "*** Update File: " /(.+)/ LF ("@@" /(.*)/ LF)? (("+" | "-" | " ") /(.*)/ LF)+
%import common.LF
"""


@dataclass(frozen=True)
class ProbeTask:
    """One task; `fault` says, from the site and the model's last words, why it is not done; empty if it is."""

    prompt: str
    done: str
    fault: Callable[[TrialSite, str], str]


def _patch_fault(site: TrialSite, _: str) -> str:
    if site.is_patched:
        return ""
    return "its patch could not be applied" if site.has_called_patch else "it did not call apply_patch"


def _shell_fault(site: TrialSite, said: str) -> str:
    if not site.has_printed:
        return "it did not run a command"
    return "" if site.word in said.lower() else "it did not tell what a command printed"


def _picture_fault(site: TrialSite, said: str) -> str:
    if not site.has_shown:
        return "it did not look at a picture"
    left, right = (said.lower().find(colour) for colour in site.colours)
    return "" if 0 <= left < right else "it did not name the colours of a picture"


PATCH = ProbeTask(
    f"The file hours.html is:\n\n{PAGE}\nUse the tool apply_patch to change the line `{LINE}` to `{NEW_LINE}`.",
    "it changed a line with a patch",
    _patch_fault,
)
SHELL = ProbeTask(
    "Run the command `cat code.txt` with the tool exec_command, and tell me the word that it prints.",
    "it read what a command printed",
    _shell_fault,
)
PICTURE = ProbeTask(
    "Look at the picture /ws/colours.png with the tool view_image. Name the colour of its left half, then that of its "
    "right half (each is red, green, blue or yellow).",
    "it named the colours of a picture",
    _picture_fault,
)
TASKS = (PATCH, SHELL, PICTURE)


def verdict(done: Collection[str]) -> ProbeVerdict:
    """What the model is good for, by what it has done; pictures are not needed."""
    if SHELL.done not in done:
        return ProbeVerdict.UNUSABLE
    return ProbeVerdict.WORKS if PATCH.done in done else ProbeVerdict.SHELL_ONLY


def rules() -> list[Item]:
    """How a conversation begins."""
    return [MessageItem(role="developer", content=text) for text in _RULES]


def request(conversation: list[Item]) -> ModelRequest:
    """The next request, as Codex writes it."""
    return codex_request(conversation, _tools())


def _tools() -> list[Tool]:
    grammar = CustomFormat(type="grammar", syntax="lark", definition=_GRAMMAR)
    return [
        _function("exec_command", "Runs a shell command in /ws.", "cmd"),
        CustomTool(type="custom", name="apply_patch", description="Edits files by a patch.", format=grammar),
        _function("view_image", "Shows a picture from the filesystem.", "path"),
    ]


def _function(name: str, description: str, argument: str) -> FunctionTool:
    parameters = {
        "type": "object",
        "properties": {argument: {"type": "string"}},
        "required": [argument],
        "additionalProperties": False,
    }
    return FunctionTool(type="function", name=name, description=description, parameters=parameters, strict=False)
