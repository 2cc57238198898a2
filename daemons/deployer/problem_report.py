"""Writes beside a site why this host does not show what it should; the api reads that through nginx."""

import logging
import secrets
from contextlib import suppress

from daemons.deployer.releasing import ReleaseFailure
from daemons.deployer.site_directory import SiteDirectory
from shared.domain.host_problem import PROBLEM_FILE, HostProblem

_log = logging.getLogger(__name__)


def report_problem(directory: SiteDirectory, version: int | None, failure: ReleaseFailure) -> None:
    """Write the reason; the new name of the attempt tells readers that it failed just now."""
    problem = HostProblem(
        version=version, reason=failure.reason[:500], hint=failure.hint[:500], attempt=secrets.token_hex(8)
    )
    try:
        directory.write_file(PROBLEM_FILE, problem.model_dump_json().encode(), 0o644)
    except OSError as error:
        _log.error("the api can't be told of this: %s", error)


def clear_problem(directory: SiteDirectory) -> None:
    """Remove the report: all is well again."""
    with suppress(OSError):
        directory.remove_file(PROBLEM_FILE)
