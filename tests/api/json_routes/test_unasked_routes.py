"""A version that did more than was asked for: its asked part as a new version, or all of it in preview."""

from tests.api.conftest import World, problem

MORE = "more than asked"


def test_the_asked_part_is_a_job_of_the_worker(world: World) -> None:
    site = world.site(MORE)
    job = world.ana.post(f"sites/{site}/versions/2/keep-asked")
    assert (job.status_code, job.json()["kind"]) == (202, "restore")
    world.work(site)
    asked = world.worker.requests[-1]
    assert (asked.keep_asked, asked.base, asked.undo) == (2, 2, None)
    assert asked.message == "Keep only what was asked for of version 2."
    assert world.ben.post(f"sites/{site}/versions/2/keep-asked").status_code == 404
    assert world.ana.post(f"sites/{site}/versions/9/keep-asked").status_code == 422


def test_who_keeps_all_is_recorded_and_the_block_ends(world: World) -> None:
    """It is no block any more for visitors either, in the plan and for storage; other problems would be."""
    site = world.site(MORE)
    plan = f"sites/{site}/versions/2/publication"
    assert [one["check"] for one in world.ana.get(plan).json()["problems"]["new"]] == ["unasked"]
    refused = world.ana.post(f"sites/{site}/deployments", json={"slot": "current", "version": 2})
    assert problem(refused, 409)["detail"].startswith("Version 2 failed these checks: unasked.")
    for _ in range(2):  # an impatient finger
        world.ana.post(f"sites/{site}/versions/2/keep-all")
    assert world.ana.get(f"sites/{site}").json()["slots"]["preview"] == 2
    [shown] = [one for one in world.ana.get(f"sites/{site}/deployments").json()["items"] if one["slot"] == "preview"]
    assert (shown["version"], shown["by"]) == (2, "ana@example.org")
    kept = [one for one in world.root.get("audit", params={"site": site}).json()["items"] if "keep" in one["action"]]
    assert [(one["actor"], one["action"], one["details"]) for one in kept] == [
        ("ana@example.org", "version.keep-all", {"version": 2, "unasked": 1})
    ]
    assert world.ana.get(plan).json()["problems"]["new"] == []
    world.ana.post(f"sites/{site}/deployments", json={"slot": "current", "version": 2})
    assert world.ana.get(f"sites/{site}").json()["slots"]["current"] == 2
    checks = world.ana.get(f"sites/{site}/versions/2").json()["checks"]
    assert {one["status"] for one in checks if one["name"] == "unasked"} == {"failed"}, "the record stays"


def test_all_is_kept_of_the_newest_version_alone(world: World) -> None:
    site = world.site(MORE, "another")
    refused = world.ana.post(f"sites/{site}/versions/2/keep-all")
    assert problem(refused, 409)["detail"] == "Version 2 is not the newest any more, and version 3 has its change."
    assert world.ben.post(f"sites/{site}/versions/3/keep-all").status_code == 404
