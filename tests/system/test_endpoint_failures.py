"""Whatever the model API does: the job fails with a sentence for a person, the site stays, and the next job works."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest

from tests.support.scripted_endpoint import (
    Answer,
    cut,
    dripping,
    events,
    failure,
    flood,
    garbage,
    html,
    message,
    never,
    redirect,
    shell,
)
from tests.support.scripted_system import KEY, ScriptedSystem

pytestmark = pytest.mark.xdist_group("scripted-system")

SITE = "faults"
SECRET = "secret words of the endpoint"
CREATED: dict[str, Any] = {"type": "response.created", "response": {"id": "resp_1", "status": "in_progress"}}
DELTA: dict[str, Any] = {"type": "response.output_text.delta", "output_index": 0, "delta": SECRET}


def _failed(code: str) -> Answer:
    error = {"code": code, "message": f"{SECRET} {KEY}"}
    return events(CREATED, {"type": "response.failed", "response": {"status": "failed", "error": error}})


FAULTS: dict[str, tuple[Answer, str]] = {
    "401": (failure(401, "invalid_api_key", f"{SECRET} {KEY}"), "refused the key"),
    "403": (failure(403, text=SECRET), "refused the key"),
    "404": (failure(404, "model_not_found"), "does not know the model"),
    "429": (failure(429, "rate_limit_exceeded"), "busy"),
    "no credit": (failure(429, "insufficient_quota"), "credit is used up"),
    "400": (failure(400, "invalid_value"), "did not accept the request"),
    "too long": (failure(400, "context_length_exceeded"), "too long for the model"),
    "500": (failure(500), "a fault of its own"),
    "503": (failure(503), "a fault of its own"),
    "redirect": (redirect("http://127.0.0.1:1/v1/responses"), "another address"),
    "html": (html(), "not as a model does"),
    "garbage": (garbage(), "can't be read"),
    "cut at once": (cut(), "broke off"),
    "cut in mid-stream": (cut(CREATED, DELTA), "broke off"),
    "signs of life in mid-stream": (dripping(b": keep-alive\n\n", CREATED, DELTA), "does not answer"),
    "never": (never(), "does not answer"),
    "failed": (_failed("server_error"), "gave up"),
    "strange code": (_failed(SECRET), "gave up"),
    "flood": (flood(), "tokens"),
}


@pytest.fixture
def faults(scripted: ScriptedSystem) -> ScriptedSystem:
    """The scripted system with the site of these tests."""
    return scripted.with_sites(SITE)


def _strings(value: object) -> Iterator[str]:
    """Every text in a JSON document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from chain.from_iterable(map(_strings, value.values()))
    elif isinstance(value, list):
        yield from chain.from_iterable(map(_strings, value))


def _all_that_is_told(scripted: ScriptedSystem, job: dict[str, Any]) -> str:
    """The job, its events and the site's chat as the API tells them, and every log."""
    client = scripted.system.client
    told = [job, *(event for _, event in client.events(job["id"])), client.get(f"/sites/{SITE}/messages")]
    return "\n".join(chain.from_iterable(map(_strings, told))) + scripted.system.logs()


@pytest.mark.parametrize("fault", FAULTS)
def test_job_fails_with_a_sentence_and_the_site_stays(fault: str, faults: ScriptedSystem) -> None:
    """I3, I7: no trace in the site, and neither the key nor the endpoint's own words anywhere."""
    answer, words = FAULTS[fault]
    before = faults.system.state_of(SITE)

    job = faults.edit(SITE, answer)

    assert job["state"] == "failed", job
    error = job["error"]
    assert words in error["detail"]
    assert re.fullmatch(r"[A-Z][^{}<>\\]*\.", error["detail"]), error
    assert re.fullmatch(r"(Try|Operators|Ask)[^{}<>\\]*\.", error["hint"]), error
    assert faults.system.state_of(SITE) == before
    assert faults.system.sandboxed() == []
    told = _all_that_is_told(faults, job)
    assert SECRET not in told
    assert KEY not in told


def test_next_job_works(faults: ScriptedSystem) -> None:
    """What went wrong with one job is forgotten by the next."""
    faults.edit(SITE, failure(500))
    faults.check_next_edit(SITE)


def test_fault_in_mid_job_is_overcome(faults: ScriptedSystem) -> None:
    """One bad answer between good ones is asked again, and costs nothing but time."""
    write = shell("echo '<!doctype html><title>New</title><h1>New</h1>' > new.html")
    job = faults.edit(SITE, write, failure(503), cut(CREATED), message("Done."))
    assert (job["state"], job["answer"]) == ("succeeded", "Done."), job


def test_fault_after_changes_makes_no_version(faults: ScriptedSystem) -> None:
    """I3: half an edit is no edit."""
    before = faults.system.state_of(SITE)
    job = faults.edit(SITE, shell("rm -r *"), failure(500))
    assert job["state"] == "failed", job
    assert faults.system.state_of(SITE) == before


def test_endpoint_gets_the_key_and_a_rebuilt_request(faults: ScriptedSystem) -> None:
    """I7: what Codex asked for counts only as far as the model daemon allows it."""
    job = faults.edit(SITE, message("Nothing to do."))
    assert job["state"] == "succeeded", job
    [request] = faults.endpoint.received
    assert (request.method, request.path) == ("POST", "/v1/responses")
    assert request.headers["authorization"] == f"Bearer {KEY}"
    body = request.json
    assert (body["model"], body["store"], body["stream"]) == ("gpt-5.5", False, True)
    assert {tool["type"] for tool in body["tools"]} <= {"function", "custom"}
    assert not {"previous_response_id", "conversation", "prompt", "background", "metadata"} & body.keys()
    assert job["id"] not in str(body)


def test_no_secret_is_in_reach_of_the_agent(faults: ScriptedSystem) -> None:
    """I7: environment, processes and every file that it can write or that configures something."""
    look = "env; cat /proc/*/environ /proc/*/cmdline /agent/.codex/*.toml; grep -rsI '' /etc /run /tmp | tail -c 4000"
    job = faults.edit(SITE, shell(look), shell("grep -rlsI sk-secret /agent /opt /etc /run /tmp /ws"), message("Done."))
    assert job["state"] == "succeeded", job
    seen = faults.tool_outputs()
    assert "CODEX_HOME" in seen
    secrets = [file.read_text().strip() for file in (faults.system.folder.root / "secrets").iterdir()]
    assert len(secrets) > 3
    for secret in (KEY, "PAGEWRIGHT_", *secrets):
        assert secret not in seen
    assert KEY not in _all_that_is_told(faults, job)


def test_used_tokens_are_in_the_record(faults: ScriptedSystem) -> None:
    """I9: the model daemon's own count."""
    answers = [shell("echo '<!doctype html><title>T</title><h1>T</h1>' > tokens.html"), message("Done.")]
    job = faults.edit(SITE, *answers)
    assert job["version"], job
    version = faults.system.client.get(f"/sites/{SITE}/versions/{job['version']}")
    assert version["usage"] == {"requests": 4, "input_tokens": 200, "output_tokens": 40}, "two are questions of ours"
    assert version["model"] == "gpt-5.5"
