"""The HTML pages over HTTP, as a browser without JavaScript uses them, and the fragments that htmx asks for."""

import asyncio
import io
import re
import zipfile
from collections.abc import Iterator

import httpx
import pytest

from shared.domain.vocabulary import Slot
from tests.api.conftest import World
from tests.support.api_process import PUBLIC_URL

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
FRAGMENT = {"HX-Request": "true"}
HOSTILE = "<img src=x onerror=alert(1)>"


def browser(world: World) -> httpx.Client:
    """A client with cookies, whose forms come from our own pages."""
    transport = httpx.HTTPTransport(uds=world.api.address.removeprefix("unix:"))
    return httpx.Client(
        transport=transport, base_url=PUBLIC_URL, headers=SAME_SITE, timeout=30, trust_env=False, follow_redirects=True
    )


def sign_in_path(world: World, email: str) -> str:
    return world.api.sign_in_link(email).removeprefix(PUBLIC_URL)


@pytest.fixture
def visitor(world: World) -> Iterator[httpx.Client]:
    with browser(world) as client:
        yield client


@pytest.fixture(scope="module")
def session(world: World) -> dict[str, str]:
    """The cookie of a session of ana's that no test ends."""
    with browser(world) as client:
        assert client.post(sign_in_path(world, "ana@example.org")).status_code == 200
        return dict(client.cookies)


@pytest.fixture
def ana(world: World, session: dict[str, str]) -> Iterator[httpx.Client]:
    """Ana's browser, signed in."""
    with browser(world) as client:
        client.cookies.update(session)
        yield client


def test_opening_a_sign_in_link_does_not_use_it_up(world: World, visitor: httpx.Client) -> None:
    path = sign_in_path(world, "ana@example.org")
    for _ in range(2):
        assert "Continue to PageWright" in visitor.get(path).text
    assert visitor.post(path).url.path == "/sites"
    visitor.cookies.clear()
    again = visitor.post(path)
    assert again.status_code == 401
    assert "was used or is too old" in again.text
    assert "<h1>" in again.text


def test_who_is_not_signed_in_is_asked_and_then_brought_back(world: World, visitor: httpx.Client) -> None:
    site = world.site()
    asked = visitor.get(f"/sites/{site}")
    assert (asked.url.path, asked.url.params["next"]) == ("/sign-in", f"/sites/{site}")
    world.ana.put("me/password", json={"password": "correct horse"})
    wrong = visitor.post("/sign-in", data={"email": "ana@example.org", "password": "wrong horse", "next": ""})
    assert wrong.status_code == 401
    assert 'value="ana@example.org"' in wrong.text
    good = {"email": "ana@example.org", "password": "correct horse"}
    assert visitor.post("/sign-in", data={**good, "next": f"/sites/{site}"}).url.path == f"/sites/{site}"


@pytest.mark.parametrize("wanted", ["https://evil.test/", "//evil.test", "/\\evil.test", "/sites/..\\..\\evil"])
def test_signing_in_leads_to_no_other_website(world: World, visitor: httpx.Client, wanted: str) -> None:
    world.ben.put("me/password", json={"password": "correct horse"})
    good = {"email": "ben@example.org", "password": "correct horse", "next": wanted}
    assert visitor.post("/sign-in", data=good, follow_redirects=False).headers["location"] == "/sites"


@pytest.mark.parametrize(
    "wanted", ["/sites/x\r\nSet-Cookie: pagewright=evil", "/sites/\u2603", "/sites/x?notice=published"]
)
def test_where_to_go_after_signing_in_is_an_address_of_a_page_and_no_more(
    world: World, visitor: httpx.Client, wanted: str
) -> None:
    world.ana.put("me/password", json={"password": "correct horse"})
    good = {"email": "ana@example.org", "password": "correct horse", "next": wanted}
    answer = visitor.post("/sign-in", data=good, headers=FRAGMENT | {"X-Forwarded-For": "10.0.9.1"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/sites")
    assert len(answer.headers.get_list("set-cookie")) == 1


def test_a_password_is_set_on_the_account_page(world: World, visitor: httpx.Client) -> None:
    visitor.post(sign_in_path(world, "ben@example.org"))
    short = visitor.post("/account", data={"password": "short"})
    assert short.status_code == 422
    assert "10 to 1000 characters" in short.text
    assert "Your password is set." in visitor.post("/account", data={"password": "three good words"}).text
    visitor.cookies.clear()
    assert (
        visitor.post("/sign-in", data={"email": "ben@example.org", "password": "three good words"}).url.path == "/sites"
    )


def test_a_form_that_can_not_be_read_is_told(ana: httpx.Client) -> None:
    broken = ana.post("/sites", content=b"--x\r\nnonsense", headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert broken.status_code in (400, 422)
    assert "<h1>" in broken.text


def test_signing_out_ends_the_session(world: World, visitor: httpx.Client) -> None:
    assert visitor.post(sign_in_path(world, "ben@example.org")).url.path == "/sites"
    cookies = dict(visitor.cookies)
    assert visitor.post("/sign-out").url.path == "/sign-in"
    visitor.cookies.update(cookies)
    assert visitor.get("/sites").url.path == "/sign-in"


def test_another_website_can_make_nobody_act(world: World, ana: httpx.Client) -> None:
    site = world.site()
    for path in (f"/sites/{site}/messages", "/sites", f"/sites/{site}/versions/1/publish", "/sign-out"):
        answer = ana.post(path, data={"message": "Obey me"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
    assert "Obey me" not in ana.get(f"/sites/{site}").text


@pytest.mark.parametrize("path", ["/sign-in", "/sites", "/new-site", "/nowhere"])
def test_pages_run_nothing_that_is_not_ours(ana: httpx.Client, path: str) -> None:
    answer = ana.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-src http://*.sites.test" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "name", ["base.css", "app.css", "workspace.css", "status.css", "app.js", "favicon.svg", "htmx.min.js", "sse.js"]
)
def test_assets_are_served_and_asked_for_again_cheaply(visitor: httpx.Client, name: str) -> None:
    first = visitor.get(f"/static/{name}")
    assert first.status_code == 200
    assert len(first.content) > 100
    again = visitor.get(f"/static/{name}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/static/", "/static/../render.py", "/static/%2e%2e/render.py", "/static/package.json"]
)
def test_nothing_else_is_served(visitor: httpx.Client, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_an_unknown_address_is_a_page(visitor: httpx.Client) -> None:
    answer = visitor.get("/nothing/here")
    assert answer.status_code == 404
    assert "<h1>Not found</h1>" in answer.text


def test_the_list_shows_the_asker_their_sites_alone(world: World, ana: httpx.Client) -> None:
    mine = world.site()
    theirs = f"{mine}-ben"
    world.ben.post("sites", json={"name": theirs, "title": "Ben’s", "template": "personal-page"})
    world.worker.work()
    listed = ana.get("/sites").text
    assert f'href="/sites/{mine}"' in listed
    assert theirs not in listed
    for path in (f"/sites/{theirs}", f"/sites/{theirs}/versions/1/changes", f"/sites/{theirs}/versions/1/publish"):
        assert ana.get(path).status_code == 404
    assert ana.post(f"/sites/{theirs}/messages", data={"message": "Mine!"}).status_code == 404


def test_an_address_that_no_database_could_hold_is_refused(ana: httpx.Client) -> None:
    """PostgreSQL takes no NUL: it would be our mistake."""
    assert ana.get("/sites?after=%00").status_code == 422
    assert ana.get("/sites/new/jobs/a%00b", headers=FRAGMENT).status_code == 404


def test_a_site_is_made_from_a_template(world: World, ana: httpx.Client) -> None:
    form = {"title": f"{HOSTILE} & sons", "name": "new", "template": "small-business"}
    made = ana.post("/sites", files={"archive": ("", b"")}, data=form)
    assert made.url.path == "/sites/new"
    assert HOSTILE not in made.text
    assert "Your site appears here in a moment." in made.text
    assert '<meta http-equiv="refresh"' in made.text
    world.work("new")
    done = ana.get("/sites/new").text
    assert "Version 1" in done
    assert '<meta http-equiv="refresh"' not in done
    assert ana.get("/new-site").status_code == 200


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": "UPPER"}, "This address can’t be used."),
        ({"title": " "}, "The title is missing"),
        ({"template": "nothing"}, "There is no template"),
        ({"template": "import"}, "There is no archive."),
    ],
)
def test_what_is_wrong_with_the_form_is_said_on_the_form(ana: httpx.Client, fields: dict[str, str], says: str) -> None:
    good = {"title": "My title", "name": "form-test", "template": "personal-page"}
    answer = ana.post("/sites", data=good | fields)
    assert answer.status_code == 422
    assert says in answer.text
    assert f'value="{(good | fields)["name"]}"' in answer.text


def test_a_site_is_imported(ana: httpx.Client) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.html", "<title>Old</title>")
    form = {"title": "Imported", "name": "brought-along", "template": "import"}
    made = ana.post("/sites", data=form, files={"archive": ("my site.zip", archive.getvalue())})
    assert made.url.path == "/sites/brought-along"
    assert "my site.zip" in made.text


def test_a_message_is_kept_and_its_answer_shown(world: World, ana: httpx.Client) -> None:
    site = world.site()
    asked = ana.post(f"/sites/{site}/messages", data={"message": f"Greet {HOSTILE}\r\nand smile"})
    assert asked.url.path == f"/sites/{site}"
    assert "Greet &lt;img src=x" in asked.text
    assert HOSTILE not in asked.text
    world.work(site)
    shown = ana.get(f"/sites/{site}").text
    assert "Done: Greet" in shown
    assert f'href="/sites/{site}/versions/2/changes"' in shown
    assert f"/api/v1/sites/{site}/versions/2/screenshots/phone/index.html" in shown


def test_a_message_that_can_not_be_sent_comes_back(world: World, ana: httpx.Client) -> None:
    site = world.site()
    answer = ana.post(f"/sites/{site}/messages", data={"message": "x" * 20_001})
    assert answer.status_code == 422
    assert "x" * 20_001 in answer.text
    assert "longer than 20,000 characters" in answer.text
    noticed = ana.post(f"/sites/{site}/messages", data={"message": " "}, headers=FRAGMENT)
    assert noticed.status_code == 422
    assert noticed.text.lstrip().startswith('<div class="notice bad"')


def test_a_failed_request_says_why_and_can_be_tried_again(world: World, ana: httpx.Client) -> None:
    site = world.site("fail")
    failed = ana.get(f"/sites/{site}").text
    assert "It can&#39;t be done." in failed
    assert "Ask for less." in failed
    [retry] = re.findall(rf'action="(/sites/{site}/jobs/[0-9a-f]+/retry)"', failed)
    assert "Waiting" in ana.post(retry).text
    world.worker.work()


def test_an_import_that_asks_is_answered_without_a_second_upload(world: World, ana: httpx.Client) -> None:
    form = {"name": "languages", "title": "Languages", "template": "import"}
    ana.post("/sites", data=form, files={"archive": ("two-languages.zip", b"bytes")})
    [job] = world.ana.get("jobs", params={"site": "languages"}).json()["items"]
    world.worker.work()
    assert world.wait(job["id"])["error"]["choices"] == ["de", "en", "."]
    failed = ana.get("/sites/languages").text
    assert "Which folder is the site?" in failed
    assert re.findall(r'name="root" value="([^"]*)"', failed) == ["de", "en", "."]
    [retry] = set(re.findall(r'action="(/sites/languages/jobs/[0-9a-f]+/retry)"', failed))
    assert ana.post(retry, data={"root": "nowhere"}).status_code == 422
    assert "Waiting" in ana.post(retry, data={"root": "de"}).text
    world.worker.work()
    again = world.ana.get("jobs", params={"site": "languages"}).json()["items"][0]
    assert again["id"] != job["id"]
    assert (world.wait(again["id"])["version"], world.ana.get("sites/languages").json()["latest"]) == (1, 1)


def test_a_waiting_request_can_be_stopped(world: World, ana: httpx.Client) -> None:
    site = world.site()
    page = ana.post(f"/sites/{site}/messages", data={"message": "Never mind"}).text
    [stop] = re.findall(rf'action="(/sites/{site}/jobs/[0-9a-f]+/stop)"', page)
    assert "Stopped. Nothing was changed." in ana.post(stop).text


def test_fragments_are_parts_and_say_when_a_request_ended(world: World, ana: httpx.Client) -> None:
    site = world.site()
    sent = ana.post(f"/sites/{site}/messages", data={"message": "Hello", "have": "1"}, headers=FRAGMENT)
    assert "<html" not in sent.text
    assert 'id="thread"' in sent.text
    assert 'id="preview"' not in sent.text
    [job] = re.findall(rf'hx-get="(/sites/{site}/jobs/[0-9a-f]+)"', sent.text)
    assert "hx-trigger" not in ana.get(job, headers=FRAGMENT).headers
    world.worker.work()
    world.wait(job.rpartition("/")[2])
    assert ana.get(job, headers=FRAGMENT).headers["hx-trigger"] == "settled"
    live = ana.get(f"/sites/{site}/live", params={"have": "1", "page": "evil.html"}, headers=FRAGMENT).text
    assert 'id="preview"' in live
    assert '<option value="evil.html" selected>' in live
    pinned = ana.get(f"/sites/{site}/live", params={"shown": "1", "have": "1"}, headers=FRAGMENT).text
    assert 'id="preview"' not in pinned


def test_an_old_version_is_shown_as_old(world: World, ana: httpx.Client) -> None:
    site = world.site("second")
    old = ana.get(f"/sites/{site}", params={"version": 1}).text
    assert "Viewing version 1" in old
    assert "Start from version 1, without the changes of version 2" in old
    assert "No web server shows this version at present." in old
    assert ana.get(f"/sites/{site}", params={"version": 9}).status_code == 404
    assert ana.get(f"/sites/{site}", params={"version": "x"}).status_code == 404
    based = ana.post(f"/sites/{site}/messages", data={"message": "third", "base": "1"})
    assert based.status_code == 200
    world.worker.work()
    assert "second" not in world.ana.get(f"sites/{site}/versions/3/files/index.html").text


def test_the_same_is_asked_again_from_the_newest(world: World, ana: httpx.Client) -> None:
    site = world.site("second")
    assert "Start from version 1, without the changes of version 2" in ana.get(f"/sites/{site}?version=1").text
    ana.post(f"/sites/{site}/messages", data={"message": "third", "base": "1"})
    world.worker.work()
    [job] = world.ana.get("jobs", params={"site": site, "limit": 1}).json()["items"]
    assert job["base"] == 1
    for form, base in (({"newest": "yes"}, None), ({}, 1)):
        ana.post(f"/sites/{site}/jobs/{job['id']}/retry", data=form)
        [again] = world.ana.get("jobs", params={"site": site, "limit": 1}).json()["items"]
        assert (again["message"], again["base"]) == ("third", base)
    world.worker.work()


def test_an_old_version_can_be_brought_back(world: World, ana: httpx.Client) -> None:
    site = world.site("second")
    assert "Go back to version 1." in ana.post(f"/sites/{site}/versions/1/restore").text
    world.worker.work()


def test_changes_are_shown_line_by_line_as_text(world: World, ana: httpx.Client) -> None:
    site = world.site(HOSTILE)
    page = ana.get(f"/sites/{site}/versions/2/changes").text
    assert '<span class="line added">+&lt;img src=x' in page
    assert HOSTILE not in page
    assert "Not a text file." in page
    assert "<html" not in ana.get(f"/sites/{site}/versions/2/changes", headers=FRAGMENT).text


def test_publishing_asks_first_and_names_failed_checks(world: World, ana: httpx.Client) -> None:
    site = world.site("bad checks")
    asked = ana.get(f"/sites/{site}/versions/2/publish").text
    assert "Publish although “links” failed" in asked
    refused = ana.post(f"/sites/{site}/versions/2/publish")
    assert refused.status_code == 409
    assert "failed these checks: links" in refused.text
    in_dialog = ana.post(f"/sites/{site}/versions/2/publish", headers=FRAGMENT)
    assert in_dialog.status_code == 200
    assert "failed these checks: links" in in_dialog.text
    assert world.ana.get(f"sites/{site}/deployments").json()["items"] == []


def test_who_publishes_is_told_what_visitors_will_see_without_a_home_page(world: World, ana: httpx.Client) -> None:
    """Also though the check only warns; a click that did not see it is asked again."""
    site = world.site("no home page")
    asked = ana.get(f"/sites/{site}/versions/2/publish").text
    assert "Visitors will be told that there is no such page: this version has no home page." in asked
    assert "Publish all the same" in asked
    assert "1 check of this version warns" in asked
    again = ana.post(f"/sites/{site}/versions/2/publish", headers=FRAGMENT)
    assert (again.status_code, "or tick the box below" in again.text) == (200, True)
    assert world.ana.get(f"sites/{site}/deployments").json()["items"] == []
    assert "Visitors will" not in ana.get(f"/sites/{site}/versions/1/publish").text


def test_who_publishes_over_somebody_else_is_told_and_asked_again(world: World, ana: httpx.Client) -> None:
    site = world.site("second", "third")
    asked = ana.get(f"/sites/{site}/versions/2/publish", headers=FRAGMENT).text
    [seen] = re.findall(r'name="expected" value="(.*?)"', asked)

    async def publish() -> None:
        async with world.storage.client("api") as storage:
            await storage.deploy(site, Slot.CURRENT, 3, "ben@example.org", expected=0)

    asyncio.run(publish())
    told = ana.post(f"/sites/{site}/versions/2/publish", data={"expected": seen}, headers=FRAGMENT).text
    assert "ben@example.org published version 3 at " in told
    assert "Nothing was changed. Look at version 3;" in told
    assert "What visitors lose" in told
    assert 'name="expected" value="3"' in told, "who asks again has seen it"
    assert [item["version"] for item in world.ana.get(f"sites/{site}/deployments").json()["items"]] == [3]


def test_older_versions_come_in_pieces(world: World, ana: httpx.Client) -> None:
    site = world.site("two", "three")
    assert ana.get(f"/sites/{site}/versions").url.params["tab"] == "versions"
    piece = ana.get(f"/sites/{site}/versions", params={"before": 3}, headers=FRAGMENT).text
    assert re.findall(r"<strong>Version (\d)", piece) == ["2", "1"]


def test_a_session_that_ended_leads_to_sign_in(world: World, ana: httpx.Client) -> None:
    site = world.site()
    ana.cookies.clear()
    answer = ana.get(f"/sites/{site}/live", headers=FRAGMENT)
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/sign-in")
