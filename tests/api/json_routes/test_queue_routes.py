"""Requests that wait, over HTTP: listed, edited, moved, withdrawn, and what is refused."""

from tests.api.conftest import World, problem


def _asked(world: World, site: str, *messages: str) -> list[str]:
    return [world.ana.post(f"sites/{site}/jobs", json={"message": message}).json()["id"] for message in messages]


def _waiting(world: World, site: str) -> list[str]:
    return [job["message"] for job in world.ana.get(f"sites/{site}/queue").json()["items"]]


def test_a_queue_is_edited_reordered_and_emptied(world: World) -> None:
    site = world.site()
    one, two, three = _asked(world, site, "one", "two", "three")
    assert _waiting(world, site) == ["one", "two", "three"]
    edited = world.ana.patch(f"jobs/{two}", json={"message": " zwei ", "edits": 0})
    assert edited.status_code == 200
    assert (edited.json()["message"], edited.json()["edits"]) == ("zwei", 1)
    assert "meanwhile" in problem(world.ana.patch(f"jobs/{two}", json={"message": "deux", "edits": 0}), 409)["detail"]
    problem(world.ana.patch(f"jobs/{two}", json={"message": " "}), 422)
    problem(world.ana.patch(f"jobs/{two}", json={}), 422)
    moved = world.ana.post(f"jobs/{three}/move", json={"before": one})
    assert [job["id"] for job in moved.json()["items"]] == [three, one, two]
    problem(world.ana.post(f"jobs/{three}/move", json={"before": "0" * 28}), 422)
    assert _waiting(world, site) == ["three", "one", "zwei"]
    chat = world.ana.get(f"sites/{site}/messages").json()["items"]
    assert {item["text"]: item["edited"] for item in chat[:3]} == {"three": False, "zwei": True, "one": False}
    answer = world.ana.post(f"sites/{site}/queue/cancel", json={"jobs": [one, three]}).json()
    assert ([job["id"] for job in answer["withdrawn"]], answer["begun"]) == ([three, one], [])
    world.worker.work()
    assert world.wait(two)["answer"] == "Done: zwei"
    assert "has ended" in problem(world.ana.patch(f"jobs/{two}", json={"message": "deux"}), 409)["detail"]
    told = world.root.get("audit", params={"site": site}).json()["items"]
    [edit] = [entry for entry in told if entry["action"] == "job.edit" and "before" in entry["details"]]
    assert (edit["actor"], edit["details"]) == ("ana@example.org", {"job": two, "before": "two", "after": "zwei"})
    [move] = [entry for entry in told if entry["action"] == "job.move"]
    assert (move["details"]["before"], move["details"]["after"]) == ([one, two, three], [three, one, two])


def test_a_repeated_request_of_the_old_text_makes_no_second_job(world: World) -> None:
    """The key stands for what was asked then, however it was edited since."""
    site, key = world.site(), {"Idempotency-Key": "asked-once"}
    first = world.ana.post(f"sites/{site}/jobs", json={"message": "one"}, headers=key).json()["id"]
    world.ana.patch(f"jobs/{first}", json={"message": "eins"})
    assert world.ana.post(f"sites/{site}/jobs", json={"message": "one"}, headers=key).json()["id"] == first
    assert _waiting(world, site) == ["eins"]
    assert world.ana.post(f"sites/{site}/queue/cancel", json={}).json()["withdrawn"][0]["id"] == first


def test_an_owner_says_what_a_request_concerns(world: World) -> None:
    [job] = _asked(world, world.site(), "one")
    assert "scope" not in world.ana.get(f"jobs/{job}").json()
    scope = {"source": "model", "everywhere": False, "pages": ["contact.html"], "parts": [], "kinds": ["text"]}
    said = world.ana.patch(f"jobs/{job}", json={"message": "one", "scope": scope}).json()
    assert said["scope"] == scope | {"source": "owner"} == world.ana.get(f"jobs/{job}").json()["scope"]
    problem(world.ana.patch(f"jobs/{job}", json={"message": "one", "scope": {"pages": ["x" * 301]}}), 422)
    assert "scope" not in world.ana.patch(f"jobs/{job}", json={"message": "two"}).json()
