"""Which manifest may come next, and which version a job made, also for the newest one that no index has."""

from pathlib import Path

import pytest

from daemons.storage.version_log import VersionLog
from shared.domain.errors import Conflict, NotFound
from shared.domain.manifest import Blob, Manifest
from shared.domain.signing import manifest_bytes
from tests.support.manifests import signed_manifest

_BLOB = Blob(sha256="0" * 64, size=1)
_JOBS = ("a" * 28, "b" * 28)


def manifest(number: int, job: str | None = None) -> Manifest:
    return signed_manifest(number, artifact=_BLOB, public=_BLOB, job=job)


@pytest.fixture
def log(tmp_path: Path) -> VersionLog:
    """The log of a site with two versions."""
    log = VersionLog(tmp_path, tmp_path)
    for number, job in enumerate(_JOBS, 1):
        log.append(manifest(number, job), manifest_bytes(manifest(number, job)))
    return log


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"number": 2}, "next version's number is 3, not 2"),
        ({"number": 4}, "next version's number is 3, not 4"),
        ({"parent": 3}, "parent, version 3, does not exist"),
        ({"stamp": 1002}, "stamp must be above 1002"),
    ],
)
def test_only_what_follows_the_newest_version_may_come_next(change: dict[str, int], told: str, log: VersionLog) -> None:
    following = manifest(3)
    log.check_next(following)
    with pytest.raises(Conflict, match=told):
        log.check_next(following.model_copy(update=change))


def test_each_job_leads_to_its_version(log: VersionLog, tmp_path: Path) -> None:
    """The index has the first job only: the newest version is its own entry."""
    assert [path.name for path in (tmp_path / "jobs").iterdir()] == [_JOBS[0]]
    for opened in (log, VersionLog(tmp_path, tmp_path)):
        assert [opened.number_of_job(job) for job in (*_JOBS, "c" * 28)] == [1, 2, None]


def test_a_version_that_is_not_there_is_named(log: VersionLog) -> None:
    for number in (0, 3):
        with pytest.raises(NotFound, match=f"no version {number}"):
            log.read(number)
