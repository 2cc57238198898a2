"""Sites without an owner, over HTTP."""

import asyncio
import secrets

from tests.api.conftest import World, problem
from tests.support.manifests import fill_site


def test_an_administrator_gives_a_site_its_owner(world: World) -> None:
    name = f"orphan-{secrets.token_hex(4)}"

    async def orphan() -> None:
        async with world.storage.client() as worker:
            await fill_site(worker, 1, site=name)

    asyncio.run(orphan())
    owner = {"email": "Ben@example.org"}
    problem(world.ben.get("orphans"), 403)
    problem(world.ben.post(f"orphans/{name}/adopt", json=owner), 403)
    assert name in [item["name"] for item in world.root.get("orphans").json()["items"]]
    problem(world.root.post(f"orphans/{name}/adopt", json={"email": "nobody@example.org"}), 404)
    answer = world.root.post(f"orphans/{name}/adopt", json=owner)
    assert (answer.status_code, answer.headers["location"]) == (201, f"/api/v1/sites/{name}")
    assert (answer.json()["owner"], answer.json()["latest"]) == ("ben@example.org", 1)
    assert world.ben.get(f"sites/{name}").status_code == 200
    problem(world.root.post(f"orphans/{name}/adopt", json=owner), 409)
