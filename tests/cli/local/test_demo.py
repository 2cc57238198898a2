"""`make demo` tells what it saw, and fails where that is not as it must be."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli.local.demo import DemoFailed, demo
from cli.local.folder import RunFolder, locked, open_run_folder
from cli.local.programs import Ports
from tests.cli.local.small_system import SmallSystem, small_system


@contextmanager
def running(folder: Path, **more: object) -> Iterator[tuple[RunFolder, SmallSystem]]:
    """A system that seems to run from the folder."""
    with small_system(**more) as system:
        run = open_run_folder(folder / "run")
        lines = {"PAGEWRIGHT_URL": f"http://127.0.0.1:{system.port}", "PAGEWRIGHT_TOKEN": "token"}
        run.environment_file.write_text("".join(f"export {name}={value}\n" for name, value in lines.items()))
        with locked(run):
            yield run, system


def test_an_edit_is_published_and_rolled_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running(tmp_path) as (folder, system):
        demo(folder, Ports())
        assert (system.current, len(system.pages)) == (1, 2)
    told = [line.partition(" s  ")[2] for line in capsys.readouterr().out.splitlines()]
    assert told[0] == "using the system that runs from this folder"
    assert told[-2] == "rolled back: visitors see version 1 again, byte for byte"
    assert told[-1] == "done; everything was as it must be"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"ends_as": "failed"}, "The job ended as failed"),
        ({"forgets_rollback": True}, "After the rollback visitors do not get the same bytes"),
    ],
)
def test_what_is_not_as_it_must_be_fails(tmp_path: Path, wrong: dict[str, object], says: str) -> None:
    with running(tmp_path, **wrong) as (folder, _), pytest.raises(DemoFailed, match=says):
        demo(folder, Ports())


def test_a_page_that_visitors_see_too_early_fails(tmp_path: Path) -> None:
    """As if the preview were public."""
    with running(tmp_path) as (folder, system):
        system.page = lambda _: system.pages[max(system.pages)]  # type: ignore[method-assign]
        with pytest.raises(DemoFailed, match="Visitors see the new headline"):
            demo(folder, Ports())
