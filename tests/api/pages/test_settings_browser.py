"""A site's settings in a real browser: on a desk by keyboard alone, on a phone without JavaScript."""

import zipfile

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.office import Office
from tests.support.api_process import PUBLIC_URL
from tests.support.browser import axe_findings


@pytest.fixture(params=["desk", "phone"])
def screen(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def opened(page: Page, screen: str) -> Page:
    """A page of the same person's: as large as the screen, on a phone without JavaScript."""
    page.set_viewport_size({"width": 1440, "height": 900})
    if screen == "desk":
        return page
    browser = page.context.browser
    assert isinstance(browser, Browser)
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        java_script_enabled=False,
        storage_state=page.context.storage_state(),
        has_touch=True,
    )
    return context.new_page()


def press(page: Page, role: str, name: str, screen: str) -> None:
    """Use a link or button as one does on this screen: with Enter, or with a finger."""
    control = page.get_by_role(role, name=name).locator("visible=true")  # type: ignore[arg-type]
    if screen == "desk":
        control.focus()
        page.keyboard.press("Enter")
    else:
        control.tap()


def test_a_site_is_renamed_saved_deleted_and_brought_back(shared_office: Office, screen: str) -> None:
    name = f"kept-{screen}"
    shared_office.ana.post("sites", json={"name": name, "title": "The bakery", "template": "small-business"})
    shared_office.work()
    shared_office.ana.post(f"sites/{name}/deployments", json={"slot": "current", "version": 1})

    def play(page: Page, office: Office) -> None:
        page = opened(page, screen)
        page.goto(f"{PUBLIC_URL}/sites/{name}")
        press(page, "link", "Settings", screen)
        expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()

        page.get_by_label("What is it called?").fill("Mira’s Bakery")
        press(page, "button", "Save the title", screen)
        expect(page.get_by_text("The title is changed.")).to_be_visible()
        assert office.ana.get(f"sites/{name}").json()["title"] == "Mira’s Bakery"

        with page.expect_download() as saving:
            press(page, "button", "Download this version", screen)
        assert saving.value.suggested_filename == f"{name}-v1.zip"
        with zipfile.ZipFile(saving.value.path()) as saved:
            assert saved.testzip() is None and "index.html" in saved.namelist()

        page.get_by_label("To delete it, type its address").fill("another")
        press(page, "button", "Delete this site", screen)
        expect(page.locator("#delete-error")).to_contain_text(f"Type {name}.")
        expect(page.get_by_label("To delete it, type its address")).to_have_attribute("aria-invalid", "true")
        if screen == "desk":
            expect(page.get_by_label("To delete it, type its address")).to_be_focused()
        assert office.ana.get(f"sites/{name}").status_code == office.web.get(name).status == 200

        page.get_by_label("To delete it, type its address").fill(name)
        press(page, "button", "Delete this site", screen)
        expect(page.get_by_text("The site is deleted. For 30 days")).to_be_visible()
        assert page.locator(f'a[href="/sites/{name}"]').count() == 0
        assert (office.ana.get(f"sites/{name}").status_code, office.web.get(name).status) == (410, 404)
        summary = page.locator("details.deleted-sites summary")
        summary.focus()
        page.keyboard.press("Enter")
        press(page, "button", "Bring Mira’s Bakery back", screen)
        expect(page.get_by_text("The site is back.")).to_be_visible()
        found = office.ana.get(f"sites/{name}").json()
        assert (found["latest"], office.web.get(name).status) == (1, 404), "visitors get it once it is shown to them"

    shared_office.visit(play)


def test_a_site_gets_another_address_and_the_old_one_leads_there(shared_office: Office, screen: str) -> None:
    name, new = f"before-{screen}", f"after-{screen}"
    shared_office.ana.post("sites", json={"name": name, "title": "The bakery", "template": "small-business"})
    shared_office.work()
    shared_office.ana.post(f"sites/{name}/deployments", json={"slot": "current", "version": 1})

    def play(page: Page, office: Office) -> None:
        plain = opened(page, screen)
        plain.goto(f"{PUBLIC_URL}/sites/{name}/settings")
        address = plain.get_by_label("New address")
        address.fill("bakery")
        press(plain, "button", "Change the address", screen)
        expect(plain.locator("#new-address-error")).to_contain_text("The address bakery is taken.")
        expect(address).to_have_attribute("aria-invalid", "true")
        assert office.web.get(name).status == 200

        address.fill(new)
        plain.get_by_label("How long shall the old address lead to the new one?").select_option("For 30 days")
        press(plain, "button", "Change the address", screen)
        expect(plain.get_by_text("The site has its new address, and the old one leads there.")).to_be_visible()
        expect(plain.locator("#address")).to_contain_text(f"{name}.sites.test leads there until")
        led = office.web.get(name, "/about.html?a=b")
        assert (led.status, led.headers["location"]) == (301, f"http://{new}.sites.test/about.html?a=b")
        assert office.web.get(new).status == 200
        page.goto(f"http://{name}.sites.test/")
        expect(page).to_have_url(f"http://{new}.sites.test/")

        page.set_viewport_size({"width": 1440, "height": 900} if screen == "desk" else {"width": 390, "height": 844})
        page.goto(f"{PUBLIC_URL}/sites/{name}/settings")
        assert axe_findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    shared_office.visit(play)
