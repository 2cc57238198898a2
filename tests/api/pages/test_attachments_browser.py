"""Files in the composer, in a real browser: chosen, pasted, dropped, taken away, refused, and seen in the chat."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.api.office import SITE, Office
from tests.support.attached_files import SAMPLES

NAMES = ("IMG_0001.jpg", "IMG_2034.HEIC", "logo.webp", "script.svg", "menu.pdf")
_HAND_OVER = """([data, kind, how]) => {
  const files = new DataTransfer();
  files.items.add(new File([Uint8Array.from(data)], "given.png", { type: "image/png" }));
  const event = how === "paste" ? new ClipboardEvent(how, { clipboardData: files, bubbles: true, cancelable: true })
    : new DragEvent(how, { dataTransfer: files, bubbles: true, cancelable: true });
  document.querySelector("#message").dispatchEvent(event);
}"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The samples as files."""
    for sample in SAMPLES:
        if sample.name in (*NAMES, "shade.png", "holiday.jpg"):
            (tmp_path / sample.name).write_bytes(sample.data)
    return tmp_path


@pytest.mark.parametrize("width", [1440, 390])
def test_five_files_go_with_a_message(office: Office, folder: Path, width: int) -> None:
    def play(page: Page, office: Office) -> None:
        page.set_viewport_size({"width": width, "height": 900 if width > 400 else 844})
        page.goto(f"{SITE}?tab=chat")
        page.locator("[data-attach]").first.set_input_files([folder / name for name in (*NAMES, "holiday.jpg")])
        chips = page.locator(".composer [data-attached]")
        expect(page.locator(".composer [data-attached][data-state=arrived]")).to_have_count(5)
        expect(chips.nth(0).locator("canvas")).to_be_visible()
        expect(chips.nth(5)).to_contain_text("holiday.jpg can’t be used. It is a program.")
        box = page.get_by_label("What should be changed?")
        box.fill("Use these.")
        box.press("Enter")
        expect(page.locator("[data-composer-state]")).to_contain_text("Remove the file that did not arrive")
        page.keyboard.press("Enter")
        expect(chips).to_have_count(5)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        box.press("Enter")
        expect(chips).to_have_count(0)
        turn = page.locator("#thread .turn", has_text="Use these.").last
        for name in NAMES:
            expect(turn.locator(".turn-files")).to_contain_text(name)
        office.work()
        asked = office.ana.get("jobs", params={"site": "bakery"}).json()["items"][0]
        assert asked["attachments"] == list(NAMES)

    office.visit(play)


def test_files_are_pasted_and_dropped_and_outlive_a_reload(office: Office, folder: Path) -> None:
    data = list((folder / "shade.png").read_bytes())

    def play(page: Page, office: Office) -> None:
        page.goto(f"{SITE}?tab=chat")
        arrived = page.locator(".composer [data-attached][data-state=arrived]")
        for count, how in enumerate(("paste", "drop"), 1):
            page.evaluate(_HAND_OVER, [data, "image/png", how])
            expect(arrived).to_have_count(count)
        arrived.first.get_by_label("What it is for").select_option("Only to look at")
        page.reload()
        expect(arrived).to_have_count(2)
        expect(arrived.first.get_by_label("What it is for")).to_have_value("look")
        arrived.first.get_by_role("button", name="Remove").click()
        expect(arrived).to_have_count(1)
        expect(page.get_by_label("What should be changed?")).to_be_focused()

    office.visit(play)
