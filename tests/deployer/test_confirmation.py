"""An operator's confirmation touches the refused sites only, and none if one name is wrong."""

from pathlib import Path

import pytest

from daemons.deployer.address_marks import AddressMarks
from daemons.deployer.addresses import LeadOn, Serve
from daemons.deployer.confirmation import confirm
from daemons.deployer.memory import remember, seen_head
from daemons.deployer.problem_report import report_problem
from daemons.deployer.releasing import ReleaseFailure
from daemons.deployer.site_directory import SiteDirectory
from shared.domain.errors import NotFound
from shared.domain.host_problem import STORAGE_OLDER
from shared.domain.vocabulary import SiteHead

_PROBLEMS = {"bakery": STORAGE_OLDER, "cafe": STORAGE_OLDER, "library": "Its disk is full.", "museum": None}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A web host that remembers four sites and refuses to follow storage for two."""
    for site, problem in _PROBLEMS.items():
        directory = SiteDirectory(tmp_path, site)
        remember(directory, SiteHead(site=site, latest=3))
        if problem:
            report_problem(directory, None, ReleaseFailure(problem, ""))
    return tmp_path


def remembered(root: Path) -> set[str]:
    return {site for site in _PROBLEMS if seen_head(SiteDirectory(root, site))}


@pytest.mark.parametrize(
    ("named", "confirmed"), [((), ["bakery", "cafe"]), (("cafe",), ["cafe"]), (("cafe", "bakery"), ["bakery", "cafe"])]
)
def test_refused_sites_are_forgotten(named: tuple[str, ...], confirmed: list[str], root: Path) -> None:
    assert confirm(root, named) == confirmed
    assert remembered(root) == {*_PROBLEMS} - {*confirmed}


@pytest.mark.parametrize("name", ["library", "museum", "nowhere"])
def test_a_site_that_is_not_refused_stops_everything(name: str, root: Path) -> None:
    with pytest.raises(NotFound, match=f"for {name}"):
        confirm(root, ["bakery", name])
    assert remembered(root) == {*_PROBLEMS}


@pytest.mark.parametrize("named", [(), ("harbour",)])
def test_a_site_that_moved_in_the_storage_of_before_is_found_under_its_name_again(
    named: tuple[str, ...], root: Path
) -> None:
    marks = AddressMarks(root)
    for site, address in (("harbour", "port"), ("bakery", "brot")):
        for step in (Serve(site, address), LeadOn(site, site, address)):
            marks.carry_out(step)
    marks.note_unknown({"harbour"})
    assert confirm(root, named) == ([*named] or ["bakery", "cafe", "harbour"])
    found = marks.read()
    assert (found.served, found.moved) == ({"brot": "bakery"}, {"bakery": "brot"})
