"""The pieces of the status page."""

from htmx_ui.status_parts import FailedJobRow
from tests.htmx_ui.samples import NOW


def test_a_failed_job_has_the_command_that_tells_of_it() -> None:
    row = FailedJobRow(job="0" * 28, site="bakery", author="ana", reason="It broke.", hint="", at=NOW)
    assert row.command == f"journalctl PAGEWRIGHT_JOB={'0' * 28}"
