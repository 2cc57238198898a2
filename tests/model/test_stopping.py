"""A daemon that is stopped ends its answers in order, counts them, and leaves no trace of alarm."""

import asyncio
import time
from collections.abc import Callable

from shared.domain.vocabulary import new_id
from tests.support.model_process import ModelProcess
from tests.support.scripted_endpoint import ScriptedEndpoint, never, silence


def test_answers_under_way_end_in_order(
    start_model: Callable[..., ModelProcess], scripted_endpoint: ScriptedEndpoint
) -> None:
    begun = silence({"type": "response.created", "response": {}})
    scripted_endpoint.script(begun, never())
    model, job = start_model(MODEL_BASE_URL=scripted_endpoint.base_url), new_id()

    async def ask_and_stop() -> tuple[str, str]:
        async with model.client(model.ticket(job)) as client:
            asks = []
            for number in (1, 2):
                asks.append(asyncio.create_task(client.post("/v1/responses", json={"input": "x" * 4000})))
                while scripted_endpoint.open_streams < number:
                    await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            started = time.monotonic()
            await asyncio.to_thread(model.stop)
            assert time.monotonic() - started < 4
            first, second = [await ask for ask in asks]
            assert (first.status_code, second.status_code) == (200, 503)
            return first.text, second.text

    first, second = asyncio.run(ask_and_stop())
    assert '"type":"response.failed"' in first
    assert "being restarted" in first
    assert "being restarted" in second
    assert "Traceback" not in model.log.read_text()
    model.start()
    assert '"requests":2,"input_tokens":2' in model.get(f"/v1/jobs/{job}/usage")
