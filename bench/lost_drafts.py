"""Interrupts somebody who types 200 times, in ten ways, and counts the texts that are lost or were sent twice.

python -m bench.lost_drafts [--times 200] [--seed 1]. The real pages in a real browser; status 1 tells of a loss.
"""

import argparse
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from playwright.sync_api import Page

from tests.api.interruptions import Report, Typist
from tests.api.office import Office, opened_office
from tests.support.browser import BrowserThread


def interrupted(times: int, seed: int) -> Report:
    """What became of the words, in a system of its own."""
    reports: list[Report] = []

    def play(page: Page, office: Office) -> None:
        assert page.context.browser
        reports.append(Typist(page.context.browser, office, seed).play(times))

    with tempfile.TemporaryDirectory(prefix="pw") as folder, ThreadPoolExecutor(1) as executor:
        browser = BrowserThread(executor)
        try:
            with opened_office(Path(folder) / "office", browser) as office:
                office.visit(play)
        finally:
            browser.close()
    return reports[0]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    report = interrupted(given.times, given.seed)
    kinds = ", ".join(f"{name} {times}" for name, times in sorted(Counter(report.interruptions).items()))
    print(f"{len(report.interruptions)} interruptions ({kinds}): {len(report.lost)} words lost {report.lost[:9]}")
    print(f"{len(report.sent_twice)} messages sent twice {report.sent_twice[:3]}; {len(report.in_two)} words in two")
    sys.exit(1 if report.lost or report.sent_twice else 0)


if __name__ == "__main__":
    main()
