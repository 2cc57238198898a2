"""Sites over HTTP: create, import, list, show; whose they are; what is refused."""

from tests.api.conftest import World, archive, problem


def test_create_answers_where_the_site_is_and_which_job_makes_it(world: World) -> None:
    answer = world.ana.post("sites", json={"name": "bakery", "title": " Bakery ", "template": "small-business"})
    assert answer.status_code == 201
    assert answer.headers["location"] == "/api/v1/sites/bakery"
    site, job = answer.json()["site"], answer.json()["job"]
    assert (site["name"], site["title"], site["template"]) == ("bakery", "Bakery", "small-business")
    assert (site["owner"], site["latest"], site["slots"]) == ("ana@example.org", None, {})
    assert site["urls"] == {"current": "http://bakery.sites.test", "preview": "http://preview--bakery.sites.test"}
    assert (job["site"], job["kind"], job["state"], job["version"]) == ("bakery", "create", "queued", None)
    world.worker.work()
    assert world.wait(job["id"])["version"] == 1
    assert world.ana.get("sites/bakery").json()["latest"] == 1


def test_a_taken_name_is_a_conflict_for_everybody(world: World) -> None:
    name = world.queued_site()
    for client in (world.ana, world.ben):
        answer = client.post("sites", json={"name": name, "title": "Mine", "template": "small-business"})
        assert name in problem(answer, 409)["detail"]


def test_a_site_whose_creation_failed_can_be_created_again_by_its_owner_only(world: World) -> None:
    name = world.queued_site()
    job = world.ana.get("jobs", params={"site": name}).json()["items"][0]["id"]
    world.ana.post(f"jobs/{job}/cancel")
    world.wait(job)
    again = {"name": name, "title": "Second try", "template": "small-business"}
    problem(world.ben.post("sites", json=again), 409)
    answer = world.ana.post("sites", json=again)
    assert (answer.status_code, answer.json()["site"]["title"]) == (201, "Second try")
    world.worker.work()
    assert world.wait(answer.json()["job"]["id"])["version"] == 1
    problem(world.ana.post("sites", json=again), 409)


def test_an_edit_of_a_site_without_any_version_says_what_to_do(world: World) -> None:
    name = world.queued_site()
    job = world.ana.get("jobs", params={"site": name}).json()["items"][0]["id"]
    world.ana.post(f"jobs/{job}/cancel")
    world.wait(job)
    problem(world.ana.post(f"sites/{name}/jobs", json={"message": "Make it blue."}), 409)


def test_an_unknown_template_names_those_that_there_are(world: World) -> None:
    answer = world.ana.post("sites", json={"name": "fine", "title": "Fine", "template": "space-ship"})
    assert "small-business" in problem(answer, 422)["hint"]


def test_an_archive_becomes_an_import(world: World) -> None:
    form = {"name": "imported", "title": "Imported"}
    answer = world.ana.post("sites", data=form, files={"archive": ("si\nte.tar.gz", archive())})
    assert answer.status_code == 201, answer.text
    assert answer.json()["job"]["kind"] == "import"
    assert answer.json()["site"]["template"] is None
    world.worker.work()
    assert world.wait(answer.json()["job"]["id"])["version"] == 1


def test_an_import_that_asks_is_answered_by_root(world: World) -> None:
    form, files = {"name": "two-languages", "title": "Languages"}, {"archive": ("two-languages.zip", archive())}
    asked = world.ana.post("sites", data=form, files=files)
    assert asked.status_code == 201, asked.text
    world.worker.work()
    assert world.wait(asked.json()["job"]["id"])["error"]["choices"] == ["de", "en", "."]
    answered = world.ana.post("sites", data=form | {"root": "de"}, files=files)
    assert answered.status_code == 201, answered.text
    world.worker.work()
    assert world.wait(answered.json()["job"]["id"])["version"] == 1
    assert "root" in problem(world.ana.post("sites", data=form | {"root": "x" * 513}, files=files), 422)["detail"]


def test_other_peoples_sites_do_not_exist_except_for_administrators(world: World) -> None:
    name = world.site()
    job = world.ana.get("jobs", params={"site": name}).json()["items"][0]["id"]
    for path in (
        f"sites/{name}",
        f"sites/{name}/versions",
        f"sites/{name}/versions/1",
        f"sites/{name}/versions/1/artifact",
        f"sites/{name}/versions/1/files",
        f"sites/{name}/versions/1/files/index.html",
        f"sites/{name}/versions/1/diff",
        f"sites/{name}/versions/1/screenshots/phone/index.html",
        f"sites/{name}/deployments",
        f"sites/{name}/messages",
        f"jobs?site={name}",
        f"jobs/{job}",
        f"jobs/{job}/events",
    ):
        problem(world.ben.get(path), 404)
        assert world.root.get(path).status_code == 200, path
    for path, body in (
        (f"sites/{name}/jobs", {"message": "Mine now."}),
        (f"sites/{name}/deployments", {"slot": "current", "version": 1}),
        (f"sites/{name}/versions/1/restore", None),
        (f"jobs/{job}/cancel", None),
    ):
        problem(world.ben.post(path, json=body), 404)
    assert name not in {site["name"] for site in world.ben.get("sites", params={"limit": 100}).json()["items"]}
