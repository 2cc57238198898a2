"""Who asks for German reads German on each page of a real small system, but for what people and agents wrote."""

import re
from html import unescape

from tests.api.conftest import World
from tests.api.pages.conftest import browser, sign_in_path
from tests.api.status.samples import ENGLISH_WORDS

# What people wrote, what the agent answered, files, what a worker of these tests says, and what a terminal is told.
_WRITTEN = re.compile(
    r'<(script|style|template|svg|code|textarea|time)\b.*?</\1>|<div class="text answer">.*?</div>'
    r'|<(?:span|li|td) class="line[^>]*>[^<]*<|Ask for less\.|It can&#39;t be done\.'
    r'|<p class="(?:text|version-message)">.*?</p>|<option\b.*?</option>',
    re.DOTALL,
)
PAGES = (
    "/sites",
    "/new-site",
    "/account",
    "/status",
    "/sites/{site}",
    "/sites/{site}?tab=versions",
    "/sites/{site}?version=1",
    "/sites/{site}/versions/2/changes",
    "/sites/{site}/versions/2/publish",
    "/sites/{site}/settings",
    "/sites/nowhere",
)


def english(page: str) -> list[str]:
    """The pieces of a page that have an English word."""
    pieces = re.split(r"<[^>]*>", _WRITTEN.sub("", page.partition("<body")[2]))
    said = re.findall(r'(?:aria-label|title|placeholder|data-say-[a-z-]+)="([^"]*)"', page)
    return sorted({text.strip() for text in map(unescape, [*pieces, *said]) if ENGLISH_WORDS.search(text)})


def test_no_page_in_german_has_english_words(world: World) -> None:
    site = world.site("bad checks", "fail")
    world.ana.post(f"sites/{site}/jobs", json={"message": "eins"})
    world.ana.post(f"sites/{site}/jobs", json={"message": "zwei"})
    with browser(world) as client:
        client.headers["Accept-Language"] = "de"
        client.post(sign_in_path(world, "root@example.org"))
        found = {address: english(client.get(address.format(site=site)).text) for address in PAGES}
        client.cookies.clear()
        for address in ("/sign-in", "/forgotten-password"):
            found[address] = english(client.get(address).text)
    world.worker.work()
    assert {address: texts for address, texts in found.items() if texts} == {}
