"""Questions go through the gateway's own door: with the job's ticket, counted, and in each dialect."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from shared.domain.vocabulary import new_id
from tests.support.model_process import ModelProcess
from tests.support.scripted_endpoint import Answer, ScriptedEndpoint, cut, failure, garbage, message

StartModel = Callable[..., ModelProcess]
ABOUT: dict[str, Any] = {
    "message": 'Change the headline of the about page to "Two bakers"',
    "pages": [{"path": "index.html", "title": "Bakery"}, {"path": "about.html", "title": "About us"}],
}
LOOK = {"message": ABOUT["message"], "changes": [{"number": 0, "text": "about.html: Headline"}]}
ANSWER = {"everywhere": False, "pages": ["about.html"], "parts": ["headline"], "kinds": ["text"]}


@pytest.mark.parametrize("dialect", ["responses", "functions"])
def test_the_models_answer_comes_back_and_counts_for_its_job(
    start_model: StartModel, scripted_endpoint: ScriptedEndpoint, dialect: str
) -> None:
    scripted_endpoint.answer_questions(message(json.dumps(ANSWER)))
    model = start_model(MODEL_BASE_URL=scripted_endpoint.base_url, MODEL_DIALECT=dialect, MODEL_JOB_REQUESTS="1")
    job = new_id()
    reply = model.question("/v1/scope", ABOUT, model.ticket(job))
    assert (reply.status, json.loads(reply.text)) == (200, ANSWER)
    [asked] = scripted_endpoint.questions
    assert asked.json["text"]["format"]["strict"] is True
    assert json.loads(asked.json["input"] if dialect == "responses" else asked.json["input"][1]["content"]) == ABOUT
    assert json.loads(model.get(f"/v1/jobs/{job}/usage")) == {"requests": 1, "input_tokens": 100, "output_tokens": 20}
    assert model.question("/v1/look", LOOK, model.ticket(job)).status == 429, "the job's budget is spent"
    looked = {"done": "done", "missing": [], "unasked": [0]}
    scripted_endpoint.answer_questions(message(json.dumps(looked)))
    assert json.loads(model.question("/v1/look", LOOK).text) == looked
    assert scripted_endpoint.questions[-1].json["text"]["format"]["name"] == "pagewright_look"


def test_what_is_no_answer_is_a_problem(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> None:
    model = start_model(MODEL_BASE_URL=scripted_endpoint.base_url)
    wrong: list[Answer] = [message("Sure!"), message("{}"), failure(400), failure(500), garbage(), cut()]
    for answer in wrong:
        scripted_endpoint.answer_questions(answer)
        assert model.question("/v1/scope", ABOUT).status in (502, 503), answer


def test_nobody_else_and_nothing_else_is_asked(shared_model_process: ModelProcess) -> None:
    assert shared_model_process.question("/v1/scope", ABOUT, "forged").status == 401
    assert shared_model_process.question("/v1/scope", ABOUT | {"schema": {}}).status == 422
    assert shared_model_process.question("/v1/scope", {"message": "a" * 20_001}).status == 422


def test_the_practice_model_says_what_it_would_change(shared_model_process: ModelProcess) -> None:
    reply = shared_model_process.question("/v1/scope", ABOUT)
    assert json.loads(reply.text) == {"everywhere": False, "pages": ["about.html"], "parts": [], "kinds": ["text"]}
    assert shared_model_process.question("/v1/look", LOOK).status == 502, "it has no opinion on what was done"
