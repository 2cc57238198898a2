"""An edit says what it lacks, and blames whom it has to blame."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from daemons.worker.job.editing import Edited, edit_site
from daemons.worker.job.progress_reporter import ProgressReporter
from shared.domain.errors import PageWrightError
from shared.domain.vocabulary import JobKind, JobRequest, new_id
from tests.support.checks_run import PROGRAMS, worker_settings
from tests.support.model_process import ModelProcess
from tests.support.scripted_endpoint import Answer, ScriptedEndpoint, cut, shell, silence
from tests.support.slowness import SLOWNESS

CREATED = {"type": "response.created", "response": {"id": "resp_1"}}


def test_an_edit_of_an_older_version_says_what_it_lacks_in_answer_and_record() -> None:
    edited = Edited({"index.html": b"x"}, "The footer is blue.")
    assert edited.made_from(3, 3) == edited
    lacking = edited.made_from(3, 4)
    fact = "Made from version 3. It does not have the changes of version 4."
    assert lacking.answer == f"The footer is blue.\n\n{fact}"
    assert [(check.name, check.findings) for check in lacking.checks] == [("base", (fact,))]
    assert lacking.source == edited.source


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize(
    ("answers", "blamed"),
    [
        ((cut(CREATED), silence(CREATED)), "The model API's answer broke off."),
        ((shell("sleep 600"), silence(CREATED)), "The edit took too long and was stopped."),
    ],
)
def test_who_is_blamed_when_the_time_is_over(
    start_model: Callable[..., ModelProcess],
    scripted_endpoint: ScriptedEndpoint,
    answers: tuple[Answer, ...],
    blamed: str,
) -> None:
    """I8: an edit that waited for the model until its time was up blames the model, not the request."""
    scripted_endpoint.script(*answers)
    model = start_model(MODEL_BASE_URL=scripted_endpoint.base_url, MODEL_IDLE_SECONDS="600")
    here = {"model_address": model.address, "model_ticket_key": SecretStr(model.ticket_key)}
    settings = worker_settings(worker_edit_seconds=8 * SLOWNESS).model_copy(update=here)
    now = datetime.now(UTC)
    request = JobRequest(id=new_id(), site="tea", kind=JobKind.EDIT, message="Hello", author="ann", created_at=now)
    edit = edit_site(
        request, {"index.html": b"<h1>A</h1>"}, settings=settings, programs=PROGRAMS, reporter=ProgressReporter()
    )
    with pytest.raises(PageWrightError) as ended:
        asyncio.run(edit)
    assert ended.value.detail == blamed
