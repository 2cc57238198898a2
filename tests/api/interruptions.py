"""Somebody types and is interrupted, by chance but the same for the same seed: is each word still there afterwards?

Every word is unique. After an interruption a word must be in a box, in a message that waits, in the browser's storage,
or in a request that was taken; at the end all that is left is sent from new tabs, and must have been taken once.
"""

import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from tests.api.office import SITE, Office, elsewhere
from tests.support.api_process import PUBLIC_URL
from tests.support.waiting import wait_until

_WORDS_TYPED = 3
_WORK_EVERY = 6
# Somebody types before the draft is there, too.
_BOX, _READY_BOX = "#message", "#message:not([aria-busy])"


@dataclass
class Report:
    """What became of the words.

    Some may be `in_two` messages: who goes on with a text whose answer was lost sends another message.
    """

    interruptions: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    sent_twice: list[str] = field(default_factory=list)
    in_two: list[str] = field(default_factory=list)


class Typist:
    """Types as ana in a browser's tabs, one after the other, and is interrupted."""

    def __init__(self, browser: Browser, office: Office, seed: int) -> None:
        self._page, self._office, self._chance = browser.new_context().new_page(), office, Random(seed)
        self._words: list[str] = []
        self._ways: tuple[Callable[[], None], ...] = (
            self._reload,
            self._back,
            self._page_switch,
            self._sign_out,
            self._session_end,
            self._offline,
            self._restart,
            self._tab_close,
            self._crash,
            self._other_tab,
        )
        self._bag: list[Callable[[], None]] = []

    def play(self, times: int) -> Report:
        """So many interruptions, each kind as often as the others; then all that is left is sent."""
        report = Report()
        self._arrive()
        for number in range(times):
            self._type()
            way = self._next_way()
            if self._chance.random() < 0.3:
                self._press_enter()
            way()
            report.interruptions.append(way.__name__.strip("_"))
            report.lost += [word for word in self._missing() if word not in report.lost]
            if self._chance.random() < 0.3:
                self._press_enter()
            if number % _WORK_EVERY == 0:
                elsewhere(self._office.worker.work)
        self._send_all()
        messages = self._taken()
        taken = " ".join(messages).split()
        report.lost += [word for word in self._words if word not in taken and word not in report.lost]
        report.sent_twice = [message for message, times in Counter(messages).items() if times > 1]
        report.in_two = [word for word in self._words if taken.count(word) > 1]
        return report

    @property
    def _context(self) -> BrowserContext:
        return self._page.context

    def _next_way(self) -> Callable[[], None]:
        if not self._bag:
            self._bag = list(self._ways)
            self._chance.shuffle(self._bag)
        return self._bag.pop()

    def _word(self) -> str:
        self._words.append(f"word{len(self._words)}x{self._chance.randrange(1000)}")
        return self._words[-1]

    def _type(self, page: Page | None = None) -> None:
        page = page or self._page
        page.focus(_BOX)
        page.keyboard.press("End")
        for _ in range(self._chance.randint(1, _WORDS_TYPED)):
            page.keyboard.type(f" {self._word()}")

    def _press_enter(self) -> None:
        self._page.focus(_BOX, timeout=10_000)
        self._page.keyboard.press("Enter")

    def _arrive(self) -> None:
        """Open the site's page, through sign-in if need be."""
        self._page.goto(SITE)
        if "/sign-in" in self._page.url:
            self._sign_in()
        expect(self._page.locator(_BOX)).to_be_visible()

    def _sign_in(self) -> None:
        self._page.goto(self._office.api.sign_in_link("ana@example.org"))
        self._page.get_by_role("button", name="Continue to PageWright").click()
        self._page.wait_for_url(f"{PUBLIC_URL}/sites**")
        if not self._page.url.startswith(SITE):
            self._page.goto(SITE)

    def _reload(self) -> None:
        self._page.reload()

    def _back(self) -> None:
        self._page.goto(f"{PUBLIC_URL}/sites")
        self._page.go_back()

    def _page_switch(self) -> None:
        choice = self._page.locator("#page-choice")
        other = choice.evaluate("box => [...box.options].find(option => !option.selected).value")
        choice.select_option(other)
        self._page.goto(f"{SITE}?version=1")
        self._page.goto(SITE)

    def _sign_out(self) -> None:
        self._page.get_by_label("Your account").click()
        self._page.get_by_role("button", name="Sign out").click()
        expect(self._page).to_have_url(re.compile("/sign-in"))
        self._arrive()

    def _session_end(self) -> None:
        self._context.clear_cookies()
        with suppress(Error):  # a refresh of the page may be what meets the end of the session first
            self._press_enter()
        expect(self._page).to_have_url(re.compile("/sign-in"))
        self._page.wait_for_load_state("networkidle")
        self._sign_in()
        assert self._page.url.startswith(SITE)

    def _offline(self) -> None:
        self._context.set_offline(True)
        self._type()
        self._press_enter()
        self._type()
        self._context.set_offline(False)

    def _restart(self) -> None:
        elsewhere(self._office.api.kill)
        self._type()
        self._press_enter()
        elsewhere(self._office.api.start)
        self._arrive()

    def _tab_close(self) -> None:
        context = self._context
        self._page.close()
        self._page = context.new_page()
        self._arrive()

    def _crash(self) -> None:
        context = self._context
        try:
            self._page.goto("chrome://crash", timeout=5000)
        except Error:
            self._page.close()
        self._page = context.new_page()
        self._arrive()

    def _other_tab(self) -> None:
        """Somebody goes on in a second tab of the same site, and then in the first one."""
        other = self._context.new_page()
        other.goto(SITE)
        self._type(other)
        self._type()
        other.close()

    def _missing(self) -> list[str]:
        """The words that are nowhere; an answer may be on its way."""
        kept = self._page.evaluate("Object.values(localStorage).join(' ')")
        box = self._page.input_value(_READY_BOX)
        return [word for word in self._words if word not in f"{kept} {box} {' '.join(self._taken())}"]

    def _taken(self) -> list[str]:
        """What the api took, over all its pages."""
        messages, query = [], {"site": "bakery", "limit": "100"}
        while True:
            page = self._office.ana.get("jobs", params=query).json()
            messages += [job["message"] for job in page["items"]]
            if page["next"] is None:
                return messages
            query["cursor"] = page["next"]

    def _send_all(self) -> None:
        """From new tabs, one after the other, until none shows anything that is left."""
        for _ in range(200):
            elsewhere(self._office.worker.work)
            self._tab_close()
            self._page.locator(".unsent[data-state=unsure]").first.wait_for(state="detached")
            waiting = self._page.locator(".unsent").get_by_role("button", name="Try again")
            if waiting.count():
                waiting.first.click()
            elif self._page.input_value(_READY_BOX):
                self._press_enter()
            else:
                return
            wait_until(lambda: not self._page.locator(".unsent[data-state=sending]").count(), "the message was taken")
        raise AssertionError("there was no end of what was left to send")
