"""The page of one site, whole and in parts, and what is said to the agent."""

import re

import httpx

from tests.api.conftest import World
from tests.api.pages.conftest import FRAGMENT, HOSTILE


def test_a_message_is_kept_and_its_answer_shown(world: World, ana: httpx.Client) -> None:
    site = world.site()
    asked = ana.post(f"/sites/{site}/messages", data={"message": f"Greet {HOSTILE}\r\nand smile"})
    assert asked.url.path == f"/sites/{site}"
    assert "Greet &lt;img src=x" in asked.text
    assert HOSTILE not in asked.text
    world.work(site)
    shown = ana.get(f"/sites/{site}").text
    assert "Done: Greet" in shown
    assert f'href="/sites/{site}/versions/2/changes"' in shown
    assert f"/api/v1/sites/{site}/versions/2/screenshots/phone/index.html" in shown


def test_a_message_that_can_not_be_sent_comes_back(world: World, ana: httpx.Client) -> None:
    site = world.site()
    answer = ana.post(f"/sites/{site}/messages", data={"message": "x" * 20_001})
    assert answer.status_code == 422
    assert "x" * 20_001 in answer.text
    assert "1 character did not fit" in answer.text
    noticed = ana.post(f"/sites/{site}/messages", data={"message": " "}, headers=FRAGMENT)
    assert noticed.status_code == 422
    assert noticed.text.lstrip().startswith('<div class="notice bad"')


def test_fragments_are_parts_and_say_when_a_request_ended(world: World, ana: httpx.Client) -> None:
    site = world.site()
    sent = ana.post(f"/sites/{site}/messages", data={"message": "Hello", "have": "1"}, headers=FRAGMENT)
    assert "<html" not in sent.text
    assert 'class="turn"' in sent.text
    assert 'id="preview-bar"' in sent.text
    assert 'id="frames"' not in sent.text, "the frame stays"
    [job] = re.findall(rf'hx-get="(/sites/{site}/jobs/[0-9a-f]+)"', sent.text)
    assert "hx-trigger" not in ana.get(job, headers=FRAGMENT).headers
    world.worker.work()
    world.wait(job.rpartition("/")[2])
    assert ana.get(job, headers=FRAGMENT).headers["hx-trigger"] == "settled"
    live = ana.get(f"/sites/{site}/live", params={"have": "1", "page": "evil.html"}, headers=FRAGMENT).text
    assert '<option value="index.html" selected>' in live, "what changed is shown"
    assert '<input type="hidden" name="have" value="2">' in live
    pinned = ana.get(f"/sites/{site}/live", params={"shown": "1", "have": "1", "page": "evil.html"}, headers=FRAGMENT)
    assert '<option value="evil.html" selected>' in pinned.text


def test_earlier_messages_are_behind_a_link_a_page_at_a_time(world: World, ana: httpx.Client) -> None:
    """With and without JavaScript, newest first; the fragment has the link to what came before it at its top."""
    site = world.queued_site()
    for number in range(18):
        world.ana.post(f"sites/{site}/jobs", json={"message": f"request {number}"})
    turns = re.findall(r'id="turn-([0-9a-f]{28})"', ana.get(f"/sites/{site}").text)
    assert "earlier message" not in ana.get(f"/sites/{site}").text
    plain = ana.get(f"/sites/{site}", params={"before": turns[3]}).text
    assert re.findall(r'id="turn-([0-9a-f]{28})"', plain) == turns[:3]
    assert "Newest messages" in plain
    piece = ana.get(f"/sites/{site}/messages", params={"before": turns[2]}, headers=FRAGMENT).text
    assert (re.findall(r'id="turn-([0-9a-f]{28})"', piece), "<html" in piece) == (turns[:2], False)
    assert ana.get(f"/sites/{site}/messages", params={"before": turns[2]}).url.params["before"] == turns[2]
    live = ana.get(f"/sites/{site}/live", params={"since": turns[5]}, headers=FRAGMENT).text
    assert re.findall(r'id="turn-([0-9a-f]{28})"', live) == turns[5:]
    world.worker.work()
