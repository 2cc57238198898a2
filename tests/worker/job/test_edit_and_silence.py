"""I8: an edit that waited for the model until its time was over blames the model, not the request."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from daemons.worker.job.editing import edit_site
from daemons.worker.job.progress_reporter import ProgressReporter
from shared.domain.errors import PageWrightError
from shared.domain.vocabulary import JobKind, JobRequest, new_id
from tests.support.checks_run import PROGRAMS, worker_settings
from tests.support.model_process import ModelProcess
from tests.support.scripted_endpoint import Answer, ScriptedEndpoint, cut, shell, silence
from tests.support.slowness import SLOWNESS

pytestmark = pytest.mark.usefixtures("sandbox")

CREATED = {"type": "response.created", "response": {"id": "resp_1"}}


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
