"""What can be no site is refused before a browser looks at it; how one is checked is played in test_mending.py."""

import asyncio
from typing import cast

import pytest

from daemons.worker.checks.history import CheckHistory
from daemons.worker.checks.run import Checker
from daemons.worker.job.checked_edit import check_edit
from daemons.worker.job.editing import Edited
from daemons.worker.job.progress_reporter import ProgressReporter
from shared.domain.errors import InvalidInput
from shared.domain.manifest import Changes


def test_what_can_be_no_site_is_never_built() -> None:
    reporter, nobody = ProgressReporter(), cast("Checker", None)
    with pytest.raises(InvalidInput):
        asyncio.run(check_edit(Edited({"../a.html": b"x"}, ""), Changes(), CheckHistory(1), nobody, reporter))
    assert reporter.phase is None
