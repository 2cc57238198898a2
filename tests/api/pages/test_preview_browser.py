"""The preview in a real browser: it follows the work and whoever browses in it, and believes no page."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.api.office import Office, elsewhere, framed
from tests.support.api_process import PUBLIC_URL
from tests.support.waiting import wait_until

_NEWEST = "About all of us"
_TALL = "<div style='height: 3000px'></div>"


def page_of(title: str, body: str = "") -> bytes:
    return f"<!doctype html><title>{title}</title><link rel=stylesheet href=/style.css><h1>{title}</h1>{body}".encode()


_LINKS = """<a href=/about>About</a> <a href=http://elsewhere.test/>Elsewhere</a>
<a href=/contact target=_top>Contact</a> <a href=/menu.txt>Menu</a><form action=http://elsewhere.test/><button>Search</button></form>"""
_START = {
    "index.html": page_of("Mira’s Bakery", _LINKS),
    "about.html": page_of("About us", _TALL),
    "contact.html": page_of("Find us", _TALL),
    "style.css": b"h1 { color: black }",
    "menu.txt": b"Soup",
}


@pytest.fixture
def site(shared_office: Office, request: pytest.FixtureRequest) -> str:
    """A site of several pages, at version 2."""
    name = request.node.name.replace("_", "-")[5:40].strip("-")
    shared_office.ana.post("sites", json={"name": name, "title": "Bakery", "template": "small-business"})
    shared_office.worker.files["start"] = _START
    change(shared_office, name, "start", _START)
    shared_office.deployer.wait_for_release(name, 2)
    return name


def change(office: Office, site: str, message: str, files: dict[str, bytes]) -> None:
    """A change that somebody else asked for."""
    office.worker.files[message] = files
    elsewhere(lambda: office.ana.post(f"sites/{site}/jobs", json={"message": message}))
    office.work()


def ask(page: Page, office: Office, message: str, files: dict[str, bytes]) -> None:
    office.worker.files[message] = files
    page.get_by_label("What should be changed?").fill(message)
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".working")).to_be_visible()
    office.work()
    expect(page.get_by_text(f"Done: {message}", exact=True)).to_be_visible()


@contextmanager
def late_answer(page: Page) -> Iterator[None]:
    """What the page asks for now arrives only afterwards."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/live?*", hold, times=1)
    page.evaluate("htmx.trigger(document.body, 'settled')")
    wait_until(lambda: page.wait_for_timeout(20) or bool(held), "the page has asked")
    yield
    with page.expect_request_finished(lambda request: request == held[0].request):
        held[0].continue_()


def open_newest(page: Page, site: str) -> tuple[Locator, Locator]:
    """The versions beside the newest page About: its heading, and what a change is to start from."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{PUBLIC_URL}/sites/{site}?page=about.html&tab=versions")
    heading = framed(page).locator("h1")
    expect(heading).to_have_text(_NEWEST)
    return heading, page.locator("#base-choice")


def test_it_follows_the_work_and_whoever_browses(shared_office: Office, site: str) -> None:
    """A change leads to its page; one that shows everywhere leaves page and scroll position; so does a reload."""

    def play(page: Page, office: Office) -> None:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{PUBLIC_URL}/sites/{site}")
        heading = framed(page).locator("h1")
        expect(heading).to_have_text("Mira’s Bakery")
        framed(page).get_by_role("link", name="About").click()
        expect(heading).to_have_text("About us")
        expect(page.locator("#page-choice")).to_have_value("about.html")
        expect(page.locator("#page-choice option:checked")).to_have_text("About us")
        page.wait_for_url("**?page=about.html")
        page.reload()
        expect(heading).to_have_text("About us")
        framed(page).locator("html").evaluate("html => { scrollTo(0, 700) }")
        page.wait_for_timeout(1000)  # it is told a few times a second
        ask(page, office, "sheet", {"style.css": b"h1 { color: rgb(1, 2, 3) }"})
        expect(heading).to_have_css("color", "rgb(1, 2, 3)")
        expect(heading).to_have_text("About us")
        assert heading.evaluate("() => Math.round(scrollY)") == 700
        ask(page, office, "contact", {"contact.html": page_of("Find us in town")})
        expect(heading).to_have_text("Find us in town")
        expect(page.locator("#page-choice")).to_have_value("contact.html")
        page.wait_for_url("**?page=contact.html")
        page.locator("#page-choice").select_option("index.html")
        expect(heading).to_have_text("Mira’s Bakery")
        page.wait_for_url(f"**/sites/{site}")

    shared_office.visit(play)


def test_what_leads_out_of_the_site_opens_in_a_new_tab(shared_office: Office, site: str) -> None:
    """Links to elsewhere, and files; a link out of the frame stays in it; where nothing can be shown, that is said."""

    def play(page: Page, office: Office) -> None:
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"{PUBLIC_URL}/sites/{site}?tab=preview")
        shown = framed(page)
        expect(page.locator("#page-choice option:checked")).to_have_text("Mira’s Bakery")  # it is watched by now
        for link, address in (("Elsewhere", "http://elsewhere.test/"), ("Menu", "/menu.txt")):
            with page.context.expect_page() as opened:
                shown.get_by_role("link", name=link).click()
            assert opened.value.url.endswith(address) or "chrome-error" in opened.value.url
            opened.value.close()
        with page.context.expect_page() as opened:
            shown.get_by_role("button", name="Search").click()
        opened.value.close()
        shown.get_by_role("link", name="Contact").click()
        expect(shown.locator("h1")).to_have_text("Find us")
        expect(page.locator("#page-choice")).to_have_value("contact.html")
        shown.locator("h1").evaluate("() => { location = 'http://elsewhere.test/' }")
        expect(page.locator("#outside")).to_be_visible()
        page.get_by_role("button", name="Back to the page").click()
        expect(shown.locator("h1")).to_have_text("Find us")
        expect(page.locator("#outside")).to_be_hidden()

    shared_office.visit(play, refused="frame-src")


def test_what_others_do_shows_by_itself(shared_office: Office, site: str) -> None:
    """A request and a publication that came by the API, as from another tab or the command line; the frame stays."""

    def play(page: Page, office: Office) -> None:
        page.goto(f"{PUBLIC_URL}/sites/{site}")
        expect(framed(page).locator("h1")).to_have_text("Mira’s Bakery")
        page.locator("#frames iframe").evaluate("frame => { frame.name = 'first' }")
        elsewhere(lambda: office.ana.post(f"sites/{site}/jobs", json={"message": "By the command line"}))
        expect(page.locator(".working")).to_be_visible()
        held = office.hold()
        held.tell("Reading index.html")
        expect(page.get_by_text("Reading index.html")).to_be_visible()
        held.cancel()
        expect(page.get_by_text("Stopped. Nothing was changed.")).to_be_visible()
        elsewhere(lambda: office.ana.post(f"sites/{site}/deployments", json={"slot": "current", "version": 2}))
        expect(page.locator(".live-link")).to_contain_text("version 2")
        assert page.locator("#frames iframe").evaluate_all("frames => frames.map(frame => frame.name)") == ["first"]
        elsewhere(lambda: change(office, site, "more", {"contact.html": page_of("Find us in town")}))
        expect(framed(page).locator("h1")).to_have_text("Find us in town")

    shared_office.visit(play)


def test_a_change_continues_from_the_version_in_view(shared_office: Office, site: str) -> None:
    """The composer says so; what comes of it is shown; the way back to the newest keeps page and draft."""
    change(shared_office, site, "third", {"about.html": page_of(_NEWEST)})
    shared_office.deployer.wait_for_release(site, 3)

    def play(page: Page, office: Office) -> None:
        heading, base = open_newest(page, site)
        page.get_by_role("link", name="View version 2").click()
        expect(heading).to_have_text("About us")
        page.wait_for_url("**version=2**")
        page.locator(".tab[data-tab=chat]").click()
        expect(base).to_contain_text("Continue from version 2, without the changes of version 3")
        box = page.get_by_label("What should be changed?")
        box.fill("A draft")
        base.get_by_role("link", name="Back to the newest").click()
        expect(heading).to_have_text("About all of us")
        expect(base).to_be_hidden()
        expect(box).to_have_value("A draft")
        page.go_back()
        expect(heading).to_have_text("About us")
        ask(page, office, "fourth", {"contact.html": page_of("Find us by bus")})
        expect(heading).to_have_text("Find us by bus")
        expect(base).to_be_hidden()
        page.locator("#page-choice").select_option("about.html")
        expect(heading).to_have_text("About us"), "made from version 2"
        assert office.worker.requests[-1].base == 2

    shared_office.visit(play)


def test_on_a_phone_a_change_that_is_ready_leads_to_its_page(shared_office: Office, site: str) -> None:
    def play(page: Page, office: Office) -> None:
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"{PUBLIC_URL}/sites/{site}")
        expect(page.locator("#preview-news")).to_be_hidden()
        ask(page, office, "contact", {"contact.html": page_of("Find us in town")})
        expect(page.locator("#preview-news")).to_be_visible()
        expect(framed(page).locator("h1")).not_to_be_visible()
        page.get_by_role("link", name="See it").last.click()
        expect(framed(page).locator("h1")).to_have_text("Find us in town")
        expect(framed(page).locator("h1")).to_be_visible()
        expect(page.locator("#preview-news")).to_be_hidden()

    shared_office.visit(play)


def test_any_version_can_be_browsed_whole(shared_office: Office, site: str) -> None:
    """One that the web server has removed long ago is made again while somebody looks at it."""
    for number in range(6):
        change(shared_office, site, f"more-{number}", {"contact.html": page_of(f"Find us {number}")})
    shared_office.deployer.wait_for_release(site, 8)
    assert shared_office.web.get(f"v2--{site}").status == 404

    def play(page: Page, office: Office) -> None:
        page.goto(f"{PUBLIC_URL}/sites/{site}?version=2")
        expect(framed(page).locator("h1")).to_have_text("Mira’s Bakery")
        framed(page).get_by_role("link", name="About").click()
        expect(framed(page).locator("h1")).to_have_text("About us")
        expect(page.locator(".pill")).to_contain_text("Viewing version 2")

    shared_office.visit(play)


_LIES = """() => {
  const say = (message) => parent.postMessage(message, "*");
  const [title, y] = ["<img src=x onerror=alert(1)>", "NaN"];
  ["/secret.html", "javascript:alert(1)", "//elsewhere.test/contact.html", "/%zz", "/../contact.html\\0"].forEach(
    (at) => say({ at, title, y }));
  [null, 1, "x", {}, { at: {} }, { at: ["/contact.html"] }, { go: "/contact" }, { outside: "x" }].forEach(say);
}"""
_FLOOD = """() => { for (let i = 0; i < 20000; i++) {
  parent.postMessage({ at: i % 2 ? "/about.html" : "/contact.html", title: "<b>x</b>" + "x".repeat(999), y: i }, "*");
} }"""


def test_a_hostile_page_gets_nothing(shared_office: Office, site: str) -> None:
    """It has the origin of our page around it; whatever it does in its name, it can say no more than where it is."""

    def play(page: Page, office: Office) -> None:
        page.goto(f"{PUBLIC_URL}/sites/{site}?page=about.html")
        heading, chosen = framed(page).locator("h1"), page.locator("#page-choice")
        ours = page.frame_locator("#preview iframe").locator("body")
        expect(heading).to_have_text("About us")
        expect(chosen).to_have_value("about.html")
        before = page.url
        # It is not heard itself, and neither is another site in the name of this one.
        heading.evaluate("() => { top.postMessage({ at: '/contact.html', title: 'x', y: 1 }, '*') }")
        page.evaluate("address => { document.body.append(Object.assign(document.createElement('iframe'),"
                      " { id: 'other', src: address })) }", f"http://v1--{site}.sites.test/")  # fmt: skip
        other = page.frame_locator("#other").locator("body")
        other.evaluate("() => { parent.postMessage({ at: '/contact.html', title: 'x', y: 1 }, '*') }")
        # It can neither put a script into our page nor lead us elsewhere.
        heading.evaluate("""() => {
          const script = parent.document.createElement("script");
          script.src = "/evil.js";
          parent.document.head.append(script);
          for (const window of [top, parent]) try { window.location = "http://elsewhere.test/" } catch { /* refused */ }
        }""")
        # If it could, it would still not be believed.
        ours.evaluate(_LIES)
        page.wait_for_timeout(1500)
        assert (page.url, chosen.input_value(), ours.evaluate("() => typeof taken")) == (
            before,
            "about.html",
            "undefined",
        )
        page.evaluate("""() => { const real = history.replaceState.bind(history); window.count = 0;
          history.replaceState = (...all) => { window.count++; real(...all); } }""")
        ours.evaluate(_FLOOD)
        page.wait_for_timeout(1500)
        expect(chosen).to_have_value("about.html")
        # The page may say what it is called, as its title does: as a text that is not too long.
        told = page.locator("#page-choice option:checked").inner_text()
        assert told in ("About us", "<b>x</b>" + "x" * 72) and page.locator("#page-choice b").count() == 0
        assert page.evaluate("() => window.count") <= 10
        page.get_by_label("What should be changed?").fill("Still here")

    change(shared_office, site, "evil", {"evil.js": b"window.taken = true"})
    shared_office.visit(play, refused="script-src")


def test_an_answer_that_was_overtaken_takes_nothing_back(shared_office: Office, site: str) -> None:
    """What the page asked before one chose another version, or sent a message, comes after that: it is asked again."""
    change(shared_office, site, "third", {"about.html": page_of(_NEWEST)})
    shared_office.deployer.wait_for_release(site, 3)

    def play(page: Page, office: Office) -> None:
        heading, base = open_newest(page, site)
        with late_answer(page):
            page.get_by_role("link", name="View version 2").click()
        expect(base).to_contain_text("Continue from version 2")
        expect(heading).to_have_text("About us")
        page.locator(".tab[data-tab=chat]").click()
        with late_answer(page):
            ask(page, office, "fourth", {"contact.html": page_of("Find us by bus")})
        expect(heading).to_have_text("Find us by bus")
        expect(base).to_be_hidden()
        expect(page.get_by_text("Done: fourth", exact=True)).to_be_visible()

    shared_office.visit(play)
