"""The pages in a real browser, with a real deployer and web server behind them: what people click and type."""

from playwright.sync_api import Page, expect

from tests.api.office import SITE, Office, elsewhere, framed
from tests.support.api_process import PUBLIC_URL
from tests.support.waiting import wait_until


def test_ask_look_publish_and_roll_back(office: Office) -> None:
    def play(page: Page, office: Office) -> None:
        page.goto(SITE)
        box = page.get_by_label("What should be changed?")
        box.fill("Second headline")
        box.press("Control+Enter")
        expect(page.locator(".working")).to_be_visible()
        expect(box).to_have_value("")
        office.work()
        expect(page.get_by_text("Done: Second headline", exact=True)).to_be_visible()
        expect(framed(page).locator("body")).to_contain_text("Second headline")
        page.get_by_role("link", name="Publish", exact=True).first.click()
        expect(page.locator("dialog[open]")).to_contain_text("Show version 2 to visitors?")
        page.locator("dialog").get_by_role("button", name="Show this to visitors").click()
        expect(page.locator(".published")).to_be_visible()
        assert b"Second headline" in office.web.get("bakery").body
        page.locator(".tab[data-tab=versions]").click()
        page.locator("#versions").get_by_role("link", name="Show this to visitors").click()
        expect(page.locator("dialog[open]")).to_contain_text("What looks different")
        page.locator("dialog").get_by_role("button", name="Show this to visitors").click()
        expect(page.locator("#publication")).to_contain_text("version 1")
        assert b"Second headline" not in office.web.get("bakery").body

    office.visit(play)


def test_live_steps_survive_a_reload_and_stop_stops(office: Office) -> None:
    def play(page: Page, office: Office) -> None:
        page.goto(SITE)
        for message in ("A long one", "One more"):
            page.get_by_label("What should be changed?").fill(message)
            page.get_by_role("button", name="Send").click()
            expect(page.get_by_label("What should be changed?")).to_have_value("")
        held = office.hold()
        held.tell("Reading index.html")
        expect(page.get_by_text("Reading index.html")).to_be_visible()
        expect(page.get_by_text("1 request before this one")).to_be_visible()
        page.reload()
        expect(page.get_by_text("Reading index.html")).to_be_visible()
        held.tell("Changing index.html")
        expect(page.get_by_text("Changing index.html")).to_be_visible()
        page.locator(".working").first.get_by_role("button", name="Stop").click()
        expect(page.locator(".working").first).to_contain_text("Stopping…")
        held.cancel()
        expect(page.get_by_text("Stopped. Nothing was changed.")).to_be_visible()
        # The next one is watched from now on.
        office.work()
        expect(page.get_by_text("Done: One more", exact=True)).to_be_visible()
        expect(page.locator(".working")).to_have_count(0)

    office.visit(play)


def test_a_new_site_gets_its_address_from_its_title(office: Office) -> None:
    def play(page: Page, office: Office) -> None:
        page.goto(f"{PUBLIC_URL}/sites")
        page.get_by_role("link", name="New site").click()
        title, address = page.get_by_label("What is it called?"), page.locator("[name=name]")
        title.press_sequentially("Mira’s Café & Bäckerei!")
        expect(address).to_have_value("miras-cafe-baeckerei")
        address.fill("mira")
        title.press_sequentially(" 2")
        expect(address).to_have_value("mira")
        page.get_by_role("button", name="Create site").dblclick()
        page.wait_for_url("**/sites/mira")
        office.work()
        expect(framed(page).locator("body")).to_contain_text("Create the site")

    office.visit(play)


def test_an_old_version_on_a_phone_screen_and_the_way_back(office: Office) -> None:
    def play(page: Page, office: Office) -> None:
        office.ana.post("sites/bakery/jobs", json={"message": "bad checks"})
        office.work()
        frame = page.locator("#preview iframe")
        wait_until(lambda: page.goto(f"{SITE}?version=1") and frame.count(), "a web server shows version 1")
        expect(page.locator(".pill")).to_contain_text("Viewing version 1")
        page.get_by_role("button", name="Phone").click()
        assert frame.bounding_box()["width"] <= 390  # type: ignore[index]
        page.get_by_label("Page", exact=True).select_option("evil.html")
        page.wait_for_url("**page=evil.html*")
        expect(page.locator(".pill")).to_contain_text("Viewing version 1")
        page.locator("#preview").get_by_role("link", name="Back to the newest").click()
        expect(page.locator(".pill")).to_have_count(0)
        page.get_by_role("link", name="Changes").last.click()
        expect(page.locator("dialog[open] .line.added").first).to_be_visible()
        page.keyboard.press("Escape")
        page.locator("#publication .primary").click()
        button = page.locator("dialog").get_by_role("button", name="Show this to visitors")
        button.click()
        expect(page.locator("dialog[open]")).to_be_visible()
        page.get_by_label("Show it to visitors all the same").check()
        button.click()
        expect(page.locator(".published")).to_be_visible()

    office.visit(play)


def test_a_page_says_when_nobody_answers_and_keeps_what_was_written(office: Office) -> None:
    def play(page: Page, office: Office) -> None:
        page.goto(SITE)
        elsewhere(office.api.stop)
        box = page.get_by_label("What should be changed?")
        box.fill("Are you there?")
        box.press("Control+Enter")
        expect(page.get_by_role("alert")).to_contain_text("can’t be reached right now")
        expect(box).to_have_value("Are you there?")
        elsewhere(office.api.start)
        box.press("Control+Enter")
        expect(page.locator(".working")).to_be_visible()

    office.visit(play)


def test_the_status_refreshes_itself_but_not_under_somebodys_hands(office: Office) -> None:
    """It follows what happens, waits while somebody uses it or nobody sees it, and then goes on."""
    office.ana.post("sites/bakery/jobs", json={"message": "fail"})
    office.worker.work()
    office.api.user("olga@example.org", admin=True)

    def play(page: Page, office: Office) -> None:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/status") else None)
        page.get_by_label("Your account").click()
        page.get_by_role("link", name="Status of the system").click()
        verdict = page.get_by_role("region").first
        expect(verdict).to_contain_text("The model daemon is down.")
        page.evaluate("document.body.dataset.loaded = 'once'")
        office.redis.kill()
        expect(verdict).to_contain_text("The job queue is down.")
        expect(page.locator("#status")).to_contain_text("systemctl status redis-server")
        elsewhere(office.redis.start)
        expect(verdict).not_to_contain_text("The job queue is down.")
        page.get_by_role("button", name="Copy the command for bakery").click()
        selected = page.evaluate("getSelection().toString()")
        assert selected.startswith("journalctl PAGEWRIGHT_JOB=")
        page.wait_for_timeout(1000)  # an answer that was on its way
        before = len(asked)
        page.wait_for_timeout(7000)
        assert len(asked) == before
        page.evaluate("getSelection().removeAllRanges(); document.activeElement.blur()")
        with page.expect_request("**/status"):
            pass
        assert page.evaluate("document.body.dataset.loaded") == "once"

    office.visit(play, "olga@example.org")


def test_the_status_is_not_asked_for_while_nobody_sees_it(office: Office) -> None:
    office.api.user("olga@example.org", admin=True)

    def play(page: Page, office: Office) -> None:
        page.goto(f"{PUBLIC_URL}/status")
        # A headless page is never covered by another one, so the page is told what a browser would tell it.
        hide = "Object.defineProperty(document, 'hidden', {value: %s, configurable: true});"
        tell = "document.dispatchEvent(new Event('visibilitychange'))"
        page.evaluate(hide % "true" + tell)
        page.wait_for_timeout(1000)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.wait_for_timeout(7000)
        assert asked == []
        with page.expect_request("**/status", timeout=3000):
            page.evaluate(hide % "false" + tell)

    office.visit(play, "olga@example.org")
