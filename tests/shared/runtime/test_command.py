"""A command says one line when it is done, else one sentence and exit status 1; its files are its user's alone."""

import os
from pathlib import Path

import pytest

from shared.domain.errors import Conflict
from shared.runtime.command import carry_out


@pytest.fixture(autouse=True)
def _umask() -> object:
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_a_line_is_printed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def work() -> str:
        (tmp_path / "file").touch(0o666)
        return "done"

    carry_out(work)
    assert capsys.readouterr() == ("done\n", "")
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Conflict("It is there.", "Look."), "It is there. Look.\n"),
        (Conflict("It is there."), "It is there.\n"),
        (PermissionError(13, "Permission denied", "/x"), "/x: Permission denied.\n"),
        (OSError(5, "Input/output error"), "A file: Input/output error.\n"),
    ],
)
def test_a_failure_is_one_sentence(error: Exception, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> str:
        raise error

    with pytest.raises(SystemExit) as ended:
        carry_out(work)
    assert (ended.value.code, capsys.readouterr().err) == (1, sentence)
