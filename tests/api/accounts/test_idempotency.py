"""Idempotency-Key: what is sent twice happens once."""

import secrets
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.api.conftest import World, problem


def key() -> dict[str, str]:
    return {"Idempotency-Key": secrets.token_hex(8)}


def edits(world: World, name: str) -> list[str]:
    items = world.ana.get("jobs", params={"site": name}).json()["items"]
    return [job["message"] for job in items if job["kind"] == "edit"]


def test_the_same_request_gets_the_same_answer(world: World) -> None:
    name, headers = world.site(), key()
    first = world.ana.post(f"sites/{name}/jobs", json={"message": "a"}, headers=headers)
    again = world.ana.post(f"sites/{name}/jobs", content=b' {"message" : "a"}', headers=headers)
    assert (first.status_code, first.text) == (again.status_code, again.text)
    assert first.headers["location"] == again.headers["location"]
    assert edits(world, name) == ["a"]


def test_another_request_with_the_key_is_a_conflict(world: World) -> None:
    name, headers = world.site(), key()
    world.ana.post(f"sites/{name}/jobs", json={"message": "a"}, headers=headers)
    problem(world.ana.post(f"sites/{name}/jobs", json={"message": "b"}, headers=headers), 409)
    problem(world.ana.post("tokens", json={"name": "b"}, headers=headers), 409)


def test_keys_belong_to_their_user(world: World) -> None:
    headers = key()
    names = [secrets.token_hex(6) for _ in range(2)]
    for client, name in zip((world.ana, world.ben), names, strict=True):
        site = {"name": name, "title": "Mine", "template": "personal-page"}
        assert client.post("sites", json=site, headers=headers).json()["site"]["name"] == name


def test_ten_at_once_make_one_job(world: World) -> None:
    name, headers = world.site(), key()

    def submit(_: int) -> httpx.Response:
        return world.ana.post(f"sites/{name}/jobs", json={"message": "a"}, headers=headers)

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(submit, range(10)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert edits(world, name) == ["a"]


def test_a_site_is_created_once_and_the_repetition_is_told_so(world: World) -> None:
    headers = key()
    site = {"name": f"s{secrets.token_hex(6)}", "title": "Mine", "template": "personal-page"}
    first = world.ana.post("sites", json=site, headers=headers)
    again = world.ana.post("sites", json=site, headers=headers)
    assert (first.status_code, again.status_code, again.text) == (201, 201, first.text)
    assert again.headers["location"] == first.headers["location"]


def test_an_import_with_a_key_compares_the_bytes(world: World) -> None:
    headers = key()
    form = {"name": f"s{secrets.token_hex(6)}", "title": "Mine"}
    first = world.ana.post("sites", data=form, files={"archive": ("a.zip", b"PK bytes")}, headers=headers)
    again = world.ana.post("sites", data=form, files={"archive": ("a.zip", b"PK bytes")}, headers=headers)
    assert (first.status_code, again.text) == (201, first.text)
    other = world.ana.post("sites", data=form, files={"archive": ("a.zip", b"PK others")}, headers=headers)
    problem(other, 409)


def test_an_error_frees_the_key(world: World) -> None:
    name, headers = world.site(), key()
    problem(world.ana.post(f"sites/{name}/jobs", json={"message": "a", "base": 9}, headers=headers), 422)
    assert world.ana.post(f"sites/{name}/jobs", json={"message": "a"}, headers=headers).status_code == 202


def test_a_secret_is_not_shown_again(world: World) -> None:
    headers = key()
    assert world.ana.post("tokens", json={"name": "once"}, headers=headers).status_code == 201
    problem(world.ana.post("tokens", json={"name": "once"}, headers=headers), 409)
    assert [token["name"] for token in world.ana.get("tokens").json()["items"]].count("once") == 1


def test_a_key_that_is_none_is_refused(world: World) -> None:
    for bad in ("", "x" * 201, "a b"):
        problem(world.ana.post("tokens", json={"name": "x"}, headers={"Idempotency-Key": bad}), 422)
