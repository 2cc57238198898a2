"""The offered tool is found behind a prefix or suffix; what means none of them is left to Codex."""

import pytest

from daemons.model.dialects.tool_names import offered_name
from daemons.model.request_parts import CustomCall

OFFERED = {"exec_command", "write_stdin", "apply_patch", "view_image"}

MEANT = {
    "exec_command": "exec_command",
    "functions.exec_command": "exec_command",
    "functions/exec_command": "exec_command",
    "functions:exec_command": "exec_command",
    "functions.exec_command:0": "exec_command",
    "functions_exec_command": "exec_command",
    "default_api.apply_patch": "apply_patch",
    "default_api_apply_patch": "apply_patch",
    "tools::view_image": "view_image",
    " apply_patch ": "apply_patch",
    "exec_command<|channel|>commentary": "exec_command",
    "assistant.functions.apply_patch": "apply_patch",
}


@pytest.mark.parametrize("name", MEANT)
def test_the_tool_that_is_meant(name: str) -> None:
    assert offered_name(name, OFFERED) == MEANT[name]


@pytest.mark.parametrize("name", ["shell", "functions.shell", "my_exec_command", "exec_command.apply_patch", "Exec"])
def test_a_name_that_means_none_or_several_stays(name: str) -> None:
    assert offered_name(name, OFFERED) == name


@pytest.mark.parametrize("name", ["", "a b\n", "ü" * 500, "x" * 500, "<|start|>"])
def test_a_name_can_always_be_sent_back(name: str) -> None:
    mended = offered_name(name, OFFERED)
    assert CustomCall(type="custom_tool_call", call_id="c", name=mended, input="").name == mended
