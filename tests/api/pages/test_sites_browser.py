"""The list of sites and the form for a new one in a real browser: on a desk, and on a phone without JavaScript."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.office import Office
from tests.support.api_process import PUBLIC_URL
from tests.support.browser import axe_findings
from tests.support.waiting import wait_until

SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(params=SIZES)
def screen(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def opened(page: Page, screen: str, *, with_script: bool) -> Page:
    """A page of the same person's on this screen; the policy lets no test's script in, so it is left out."""
    browser = page.context.browser
    assert isinstance(browser, Browser)
    return browser.new_context(
        viewport=SIZES[screen],  # type: ignore[arg-type]
        java_script_enabled=with_script,
        storage_state=page.context.storage_state(),
        bypass_csp=True,
    ).new_page()


def check_accessible(page: Page) -> None:
    """axe-core finds nothing, and nothing is wider than the screen."""
    assert axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_sites_are_found_and_put_into_groups(shared_office: Office, screen: str) -> None:
    titles = (f"Bäckerei {screen}", f"Анна {screen}", f"Ben’s {screen}")
    for title in titles:
        made = shared_office.ana.post("sites", json={"title": title, "template": "small-business"})
    shared_office.work()
    shared_office.ana.post(f"sites/{made.json()['site']['name']}/jobs", json={"message": "help"}).raise_for_status()
    shared_office.work()  # several ends may be recorded in another order, this one is the last

    def play(page: Page, office: Office) -> None:
        page = opened(page, screen, with_script=screen == "desk")
        page.goto(f"{PUBLIC_URL}/sites?q={screen}")
        cards = page.locator(".site-card")
        expect(cards.first).to_contain_text(titles[2])
        page.get_by_role("link", name="Arrange in groups").click()
        for title in titles[:2]:
            page.get_by_label(title).check()
        page.get_by_label("Group", exact=True).last.fill(f"Clients {screen}")
        page.get_by_role("button", name="Put into this group").click()
        expect(page.get_by_role("heading", name=f"Clients {screen}")).to_be_visible()
        page.get_by_label("Search").fill(f"backerei {screen}")
        page.get_by_role("button", name="Search").click()
        expect(cards).to_have_count(1)
        expect(cards).to_contain_text("Not published")
        page.get_by_role("link", name="Show all").click()
        page.get_by_label("Waiting for you").check()
        page.get_by_label("Group", exact=True).select_option(f"Clients {screen}")
        if screen == "phone":
            page.get_by_role("button", name="Search").click()
        page.wait_for_url(re.compile("group=Clients.*waiting=yes"))
        expect(cards).to_have_count(2)

    shared_office.visit(play)


def test_a_new_site_says_at_the_field_what_is_wrong_and_offers_another_address(
    shared_office: Office, screen: str
) -> None:
    taken = f"mueller-{screen}"
    shared_office.ana.post("sites", json={"name": taken, "title": "Mine", "template": "small-business"})

    def play(page: Page, office: Office) -> None:
        page = opened(page, screen, with_script=screen == "desk")
        page.goto(f"{PUBLIC_URL}/new-site")
        title, address = page.get_by_label("What is it called?"), page.get_by_label("Address")
        page.get_by_label("Personal page").check()
        title.fill(f"Müller {screen}")
        if screen == "desk":
            expect(address).to_have_value(taken)
        title.press("Enter")
        error = page.locator("#site-name-error")
        expect(error).to_contain_text("is taken")
        expect(address).to_have_attribute("aria-invalid", "true")
        expect(address).to_have_attribute("aria-describedby", re.compile("site-name-error"))
        expect(address).to_have_value(taken)
        expect(title).to_have_value(f"Müller {screen}")
        expect(page.get_by_label("Personal page")).to_be_checked()
        if screen == "desk":
            expect(address).to_be_focused()
        page.get_by_role("button", name=f"Use {taken}-2").click()
        page.wait_for_url(f"**/sites/{taken}-2")
        made = office.ana.get(f"sites/{taken}-2").json()
        assert (made["title"], made["template"]) == (f"Müller {screen}", "personal-page")

    shared_office.visit(play)


def test_who_sends_before_the_address_has_followed_gets_that_of_the_whole_title(shared_office: Office) -> None:
    def play(page: Page, office: Office) -> None:
        page = opened(page, "desk", with_script=True)
        page.goto(f"{PUBLIC_URL}/new-site")
        title, address = page.get_by_label("What is it called?"), page.get_by_label("Address")
        title.press_sequentially("The whole")
        expect(address).to_have_value("the-whole")
        page.route("**/new-site/address*", lambda route: None)  # an answer that does not come
        title.press_sequentially(" title")
        title.press("Enter")
        page.wait_for_url("**/sites/the-whole-title")

    shared_office.visit(play)


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(shared_office: Office) -> None:
    def play(page: Page, office: Office) -> None:
        page = opened(page, "desk", with_script=True)
        page.goto(f"{PUBLIC_URL}/new-site")
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.method))
        page.get_by_label("What is it called?").fill("Large")
        page.locator(".choice.import").click()
        large = {"name": "large.zip", "mimeType": "application/zip", "buffer": b"PK" * (1 << 19) + b"PK"}
        page.get_by_label("The file").set_input_files(large)  # type: ignore[arg-type]
        said = "input => input.validationMessage"
        assert page.locator("#site-archive").evaluate(said) == "It is larger than 1 MB. Make it smaller."
        page.get_by_role("button", name="Create site").last.click()
        expect(page.get_by_label("What is it called?")).to_have_value("Large")
        assert "POST" not in sent
        page.locator(".choice:not(.import)").first.click()
        assert page.locator("#site-archive").evaluate(said) == ""
        page.get_by_role("button", name="Create site").last.click()
        page.wait_for_url("**/sites/large")

    shared_office.visit(play)


def test_lists_and_forms_are_accessible(shared_office: Office, screen: str) -> None:
    shared_office.ana.post("sites", json={"name": f"axe-{screen}", "title": "Axe", "template": "small-business"})
    shared_office.work()

    def play(page: Page, office: Office) -> None:
        page = opened(page, screen, with_script=True)
        for path in ("/sites", "/sites?arrange=yes", "/sites?q=nothing-is-so-called", "/new-site"):
            page.goto(f"{PUBLIC_URL}{path}")
            check_accessible(page)
        page.get_by_label("What is it called?").fill("Axe")
        page.get_by_label("Address").fill(f"axe-{screen}")
        page.get_by_role("button", name="Create site").click()
        expect(page.locator("#site-name-error")).to_be_visible()
        check_accessible(page)
        imported = {"name": f"unmade-{screen}", "title": "Unmade"}
        office.ana.post("sites", data=imported, files={"archive": ("two-languages.zip", b"PK")})
        office.work()
        wait_until(
            lambda: page.goto(f"{PUBLIC_URL}/sites/unmade-{screen}") and page.locator(".unmade").count(),
            "it has failed",
        )
        check_accessible(page)
        page.get_by_role("button", name="Remove this site").click()
        expect(page.get_by_role("heading", name="Sites", exact=True)).to_be_visible()
        assert office.ana.get(f"sites/unmade-{screen}").status_code == 404

    shared_office.visit(play)
