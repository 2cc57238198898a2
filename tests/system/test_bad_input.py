"""What people do wrong, and what they stop: a clear sentence each time, and nothing half done."""

import http.client
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.local.finding import api_of
from shared.domain.archive import compress
from shared.domain.errors import Conflict, InvalidInput, NotFound, PageWrightError
from tests.attacks.forged_tar import END, member
from tests.attacks.hostile_tars import TARS
from tests.support.local_system import LocalSystem
from tests.support.scripted_endpoint import message, never, shell
from tests.support.scripted_system import ScriptedSystem
from tests.support.waiting import wait_until

pytestmark = pytest.mark.xdist_group("scripted-system")

SITE = "careless"


@pytest.fixture
def careless(scripted: ScriptedSystem) -> ScriptedSystem:
    """The scripted system with the site of these tests."""
    return scripted.with_sites(SITE)


Ask = Callable[[LocalSystem], Any]
REFUSED: dict[str, tuple[Ask, type[PageWrightError], str]] = {
    "empty message": (lambda s: s.ask(SITE, ""), InvalidInput, "empty"),
    "blank message": (lambda s: s.ask(SITE, " \n\t "), InvalidInput, "empty"),
    "long message": (lambda s: s.ask(SITE, "a" * 20_001), InvalidInput, "1 character did not fit"),
    "zero character": (lambda s: s.ask(SITE, "a\0b"), InvalidInput, "NUL"),
    "unknown site": (lambda s: s.ask("nowhere", "Hello."), NotFound, "no"),
    "unknown base": (lambda s: s.ask(SITE, "Hello.", base=99), InvalidInput, "no version 99"),
    "base zero": (lambda s: s.ask(SITE, "Hello.", base=0), InvalidInput, "base"),
    "unknown field": (lambda s: s.ask(SITE, "Hello.", bass=1), InvalidInput, "bass"),
    "unknown version": (lambda s: s.publish(SITE, 99), NotFound, "no version 99"),
    "version zero": (lambda s: s.publish(SITE, 0), InvalidInput, "version"),
    "site taken": (lambda s: s.new_site(SITE), Conflict, SITE),
    "bad name": (lambda s: s.new_site("Bad_Name"), InvalidInput, "name"),
    "bad template": (lambda s: s.new_site("fine-name", "no-such"), InvalidInput, "template"),
    "unknown job": (lambda s: s.client.get("/jobs/" + "0" * 28), NotFound, "no such job"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_request_is_refused_with_a_sentence(name: str, careless: ScriptedSystem) -> None:
    ask, kind, words = REFUSED[name]
    before = careless.system.state_of(SITE)
    with pytest.raises(kind) as refusal:
        ask(careless.system)
    assert words in refusal.value.detail
    assert refusal.value.detail.endswith(".")
    assert refusal.value.hint.endswith(".")
    assert careless.system.state_of(SITE) == before


def test_longest_message_is_understood(careless: ScriptedSystem) -> None:
    """Also in characters of several bytes; it reaches the model whole."""
    text = "ü" * 19_990 + "🥐" * 10
    careless.endpoint.script(message("Done."))
    job = careless.system.edit(SITE, text)
    assert (job["state"], job["answer"]) == ("succeeded", "Nothing was changed.\nThe agent says: Done."), job
    assert text in json.dumps(careless.endpoint.received[-1].json["input"], ensure_ascii=False)


def test_version_that_failed_its_checks_is_kept_but_not_shown(scripted: ScriptedSystem) -> None:
    """It is published only by somebody who says so; the one after it, mended, is previewed again.

    What the agent can mend itself is never met by anybody.
    """
    system = scripted.system
    system.new_site("broken")
    job = scripted.edit("broken", shell("echo '<a href=missing.html>More</a>' >> index.html"), message("Done."))
    assert (job["state"], job["version"]) == ("succeeded", 2), job
    version = system.client.get("/sites/broken/versions/2")
    links = next(check for check in version["checks"] if check["name"] == "links")
    assert links["status"] == "failed"
    assert links["findings"] == ["index.html: the link /missing.html leads nowhere"]
    assert any("missing.html" in step["text"] for step in job["steps"])
    assert system.shown("preview--broken") == 1

    with pytest.raises(Conflict, match=r"Version 2 failed these checks: links\.") as refusal:
        system.publish("broken", 2)
    assert "accept the failed checks" in refusal.value.hint
    assert system.publish("broken", 2, accept_failed_checks=True)["version"] == 2
    assert "missing.html" in system.page("broken")

    job = scripted.edit("broken", shell("sed -i '/missing.html/d' index.html"), message("Done."))
    assert job["version"] == 3, job
    wait_until(lambda: system.shown("preview--broken") == 3, "the mended version is previewed")

    add_two = shell("echo '<a href=lost.html>Lost</a><a href=gone.html>Gone</a>' >> index.html")
    mend = shell("sed -i 's/lost.html/index.html/; s/gone.html/index.html/' index.html; echo x > beside.html")
    job = scripted.edit("broken", add_two, message("Done."), mend, message("Mended."))
    version = system.client.get("/sites/broken/versions/4")
    repair = next(check for check in version["checks"] if check["name"] == "repair")
    assert (repair["status"], len(repair["findings"]), version["usage"]["output_tokens"]) == ("passed", 2, 80)
    assert [sum(map(len, version["files"].values())), len(version["files"]["modified"])] == [1, 1]
    assert "Mending what the change has broken" in [step["text"] for step in job["steps"]]


def test_running_edit_stops_within_two_seconds_of_cancel(careless: ScriptedSystem) -> None:
    """I8: Codex is waiting for a model that never answers, and has started something itself."""
    system = careless.system
    before = system.state_of(SITE)
    careless.endpoint.received.clear()
    careless.endpoint.script(shell("echo x > half.html; setsid sleep 987 & true"), never())
    job = system.ask(SITE, "Take your time.")
    wait_until(lambda: len(careless.endpoint.received) == 2, "the edit is under way")

    started = time.monotonic()
    system.client.post(f"/jobs/{job['id']}/cancel")
    done = system.finish(job)
    took = time.monotonic() - started

    assert (done["state"], done["version"], done["error"]) == ("cancelled", None, None), done
    assert took < 2, took
    assert system.sandboxed() == []
    assert system.state_of(SITE) == before
    assert system.client.post(f"/jobs/{job['id']}/cancel")["state"] == "cancelled"
    careless.check_next_edit(SITE)


def test_queued_edit_is_cancelled_at_once(careless: ScriptedSystem) -> None:
    """It never begins, and the one before it goes on."""
    system = careless.system
    careless.endpoint.received.clear()
    careless.endpoint.script(never())
    first, second = system.ask(SITE, "First."), system.ask(SITE, "Second.")
    wait_until(lambda: careless.endpoint.received, "the first edit is under way")
    assert system.client.post(f"/jobs/{second['id']}/cancel")["state"] == "cancelled"
    assert system.client.get(f"/jobs/{first['id']}")["state"] == "running"
    system.client.post(f"/jobs/{first['id']}/cancel")
    assert system.finish(first)["state"] == "cancelled"
    assert "Second." not in "".join(request.body.decode() for request in careless.endpoint.received)


def test_too_large_file_is_refused(careless: ScriptedSystem) -> None:
    before = careless.system.state_of(SITE)
    job = careless.edit(SITE, shell("head -c 20M /dev/zero > film.mp4"), message("Done."))
    assert (job["state"], job["version"]) == ("failed", None), job
    assert "'film.mp4' is larger than 16 MiB" in job["error"]["detail"], job["error"]
    assert careless.system.state_of(SITE) == before


def test_full_workspace_ends_the_edit(careless: ScriptedSystem) -> None:
    """I8: the person hears what was used up, and it is counted."""
    before = careless.system.state_of(SITE)
    kills = careless.counted("pagewright_sandbox_kills_total", limit="workspace")
    fill = shell("for n in 1 2 3 4 5 6; do head -c 60M /dev/zero > $n.txt; done; sleep 9")
    job = careless.edit(SITE, fill, message("Done."))
    assert job["state"] == "failed", job
    assert "filled its space" in job["error"]["detail"], job["error"]
    assert careless.counted("pagewright_sandbox_kills_total", limit="workspace") == kills + 1
    assert careless.system.state_of(SITE) == before
    careless.check_next_edit(SITE)


ARCHIVES: dict[str, tuple[Callable[[], bytes], str]] = {
    "absolute path": (lambda: TARS["absolute"](""), "safe name"),
    "symbolic link": (lambda: TARS["write_through_symlink"](""), "link"),
    "hard link": (lambda: TARS["hardlink_with_content"](""), "link"),
    "bomb": (lambda: TARS["bomb_one_file"](""), ""),
    "cut gzip": (lambda: TARS["gzip_cut"](""), ""),
    "damaged gzip": (lambda: TARS["gzip_damaged"](""), ""),
    "a page in gzip": (lambda: compress(b"hello"), "no .zip, .tar.gz or .tar"),
    "path outside": (lambda: TARS["pax_path_outside"](""), "safe name"),
    "nothing inside": (lambda: compress(bytes(1024)), ""),
    "no home page": (lambda: compress(member("about.html") + END), "home page"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_hostile_archive_makes_no_site_version(name: str, scripted: ScriptedSystem, tmp_path: Path) -> None:
    """I3, I6: refused with a sentence; the worker is ready for the next job at once."""
    make, words = ARCHIVES[name]
    site = "import-" + name.replace(" ", "-")
    upload = tmp_path / "site.tar.gz"
    upload.write_bytes(make())
    made = scripted.system.client.import_site({"name": site, "title": name}, upload)
    job = scripted.system.finish(made["job"])
    assert job["state"] == "failed", job
    assert words in job["error"]["detail"], job["error"]
    assert job["error"]["detail"].endswith("."), job["error"]
    assert job["error"]["hint"].endswith("."), job["error"]
    assert scripted.system.client.get(f"/sites/{site}/versions")["items"] == []
    assert scripted.system.sandboxed() == []


@pytest.mark.parametrize(("content", "said"), [(b"", "is empty"), (b"hello", "no .zip, .tar.gz or .tar")])
def test_what_is_no_archive_makes_no_site(content: bytes, said: str, scripted: ScriptedSystem, tmp_path: Path) -> None:
    upload = tmp_path / "site.zip"
    upload.write_bytes(content)
    with pytest.raises(InvalidInput, match=said):
        scripted.system.client.import_site({"name": "none", "title": "None"}, upload)
    with pytest.raises(NotFound):
        scripted.system.client.get("/sites/none")


def test_import_without_archive_is_refused(scripted: ScriptedSystem) -> None:
    token = api_of(scripted.system.folder).token
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "multipart/form-data; boundary=x"}
    body = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nnone\r\n--x--\r\n'
    connection = http.client.HTTPConnection("localhost", scripted.system.ui_port, timeout=30)
    connection.request("POST", "/api/v1/sites", body, headers)
    answer = connection.getresponse()
    problem = json.loads(answer.read())
    connection.close()
    assert answer.status == 422
    assert "archive" in problem["detail"]
    with pytest.raises(NotFound):
        scripted.system.client.get("/sites/none")
