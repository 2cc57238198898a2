"""Publishing in a real browser, on a desk and on a phone: what changes is told, nothing is published unseen."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.api.office import Office, elsewhere
from tests.support.api_process import PUBLIC_URL

SCREENS = {"desk": (1440, 900), "phone": (390, 844)}
_MENU = {"menu.html": b"<!doctype html><title>Menu</title>", "soup.jpg": b"\xff\xd8\xff soup"}


@pytest.fixture(params=list(SCREENS))
def screen(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def site(shared_office: Office, screen: str, request: pytest.FixtureRequest) -> str:
    """A site that is public at version 1, has a menu since version 2, and a problem since version 3."""
    name = f"{request.node.name[5:20].strip('_').replace('_', '-')}-{screen}"
    shared_office.worker.files["add the menu"] = _MENU
    shared_office.ana.post("sites", json={"name": name, "title": "Bakery", "template": "small-business"})
    for message in ("add the menu", "bad checks"):
        shared_office.ana.post(f"sites/{name}/jobs", json={"message": message})
    shared_office.work()
    publish(shared_office, name, 1)
    return name


def publish(office: Office, site: str, version: int | None) -> None:
    """As somebody else does it."""
    answer = office.ana.post(f"sites/{site}/deployments", json={"slot": "current", "version": version})
    assert answer.status_code == 201, answer.text


def live(office: Office, site: str) -> int:
    return int(office.ana.get(f"sites/{site}").json()["slots"]["current"])


def at(page: Page, site: str, screen: str, tab: str) -> None:
    width, height = SCREENS[screen]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{PUBLIC_URL}/sites/{site}?tab={tab}")


def show(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Show this to visitors").click()


def version(page: Page, number: int) -> Locator:
    return page.locator("#versions .version").filter(has_text=f"Version {number}")


def test_what_is_new_is_told_and_can_be_undone(shared_office: Office, site: str, screen: str) -> None:
    def play(page: Page, office: Office) -> None:
        at(page, site, screen, "chat")
        page.locator("#publication .primary").click()
        dialog = page.locator("dialog[open]")
        expect(dialog.locator("[data-change=added]")).to_contain_text("Menu")
        expect(dialog.locator("[data-change=added]")).to_contain_text("1 picture")
        expect(dialog.locator(".warning")).to_contain_text("1 new problem")
        expect(dialog.get_by_role("button", name="Fix these")).to_be_visible()
        show(dialog)
        assert live(office, site) == 1, "nobody has accepted the new problem"
        dialog.get_by_label("Show it to visitors all the same").check()
        show(dialog)
        expect(page.locator(".published")).to_be_visible()
        assert live(office, site) == 3
        page.locator("#publication").get_by_role("button", name="Undo").click()
        expect(page.locator("#publication .calm")).to_contain_text("Visitors see 1")
        expect(page.locator("#publication .primary")).to_have_count(0)
        assert live(office, site) == 1

    shared_office.visit(play)


def test_an_older_version_is_shown_from_the_versions_tab_and_one_stays_there(
    shared_office: Office, site: str, screen: str
) -> None:
    def play(page: Page, office: Office) -> None:
        at(page, site, screen, "versions")
        version(page, 2).get_by_role("link", name="Show this to visitors").click()
        dialog = page.locator("dialog[open]")
        expect(dialog).to_contain_text("Version 3 is newer than this one.")
        expect(dialog.locator("input[type=checkbox]")).to_have_count(0)
        show(dialog)
        page.wait_for_url("**tab=versions*")
        expect(version(page, 2)).to_contain_text("Published")
        expect(page.locator("main[data-tab=versions]")).to_have_count(1)
        version(page, 1).get_by_role("link", name="Show this to visitors").click()
        expect(dialog.locator("[data-change=removed]")).to_contain_text("Menu")
        expect(dialog.locator("[data-change=added]")).to_have_count(0)
        elsewhere(lambda: publish_anyway(office, site, 3))
        show(dialog)
        expect(dialog.get_by_role("alert")).to_contain_text("published version 3")
        expect(dialog.get_by_role("link", name="See what visitors see now")).to_be_visible()
        assert live(office, site) == 3, "nothing was published over somebody else's work"

    shared_office.visit(play)


def test_a_site_is_taken_down_in_its_settings_and_shown_again(shared_office: Office, site: str, screen: str) -> None:
    """What happens elsewhere meanwhile the page tells by itself."""

    def play(page: Page, office: Office) -> None:
        at(page, site, screen, "chat")
        bar = page.locator("#publication")
        page.goto(f"{PUBLIC_URL}/sites/{site}/settings")
        page.get_by_role("button", name="Take the site down").click()
        expect(page.get_by_role("status").first).to_contain_text("Visitors see nothing now.")
        expect(bar).to_contain_text("Visitors see nothing.")
        assert "current" not in office.ana.get(f"sites/{site}").json()["slots"]
        elsewhere(lambda: publish(office, site, 2))
        expect(bar.locator(".live-link")).to_be_visible()
        elsewhere(lambda: publish(office, site, None))
        bar.get_by_role("button", name="Show version 2 again").click()
        expect(bar.locator(".live-link")).to_be_visible()
        assert live(office, site) == 2

    shared_office.visit(play)


def publish_anyway(office: Office, site: str, version: int) -> None:
    body = {"slot": "current", "version": version, "accept_failed_checks": True}
    assert office.ana.post(f"sites/{site}/deployments", json=body).status_code == 201


def test_a_change_is_undone_and_earlier_messages_come(shared_office: Office, site: str, screen: str) -> None:
    def play(page: Page, office: Office) -> None:
        at(page, site, screen, "chat")
        page.locator(".turn").last.get_by_role("button", name="Undo this change").click()
        expect(page.locator(".turn").last).to_contain_text("Undo the change of version 3.")
        office.work()
        expect(page.get_by_text("Done: Undo the change of version 3.", exact=True)).to_be_visible()
        page.goto("about:blank")  # who looks on while 42 requests end keeps a processor busy
        for _ in range(3):
            for _number in range(14):
                office.ana.post(f"sites/{site}/jobs", json={"message": "no change"})
            office.work()
        at(page, site, screen, "chat")
        first = page.locator("#thread .turn").first
        top = first.get_attribute("id")
        page.get_by_role("link", name="6 earlier messages").click()
        expect(page.locator("#earlier .turn")).to_have_count(6)
        expect(page.get_by_text("Create the site").first).to_be_attached()
        office.ana.post(f"sites/{site}/jobs", json={"message": "One more"})
        office.work()
        expect(page.get_by_text("Done: One more", exact=True)).to_be_visible()
        assert page.locator("#thread .turn").first.get_attribute("id") == top, "there is no gap"

    shared_office.visit(play)
