"""What keeps a site from being shown is reported beside it, and each attempt has a name of its own."""

from pathlib import Path

from daemons.deployer.problem_report import clear_problem, report_problem
from daemons.deployer.releasing import ReleaseFailure
from daemons.deployer.site_directory import SiteDirectory
from shared.domain.host_problem import HostProblem


def read(root: Path) -> HostProblem:
    return HostProblem.model_validate_json((root / "bakery/trouble.json").read_bytes())


def test_a_report_is_written_anew_and_removed(tmp_path: Path) -> None:
    directory = SiteDirectory(tmp_path, "bakery")
    report_problem(directory, 3, ReleaseFailure("x" * 501, "A hint."))
    first = read(tmp_path)
    assert (first.version, first.reason, first.hint) == (3, "x" * 500, "A hint.")
    assert (tmp_path / "bakery/trouble.json").stat().st_mode & 0o777 == 0o644
    report_problem(directory, 3, ReleaseFailure("x", ""))
    assert read(tmp_path).attempt != first.attempt
    for _ in range(2):
        clear_problem(directory)
        assert not (tmp_path / "bakery/trouble.json").exists()
