"""Whether a model did a task is seen from what its calls did, not from what it says."""

import pytest

from daemons.model.probe.tasks import PATCH, PICTURE, SHELL, ProbeTask, verdict
from daemons.model.probe.trial_site import LINE, NEW_LINE, TrialSite
from shared.domain.model_probe import ProbeVerdict

_PATCH_TEXT = f"*** Begin Patch\n*** Update File: hours.html\n@@\n-{LINE}\n+{NEW_LINE}\n*** End Patch"
_WRONG_PATCH = _PATCH_TEXT.replace(NEW_LINE, "<p>Monday: open</p>")
_CAT, _LOOK = '{"cmd": "cat code.txt"}', '{"path": "/ws/colours.png"}'


@pytest.mark.parametrize(
    ("task", "calls", "said", "fault"),
    [
        (PATCH, [("apply_patch", _PATCH_TEXT)], "", ""),
        (PATCH, [("apply_patch", _WRONG_PATCH)], "Done.", "its patch could not be applied"),
        (PATCH, [], "Done.", "it did not call apply_patch"),
        (SHELL, [("exec_command", _CAT)], "It is Hazel.", ""),
        (SHELL, [("exec_command", _CAT)], "Done.", "it did not tell what a command printed"),
        (SHELL, [("exec_command", "no JSON")], "hazel", "it did not run a command"),
        (PICTURE, [("view_image", _LOOK)], "Red, then green.", ""),
        (PICTURE, [("view_image", _LOOK)], "Green and red.", "it did not name the colours of a picture"),
        (PICTURE, [], "Red and green.", "it did not look at a picture"),
    ],
)
def test_a_task_is_done_by_calls(task: ProbeTask, calls: list[tuple[str, str]], said: str, fault: str) -> None:
    site = TrialSite("hazel", ("red", "green"))
    for tool, text in calls:
        site.call(tool, text)
    assert task.fault(site, said) == fault


@pytest.mark.parametrize(
    ("done", "found"),
    [
        ([PATCH.done, SHELL.done], ProbeVerdict.WORKS),
        ([SHELL.done, PICTURE.done], ProbeVerdict.SHELL_ONLY),
        ([PATCH.done, PICTURE.done], ProbeVerdict.UNUSABLE),
        ([], ProbeVerdict.UNUSABLE),
    ],
)
def test_pictures_are_not_needed(done: list[str], found: ProbeVerdict) -> None:
    assert verdict(done) is found
