"""The verdict on a model is a sentence with what it rests on."""

from datetime import UTC, datetime

import pytest

from shared.domain.model_probe import ModelProbe, ProbeVerdict


@pytest.mark.parametrize(
    ("verdict", "done", "missed", "sentence"),
    [
        (ProbeVerdict.WORKS, ("it did a", "it did b"), (), "works: it did a; it did b"),
        (ProbeVerdict.SHELL_ONLY, ("it did a",), ("not b",), "edits by shell only: it did a; not b"),
        (ProbeVerdict.UNUSABLE, ("it did a",), ("not b", "not c"), "not usable, because not b; not c"),
    ],
)
def test_a_verdict_says_why(
    verdict: ProbeVerdict, done: tuple[str, ...], missed: tuple[str, ...], sentence: str
) -> None:
    assert ModelProbe(at=datetime.now(UTC), verdict=verdict, done=done, missed=missed).sentence == sentence


def test_another_release_may_tell_more() -> None:
    told = ModelProbe(at=datetime.now(UTC), verdict=ProbeVerdict.WORKS).model_dump(mode="json")
    assert ModelProbe.model_validate(told | {"speed": 3}).verdict is ProbeVerdict.WORKS
