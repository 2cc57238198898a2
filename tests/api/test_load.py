"""A crowd that asks for lists: each gets an answer or is told to come again, and nobody works for who has gone."""

import asyncio
import os
import re
import signal
import socket
from collections import Counter
from pathlib import Path

from tests.support.api_process import ApiProcess
from tests.support.counted_sites import add_site, signed_in
from tests.support.storage_process import StorageProcess
from tests.support.waiting import wait_until

CROWD = 450  # more than may wait for storage
DROPPED = re.compile(r'^pagewright_http_requests_total\{(?=.*"list_sites")(?=.*"499").*\} (\S+)$', re.MULTILINE)


def test_a_line_that_is_too_long_is_told_and_the_others_are_answered(
    redis_url: str, storage: StorageProcess, tmp_path: Path
) -> None:
    async def play() -> None:
        async with signed_in(redis_url, storage, tmp_path) as (api, ana):
            await add_site(api.services, storage, ana, "bakery")
            os.kill(storage.pid, signal.SIGSTOP)
            crowd = [asyncio.create_task(api.client.get(path)) for path in ["/sites", "/api/v1/sites"] * (CROWD // 2)]
            try:
                while not any(request.done() for request in crowd):
                    await asyncio.sleep(0.01)
            finally:
                os.kill(storage.pid, signal.SIGCONT)
            answers = await asyncio.gather(*crowd)
            assert set(Counter(answer.status_code for answer in answers)) == {200, 503}
            refused = [answer for answer in answers if answer.status_code == 503]
            assert {answer.headers["retry-after"] for answer in refused} == {"2"}
            assert (await api.client.get("/sites")).status_code == 200

    asyncio.run(play())


def test_nobody_works_for_clients_that_have_gone(api: ApiProcess, storage: StorageProcess) -> None:
    ana = api.user("ana@example.org")
    assert ana.post("sites", json={"name": "zoo", "title": "Zoo", "template": "personal-page"}).status_code == 201
    request = f"GET /api/v1/sites HTTP/1.1\r\nHost: app\r\nAuthorization: {ana.headers['Authorization']}\r\n\r\n"
    os.kill(storage.pid, signal.SIGSTOP)
    try:
        for _ in range(100):
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(api.address.removeprefix("unix:"))
                client.sendall(request.encode())
        wait_until(lambda: DROPPED.findall(api.admin("/metrics").text) == ["100.0"], "all are dropped")
    finally:
        os.kill(storage.pid, signal.SIGCONT)
    assert [site["name"] for site in ana.get("sites").json()["items"]] == ["zoo"]
