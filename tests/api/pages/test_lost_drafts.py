"""No text is lost whatever interrupts its writer: the short form of `make test-drafts`."""

from playwright.sync_api import Page

from tests.api.interruptions import Typist
from tests.api.office import Office


def test_each_interruption_leaves_every_word_where_it_is_found_and_sends_none_twice(office: Office) -> None:
    def play(page: Page, office: Office) -> None:
        assert page.context.browser
        report = Typist(page.context.browser, office, seed=7).play(12)
        assert len(report.interruptions) == 12
        assert (report.lost, report.sent_twice) == ([], [])

    office.visit(play)
