"""I8: a job ends by its budget at the latest, whatever it does and however often the daemon is killed."""

import asyncio
import json
import math
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from daemons.model.budgets import BudgetLimits, Budgets
from shared.domain.errors import TooMany, Unavailable
from shared.domain.manifest import Usage
from shared.domain.vocabulary import new_id
from tests.support.codex_run import run_codex
from tests.support.model_process import ModelProcess
from tests.support.scripted_endpoint import ScriptedEndpoint, events, items, message, shell, silence

StartModel = Callable[..., ModelProcess]
ASK = {"input": "hello " * 100}
CREATED = {"type": "response.created", "response": {}}


def usage(model: ModelProcess, job: str) -> Usage:
    return Usage.model_validate_json(model.get(f"/v1/jobs/{job}/usage"))


def test_requests_are_counted_across_a_kill(start_model: StartModel) -> None:
    model, job = start_model(MODEL_JOB_REQUESTS="3"), new_id()
    ticket = model.ticket(job)
    assert [model.ask(ASK, ticket).status for _ in range(2)] == [200, 200]
    used = usage(model, job)
    assert used.requests == 2
    assert used.input_tokens > 100
    model.kill()
    model.start()
    assert usage(model, job) == used
    assert [model.ask(ASK, ticket).status for _ in range(3)] == [200, 429, 429]
    refused = model.ask(ASK, ticket).problem
    assert refused["detail"] == "The agent asked the model 3 times, all that one change may."
    assert refused["hint"]
    assert model.ask(ASK).status == 200, "another job has a budget of its own"
    assert 'refusals_total{reason="budget"} 3.0' in model.get("/metrics", admin=True)


def test_tokens_of_a_job_and_of_a_day(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> None:
    model = start_model(
        MODEL_BASE_URL=scripted_endpoint.base_url, MODEL_JOB_TOKENS="1000", MODEL_DAY_TOKENS="2500", MODEL_NAME="m"
    )
    scripted_endpoint.script(message("Hello.", input_tokens=500, output_tokens=100))
    first, second, third = new_id(), new_id(), new_id()
    assert [model.ask(ASK, model.ticket(first)).status for _ in range(3)] == [200, 200, 429]
    assert usage(model, first) == Usage(requests=2, input_tokens=1000, output_tokens=200)
    assert [model.ask(ASK, model.ticket(second)).status for _ in range(3)] == [200, 200, 429]
    assert [model.ask(ASK, model.ticket(third)).status for _ in range(2)] == [200, 429]
    assert model.ask(ASK, model.ticket(third)).problem["detail"] == "Today's budget for the model is used up."
    assert 'model_tokens_total{direction="in",model="m"} 2500.0' in model.get("/metrics", admin=True)


def test_tokens_are_not_free_without_a_count(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> None:
    """Attack 40: hanging up before the count comes, and endpoints that count nothing or nonsense."""
    model = start_model(MODEL_BASE_URL=scripted_endpoint.base_url, MODEL_IDLE_SECONDS="0.3")
    delta = {"type": "response.output_text.delta", "delta": "x" * 400}
    nonsense = {"type": "response.completed", "response": {"usage": {"input_tokens": -5, "output_tokens": "many"}}}
    missing = {"type": "response.completed", "response": {}}
    for answer in (silence(CREATED, delta), events(CREATED, delta, nonsense), events(CREATED, delta, missing)):
        job = new_id()
        scripted_endpoint.script(answer)
        model.ask(ASK, model.ticket(job))
        used = usage(model, job)
        assert used.input_tokens > 100
        assert used.output_tokens == 100


def test_failures_cost_a_request_but_no_tokens(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> None:
    model, job = start_model(MODEL_BASE_URL=scripted_endpoint.base_url), new_id()
    assert model.ask(ASK, model.ticket(job)).status == 502
    assert usage(model, job) == Usage(requests=1)


def test_four_requests_of_a_job_at_once(start_model: StartModel, scripted_endpoint: ScriptedEndpoint) -> None:
    """And together they can't make more requests than the budget has."""
    scripted_endpoint.script(silence(CREATED))
    model, job = start_model(MODEL_BASE_URL=scripted_endpoint.base_url, MODEL_IDLE_SECONDS="1"), new_id()

    async def ask_together() -> list[int]:
        async with model.client(model.ticket(job)) as client:
            answers = await asyncio.gather(*(client.post("/v1/responses", json=ASK) for _ in range(6)))
            return sorted(answer.status_code for answer in answers)

    assert asyncio.run(ask_together()) == [200] * 4 + [429] * 2
    assert usage(model, job).requests == 4
    assert 'refusals_total{reason="rate"} 2.0' in model.get("/metrics", admin=True)
    scripted_endpoint.script(message("Hello."))
    assert model.ask(ASK, model.ticket(job)).status == 200, "the places are free again"


def test_a_model_that_never_stops_is_stopped(
    start_model: StartModel, scripted_endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    """Attack 40: Codex has no limit of turns of its own."""
    scripted_endpoint.script(shell("true"))
    model, job = start_model(MODEL_BASE_URL=scripted_endpoint.base_url, MODEL_JOB_REQUESTS="5"), new_id()
    with model.on_tcp() as base_url:
        run = run_codex(tmp_path, "Loop for ever", base_url, model.ticket(job))
    assert run.code == 1
    assert len(scripted_endpoint.received) == 5
    assert "429" in json.dumps(run.events[-1])


def test_real_requests_arrive_as_codex_wrote_them(
    start_model: StartModel, scripted_endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    """What Codex says and its tools pass the gateway unchanged, over several turns with reasoning."""
    reasoning = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "abc"}
    call = {
        "type": "function_call",
        "id": "fc_1",
        "call_id": "c1",
        "name": "exec_command",
        "arguments": '{"cmd":"pwd"}',
    }
    patch = {"type": "custom_tool_call", "id": "ct_1", "call_id": "c2", "name": "apply_patch"}
    text = "*** Begin Patch\n*** Add File: a.html\n+x\n*** End Patch\n"
    scripted_endpoint.script(items(reasoning, call), items(patch | {"input": text}), message("Done."))
    model = start_model(MODEL_BASE_URL=scripted_endpoint.base_url)
    with model.on_tcp() as base_url:
        assert run_codex(tmp_path, "Hello", base_url, model.ticket()).answer == "Done."
    assert (tmp_path / "a.html").read_text() == "x\n"
    through = [request.json for request in scripted_endpoint.received]
    scripted_endpoint.received.clear()
    scripted_endpoint.script(items(reasoning, call), items(patch | {"input": text}), message("Done."))
    run_codex(tmp_path, "Hello", scripted_endpoint.base_url)
    direct = [request.json for request in scripted_endpoint.received]
    assert len(through) == len(direct) == 3
    for ours, theirs in zip(through, direct, strict=True):
        assert theirs.keys() - ours.keys() == {"client_metadata"}
        assert ours["tools"] == theirs["tools"]
        assert shape(ours["input"]) == shape(theirs["input"])


def shape(value: object) -> object:
    """The structure without what differs from run to run; null and missing are the same to the API."""
    if isinstance(value, dict):
        return {key: shape(part) for key, part in value.items() if part is not None}
    return [shape(part) for part in value] if isinstance(value, list) else type(value)


def test_a_new_day_has_a_new_budget(tmp_path: Path) -> None:
    days = [date(2026, 1, 1)]
    budgets = Budgets(tmp_path, BudgetLimits(10, 1000, 100), today=lambda: days[-1])
    budgets.count_request("a" * 28)
    budgets.count_tokens("a" * 28, 90, 10)
    with pytest.raises(TooMany, match="Today's budget"):
        budgets.count_request("b" * 28)
    days.append(date(2026, 1, 2))
    budgets.count_request("b" * 28)
    budgets.close()


def test_old_jobs_are_forgotten(tmp_path: Path) -> None:
    days = [date(2026, 1, 1)]
    limits = BudgetLimits(10, 1000, 100)
    budgets = Budgets(tmp_path, limits, today=lambda: days[-1])
    budgets.count_request("a" * 28)
    budgets.close()
    days.append(date(2027, 1, 1))
    budgets = Budgets(tmp_path, limits, today=lambda: days[-1])
    assert budgets.usage("a" * 28) == Usage()
    budgets.close()


def test_what_cannot_be_counted_is_refused(tmp_path: Path) -> None:
    (tmp_path / "usage.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(Unavailable, match="can't count") as refused:
        Budgets(tmp_path, BudgetLimits(1, 1, 1))
    opened = [path.readlink() for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    assert refused.value, "still there, with all that the failed one held"
    assert not [path for path in opened if path.is_relative_to(tmp_path)], "its file is closed"


def test_what_cannot_be_counted_is_not_a_number(tmp_path: Path) -> None:
    """An old count would lie to whoever watches."""
    budgets = Budgets(tmp_path, BudgetLimits(job_requests=1, job_tokens=10, day_tokens=10))
    asyncio.run(budgets.measure())
    assert REGISTRY.get_sample_value("pagewright_model_day_tokens") == 0
    budgets.close()
    asyncio.run(budgets.measure())
    assert math.isnan(REGISTRY.get_sample_value("pagewright_model_day_tokens") or 0)
