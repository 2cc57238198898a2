"""What the application itself answers: an address or method that it does not have, a request that its end cuts off."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.api.conftest import World, problem
from tests.api.tiny_worker import TinyWorker
from tests.support.api_process import PUBLIC_URL, ApiProcess
from tests.support.redis_server import RedisServer
from tests.support.round_trips import storage_requests
from tests.support.storage_process import StorageProcess
from tests.support.waiting import wait_until


def test_a_program_is_told_in_a_problem(world: World) -> None:
    told = problem(world.ana.get("nowhere"), 404)
    assert (told["detail"], told["title"]) == ("There is nothing at this address.", "Not Found")
    assert told["hint"] == "The addresses are listed at /api/v1/openapi.json."
    answer = world.ana.delete("sites")
    assert problem(answer, 405)["detail"] == "This address does not take this method."
    assert {"GET", "HEAD"} <= set(answer.headers["allow"].split(", "))


def test_a_person_is_told_on_a_page(world: World) -> None:
    for address, status in ((f"{PUBLIC_URL}/nowhere", 404), (f"{PUBLIC_URL}/api/v1", 404)):
        answer = world.api.client().get(address)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
        assert "There is nothing at this address." in answer.text


def test_who_is_cut_off_by_a_stop_is_told_so_in_their_own_shape(
    api: ApiProcess, redis_server: RedisServer, storage: StorageProcess
) -> None:
    """Publications that wait for a web host longer than a stop may take: recorded, so nobody is told to just repeat."""
    ana, worker = api.user("ana@example.org"), TinyWorker(redis_server.url, storage)
    browser = api.browser()
    assert browser.post("session", json={"sign_in_token": _token(api)}).status_code == 204
    site = {"name": "bakery", "title": "Bakery", "template": "small-business"}
    assert ana.post("sites", json=site).status_code == 201
    worker.work()
    page = f"{PUBLIC_URL}/sites/bakery/versions/1/publish"
    asks: list[Callable[[], httpx.Response]] = [
        lambda: ana.post("sites/bakery/deployments", json={"slot": "current", "version": 1}),
        lambda: browser.post(page, data={"expected": "0"}),
        lambda: api.client(cookies=browser.cookies).post(
            page, data={"accept_failed": "yes"}, headers={"HX-Request": "true", "Sec-Fetch-Site": "same-origin"}
        ),
    ]
    with ThreadPoolExecutor() as people:
        answers = [people.submit(ask) for ask in asks]
        wait_until(lambda: storage_requests(storage)["post_desired"] == len(asks), "all are recorded")
        api.stop()
        program, person, part = (answer.result() for answer in answers)
    told = problem(program, 503)
    assert told["detail"] == "PageWright was stopped before it could answer."
    assert told["hint"].startswith("Look first whether it has been done")
    for answer in (program, person, part):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert answer.headers["x-content-type-options"] == "nosniff"
    for answer in (person, part):
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert told["detail"] in answer.text
    assert ("<html" in person.text, "<html" in part.text) == (True, False)


def _token(api: ApiProcess) -> str:
    return api.sign_in_link("ana@example.org").rpartition("/")[2]
