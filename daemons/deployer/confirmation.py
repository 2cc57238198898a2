"""Lets an operator confirm that storage was put back on purpose, so that this host follows it again.

`python -m daemons.deployer.confirmation ROOT [SITE ...]` prints the names of the sites as a JSON list. It touches
only sites that this host refuses to follow.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from daemons.deployer.address_marks import AddressMarks
from daemons.deployer.memory import forget
from daemons.deployer.site_directory import SiteDirectory, site_names
from shared.domain.errors import NotFound
from shared.domain.host_problem import PROBLEM_FILE, STORAGE_OLDER, HostProblem
from shared.runtime.command import carry_out


def confirm(root: Path, named: Sequence[str] = ()) -> list[str]:
    """Forget what storage said before of these sites, or of all refused ones; returns their names.

    A site that moved since is found under its name again.

    Raises NotFound for a site that is not refused, and OSError.
    """
    marks = AddressMarks(root)
    refused = {site for site in site_names(root) if _is_refused(SiteDirectory(root, site))}
    for site in named:
        if site not in refused | marks.unknown():
            raise NotFound(f"This host does not refuse to follow storage for {site}.", "Nothing was changed.")
    confirmed = {*named} or refused | marks.unknown()
    for site in confirmed & refused:
        forget(SiteDirectory(root, site))
    marks.forget(confirmed & marks.unknown())
    return sorted(confirmed)


def _is_refused(directory: SiteDirectory) -> bool:
    try:
        return HostProblem.model_validate_json(directory.read_file(PROBLEM_FILE) or b"").reason == STORAGE_OLDER
    except ValidationError:
        return False


def main() -> None:
    """The command; exits 1 with a sentence if it can't be done."""
    parser = argparse.ArgumentParser(prog="python -m daemons.deployer.confirmation")
    parser.add_argument("root", type=Path, help="the deployer's directory")
    parser.add_argument("sites", nargs="*", help="the sites; all that are refused by default")
    arguments = parser.parse_args()
    carry_out(lambda: json.dumps(confirm(arguments.root, arguments.sites)))


if __name__ == "__main__":
    main()
