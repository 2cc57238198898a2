"""How the whole system is, over HTTP."""

from tests.api.conftest import World, problem


def test_only_administrators_are_told(world: World) -> None:
    assert "administrators" in problem(world.ana.get("status"), 403)["detail"]
    problem(world.api.client().get("status"), 401)


def test_parts_that_are_down_are_told_and_are_no_error(world: World) -> None:
    """This system has no model daemon, and no web host that answers."""
    told = world.root.get("status")
    assert told.status_code == 200
    up = {part["name"]: part["up"] for part in told.json()["parts"]}
    assert up == {"api": True, "database": True, "queue": True, "storage": True, "model": False, "web host": False}
