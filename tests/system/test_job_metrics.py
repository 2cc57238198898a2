"""What workers and the model daemon count of jobs, against what the jobs are known to have met."""

import pytest

from tests.support.scripted_endpoint import failure, message, shell
from tests.support.scripted_system import ScriptedSystem
from tests.support.waiting import wait_until

pytestmark = pytest.mark.xdist_group("scripted-system")

SITE = "counted"
BREAK_A_LINK = "sed -i 's|</body>|<a href=\"/nowhere.html\">There</a></body>|' index.html"


@pytest.fixture
def counted(scripted: ScriptedSystem) -> ScriptedSystem:
    """The scripted system with the site of these tests."""
    return scripted.with_sites(SITE)


def test_a_job_that_fails_for_the_model_is_our_fault(counted: ScriptedSystem) -> None:
    def counts() -> list[float]:
        return [
            counted.counted("pagewright_job_failures_total", kind="edit", fault="ours"),
            counted.counted("pagewright_jobs_finished_total", kind="edit", state="failed"),
            counted.counted("pagewright_job_seconds_count", kind="edit", state="failed"),
            counted.counted("pagewright_job_phase_seconds_count", phase="editing", state="failed"),
        ]

    before = counts()
    answers = counted.counted("pagewright_model_answers_total", status="401")
    assert counted.edit(SITE, failure(401, "invalid_api_key"))["state"] == "failed"
    wait_until(lambda: counts() == [count + 1 for count in before], "the worker has counted the job")
    assert counted.counted("pagewright_model_answers_total", status="401") > answers


def test_a_failed_check_is_counted_by_its_name(counted: ScriptedSystem) -> None:
    before = counted.counted("pagewright_check_failures_total")
    finished = counted.counted("pagewright_job_phase_seconds_count", phase="committing", state="succeeded")
    job = counted.edit(SITE, shell(BREAK_A_LINK), message("Done."))
    version = counted.system.client.get(f"/sites/{SITE}/versions/{job['version']}")
    failed = [check["name"] for check in version["checks"] if check["status"] == "failed"]
    assert failed
    assert counted.counted("pagewright_check_failures_total") == before + len(failed)
    assert counted.counted("pagewright_check_failures_total", check=failed[0]) >= 1
    wait_until(
        lambda: (
            counted.counted("pagewright_job_phase_seconds_count", phase="committing", state="succeeded") == finished + 1
        ),
        "the worker has counted the job",
    )
