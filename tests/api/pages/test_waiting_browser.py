"""Requests on their way and requests that wait, in a real browser: edited, moved, withdrawn; axe-core finds nothing."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.api.office import Office, elsewhere
from tests.support.api_process import PUBLIC_URL
from tests.support.attached_files import SAMPLES
from tests.support.browser import axe_findings

SCREENS = {"desk": (1440, 900), "phone": (390, 844)}
TOO_SMALL = """[...document.querySelectorAll('.waiting-tools :is(button, .button), .withdraw button')]
  .filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect())
  .filter((box) => Math.min(box.width, box.height) < 43.9).length"""
BOX = "#message:not([aria-busy])"


@pytest.fixture(params=list(SCREENS))
def screen(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def opened(page: Page, office: Office, name: str, screen: str, *messages: str) -> None:
    """The page of a new site, where these requests wait."""
    width, height = SCREENS[screen]
    page.set_viewport_size({"width": width, "height": height})
    office.ana.post("sites", json={"name": name, "title": "Waiting", "template": "small-business"})
    office.work()
    for message in messages:
        office.ana.post(f"sites/{name}/jobs", json={"message": message})
    page.goto(f"{PUBLIC_URL}/sites/{name}?tab=chat")
    expect(page.locator(BOX)).to_be_visible()


def turn(page: Page, text: str) -> Locator:
    return page.locator("#thread .turn").filter(has=page.get_by_text(text, exact=True)).last


def texts(page: Page) -> list[str]:
    """What waits, from above."""
    return page.locator("#thread .turn:has(.working) .person .text").all_text_contents()


def settled(page: Page) -> None:
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")


def test_by_keyboard_a_request_is_edited_moved_and_all_are_withdrawn(shared_office: Office, screen: str) -> None:
    def play(page: Page, office: Office) -> None:
        opened(page, office, f"keyboard-{screen}", screen, "one", "two", "three")
        turn(page, "two").get_by_role("link", name="Edit").focus()
        page.keyboard.press("Enter")
        box = page.get_by_label("What should be changed instead?").and_(page.locator(":focus"))
        expect(box).to_have_value("two")
        page.keyboard.press("Control+A")
        page.keyboard.type("zwei")
        office.ana.post(f"sites/keyboard-{screen}/jobs", json={"message": "four"})
        expect(page.get_by_text("four", exact=True)).to_be_visible()
        expect(box).to_have_value("zwei")
        settled(page)
        assert axe_findings(page) == []
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(turn(page, "zwei").locator(".by")).to_contain_text("edited")
        expect(turn(page, "zwei").get_by_role("link", name="Edit")).to_be_focused()
        settled(page)
        turn(page, "three").get_by_role("button", name="Do this earlier").focus()
        for order in (["one", "three", "zwei", "four"], ["three", "one", "zwei", "four"]):
            page.keyboard.press("Enter")
            expect(page.locator("#thread .turn:has(.working) .person .text")).to_have_text(order)
            settled(page)
        expect(turn(page, "three").get_by_role("button", name="Do this later")).to_be_focused()
        expect(page.locator("[data-announce]")).to_contain_text("It starts as soon as its turn comes")
        assert screen == "desk" or page.evaluate(TOO_SMALL) == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("button", name="Withdraw all that wait").click()
        expect(page.locator("#flash")).to_contain_text("4 requests were withdrawn.")
        expect(page.locator(".working")).to_have_count(0)

    shared_office.visit(play)


def answer_of(office: Office, route: Route) -> dict[str, Any]:
    """What the api answers to a request of the page, asked for here so that it can be held back."""
    request = route.request
    headers = {**request.all_headers(), "sec-fetch-site": "same-origin", "accept-encoding": "identity"}
    method, url, sent = request.method, request.url, request.post_data_buffer

    def ask() -> dict[str, Any]:
        with httpx.Client(transport=httpx.HTTPTransport(uds=office.api.address.removeprefix("unix:"))) as client:
            answer = client.request(method, url, headers=headers, content=sent)
            return {"status": answer.status_code, "headers": dict(answer.headers), "body": answer.content}

    return elsewhere(ask)


def test_two_moves_whose_answers_cross_end_with_what_is_true(shared_office: Office) -> None:
    held: list[tuple[Route, dict[str, Any]]] = []

    def play(page: Page, office: Office) -> None:
        def hold_the_first(route: Route) -> None:
            answer = answer_of(office, route)
            if held:
                route.fulfill(**answer)
            else:
                held.append((route, answer))

        opened(page, office, "crossing", "desk", "one", "two", "three")
        page.route("**/move", hold_the_first)
        waiting = page.locator("#thread .turn:has(.working) .person .text")
        turn(page, "three").get_by_role("button", name="Do this earlier").focus()
        for order in (["one", "three", "two"], ["three", "one", "two"]):
            page.keyboard.press("Enter")  # the first order comes by the live events, before the answer
            expect(waiting).to_have_text(order)
            settled(page)
        with page.expect_response("**/live*"):
            route, answer = held.pop()
            route.fulfill(**answer)
        expect(waiting).to_have_text(["three", "one", "two"])
        expect(turn(page, "three").get_by_role("button", name="Do this later")).to_be_focused()
        expect(page.locator("[data-announce]")).to_have_text("It starts as soon as its turn comes")

    shared_office.visit(play)


def test_what_was_written_into_a_request_that_begins_is_in_the_message_box(shared_office: Office) -> None:
    def play(page: Page, office: Office) -> None:
        opened(page, office, "begins", "desk", "one")
        turn(page, "one").get_by_role("link", name="Edit").click()
        page.get_by_label("What should be changed instead?").fill("eins, please")
        page.reload()
        expect(page.get_by_label("What should be changed instead?")).to_have_value("eins, please")
        office.work()
        expect(page.locator(BOX)).to_have_value("eins, please")
        expect(page.get_by_text("Done: one", exact=True)).to_be_visible()

    shared_office.visit(play)


def test_axe_finds_nothing_in_any_state_of_the_composer(shared_office: Office, screen: str, tmp_path: Path) -> None:
    sample = next(one for one in SAMPLES if one.name == "shade.png")
    (tmp_path / sample.name).write_bytes(sample.data)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    def play(page: Page, office: Office) -> None:
        opened(page, office, f"states-{screen}", screen)
        messages = f"**/sites/states-{screen}/messages"
        page.route(messages, hold)
        page.locator(BOX).fill("On its way")
        page.keyboard.press("Enter")
        expect(page.locator("#unsent").get_by_text("Sending…")).to_be_visible()
        assert axe_findings(page) == [], "sending"
        page.locator(BOX).fill("Meanwhile")
        held.pop().fulfill(status=502, body="")
        expect(page.locator(".unsent[data-state=notSent], .unsent[data-state=noAnswer]")).to_be_visible()
        assert axe_findings(page) == [], "not sent, above the box"
        page.unroute(messages)
        page.locator(".unsent").get_by_role("button", name="Try again").click()
        expect(turn(page, "On its way")).to_be_visible()
        page.locator("[data-attach]").first.set_input_files(tmp_path / sample.name)
        expect(page.locator(".composer [data-attached][data-state=arrived]")).to_have_count(1)
        page.locator(BOX).fill("y" * 25_000)
        expect(page.get_by_text("5,000 characters did not fit")).to_be_visible()
        assert axe_findings(page) == [], "attached, and too long"
        page.route(messages, lambda route: route.abort())
        page.locator(BOX).fill("Nobody hears")
        page.keyboard.press("Enter")
        expect(page.locator("[data-composer-state]")).to_contain_text("Not sent")
        assert axe_findings(page) == [], "not sent, in the box"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        elsewhere(office.worker.work)

    shared_office.visit(play)
