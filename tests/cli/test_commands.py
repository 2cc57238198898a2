"""Every command of `pagewright`, against a real local system."""

import json
import os
import signal
import sqlite3
import tarfile
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from shared.clients.daemon import open_public_client
from tests.cli.conftest import CommandLine
from tests.support.local_system import LocalSystem
from tests.support.waiting import wait_until

pytestmark = pytest.mark.xdist_group("practice-system")


def test_a_site_from_its_creation_to_a_rollback(command_line: CommandLine, local_system: LocalSystem) -> None:
    made = command_line.text("site", "create", "cli-story", "--title", "A story")
    assert f"Preview: {local_system.site_url('preview--cli-story', '')}" in made
    assert "A story" in command_line.text("site", "list")
    said = command_line.text("edit", "cli-story", 'Change the headline to "Warm bread"')
    assert "editing" in said
    assert "Version 2: modified index.html." in said
    assert command_line.json("versions", "cli-story")[0]["number"] == 2
    assert "+          <h1>Warm bread</h1>" in command_line.text("diff", "cli-story", "1", "2")

    from_nothing = command_line.json("diff", "cli-story", "0", "1")
    assert {file["change"] for file in from_nothing["files"]} == {"added"}

    command_line.text("promote", "cli-story", "1")
    late = command_line.run("promote", "cli-story", "2", "--expected", "0")
    assert (late.returncode, "published version 1 at" in late.stderr) == (1, True)
    assert "live" in command_line.text("promote", "cli-story", "2", "--expected", "1")
    assert "Warm bread" in local_system.page("cli-story")
    assert "from version 2 to version 1" in command_line.text("rollback", "cli-story")
    assert "Warm bread" not in local_system.page("cli-story")
    assert command_line.json("site", "show", "cli-story")["slots"] == {"preview": 2, "current": 1}
    assert [job["kind"] for job in command_line.json("jobs", "--site", "cli-story")] == ["edit", "create"]

    told = command_line.text("site", "address", "cli-story", "cli-tale", "--forward", "30d", "--expect", "cli-story")
    assert f"The address of cli-story is {local_system.site_url('cli-tale', '')}" in told
    assert "cli-story leads there until" in told
    host = {"Host": f"cli-story.localhost:{local_system.sites_port}"}
    with open_public_client(f"http://127.0.0.1:{local_system.sites_port}", host) as http:
        old = http.get("/about.html?from=search")
    assert (old.status_code, old.headers["location"]) == (
        301,
        local_system.site_url("cli-tale", "/about.html?from=search"),
    )
    assert local_system.page("cli-tale", "/about.html") and local_system.page("cli-tale")
    assert local_system.site_url("cli-tale", "") in command_line.text("site", "show", "cli-story")

    said = command_line.text("edit", "cli-story", 'Set the title of about.html to "Us"', "--base", "1")
    assert "it will not have the changes of version 2" in said.splitlines()[0]
    assert "Made from version 1. It does not have the changes of version 2." in said
    assert "ask once more without --base" in said
    assert "These are 1 of 3 versions" in command_line.text("versions", "cli-story", "--limit", "1")


def test_a_question_changes_nothing_and_is_answered(command_line: CommandLine, shared_site: str) -> None:
    answered = command_line.run("edit", shared_site, "help", "--json")
    assert answered.returncode == 3
    document = json.loads(answered.stdout)
    assert (document["version"], document["job"]["outcome"]) == (None, "unchanged")
    told = command_line.run("edit", shared_site, "help")
    assert told.returncode == 3
    said = [line for line in told.stdout.splitlines() if not line.startswith(("fetching", "editing"))]
    assert said[0] == "Nothing was changed."
    assert said[1].startswith("The agent says: ")
    assert command_line.json("jobs", "--site", shared_site)[0]["outcome"] == "unchanged"
    assert "3 if nothing was changed" in command_line.text("edit", "--help")


def test_export_and_import(command_line: CommandLine, shared_site: str, tmp_path: Path) -> None:
    file = f"{shared_site}-v1.tar.gz"
    assert command_line.json("export", shared_site, "1") == {"site": shared_site, "version": 1, "file": file}
    with tarfile.open(tmp_path / file) as artifact:
        assert {"source/index.html", "public/index.html"} <= set(artifact.getnames())
    again = command_line.run("export", shared_site, "1")
    assert (again.returncode, "is there already" in again.stderr) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == [file]

    with zipfile.ZipFile(tmp_path / "My Site.zip", "w") as archive:
        archive.writestr("index.html", "<!doctype html><html lang=en><title>Mine</title><h1>Mine</h1></html>")
    made = command_line.json("import", "My Site.zip")
    assert made["site"]["name"] == "my-site"
    assert made["job"]["version"] == 1
    command_line.json("export", "my-site", "--zip")
    with zipfile.ZipFile(tmp_path / "my-site-v1.zip") as saved:
        assert b"<h1>Mine</h1>" in saved.read("index.html")

    assert command_line.json("site", "set", "my-site", "--title", "Ours")["title"] == "Ours"
    removed = command_line.json("site", "delete", "my-site")
    assert (removed["title"], removed["late"]) == ("Ours", "")
    assert "The site my-site was deleted." in command_line.run("site", "show", "my-site").stderr
    assert command_line.json("site", "deleted") == [removed]
    assert command_line.json("site", "undelete", "my-site")["latest"] == 1


def test_a_preview_is_told_only_as_it_was_seen(command_line: CommandLine, local_system: LocalSystem) -> None:
    """Storage wishes it, and something on the web host is in its way: no address, but the host and what it says."""
    obstacle = local_system.folder.root / "sites/cli-late"
    obstacle.write_text("in the way")
    late = "is made; its preview is not served yet: 127.0.0.1:"
    made = command_line.text("site", "create", "cli-late")
    assert f"Version 1 {late}" in made
    assert "Preview:" not in made
    assert "preview    version 1 " in (shown := command_line.text("site", "show", "cli-late"))
    assert "not served yet" in shown
    edited = command_line.json("edit", "cli-late", 'Change the headline to "Late"')
    assert (edited["preview"]["version"], edited["preview"]["served"]) == (2, False)
    assert edited["preview"]["late"][0]["reason"]
    obstacle.unlink()
    edited = command_line.text("edit", "cli-late", 'Change the headline to "In time"')
    assert f"Preview: {local_system.site_url('preview--cli-late', '')}" in edited


def test_a_site_without_a_home_page_is_published_by_those_who_know(
    command_line: CommandLine, local_system: LocalSystem, tmp_path: Path
) -> None:
    page = "<!doctype html><html lang=en><title>Mine</title>"
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as archive:
        archive.writestr("index.html", page)
    told = "Visitors will see an empty page"
    said = command_line.text("import", "empty.zip", "--site", "cli-empty")
    assert told in said
    assert "pagewright promote cli-empty 1 --accept-failed-checks" in said
    refused = command_line.run("promote", "cli-empty", "1")
    assert (refused.returncode, told in refused.stderr, "`--accept-failed-checks`" in refused.stderr) == (1, True, True)
    assert "current" not in command_line.json("site", "show", "cli-empty")["slots"]
    assert "live" in command_line.text("promote", "cli-empty", "1", "--accept-failed-checks")
    assert local_system.page("cli-empty") == page


def test_an_import_that_fails_is_one_document_for_programs(command_line: CommandLine, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        for folder in ("de", "en"):
            archive.writestr(f"{folder}/index.html", "<!doctype html><html lang=en><title>Two</title><h1>Two</h1>")
    done = command_line.run("import", "two.zip", "--site", "cli-two", "--json")
    problem = json.loads(done.stderr)
    assert (done.returncode, done.stdout, problem["title"]) == (1, "", "Job failed")
    assert (problem["type"], problem["choices"]) == ("about:blank", ["de", "en", "."])
    assert "`--root`" in problem["hint"]
    assert command_line.json("jobs", "--site", "cli-two")[0]["id"] == problem["job"]
    told = command_line.run("import", "two.zip", "--site", "cli-two").stderr
    assert "`--root`" in told


def test_a_site_that_lost_its_owner_is_named_and_adopted(command_line: CommandLine, local_system: LocalSystem) -> None:
    assert command_line.text("site", "orphans") == "Every site in storage has an owner.\n"
    local_system.new_site("cli-orphan")
    with closing(sqlite3.connect(local_system.folder.root / "api/pagewright.db", timeout=30)) as database, database:
        for table, column in (("messages", "site"), ("jobs", "site"), ("sites", "name")):
            database.execute(f"DELETE FROM {table} WHERE {column} = 'cli-orphan'")
    assert command_line.text("site", "orphans").split() == "cli-orphan version 1 is by owner@localhost".split()
    assert command_line.text("site", "adopt", "cli-orphan", "owner@localhost") == (
        "cli-orphan belongs to owner@localhost now.\n"
    )
    assert command_line.json("site", "orphans") == []
    assert local_system.edit("cli-orphan", 'Change the headline to "Found"')["version"] == 2


def test_users_and_tokens(command_line: CommandLine) -> None:
    made = command_line.json("user", "add", "baker@example.org")
    assert made["user"]["email"] == "baker@example.org"
    assert made["sign_in_link"].startswith("http")
    token = command_line.text("token", "create", "a script").strip()
    command_line.environment["PAGEWRIGHT_TOKEN"] = token
    command_line.text("site", "list")
    command_line.environment["PAGEWRIGHT_TOKEN"] = token + "x"
    refused = command_line.run("site", "list")
    assert (refused.returncode, refused.stdout) == (1, "")


def test_the_configuration_file_names_api_and_token(command_line: CommandLine, tmp_path: Path) -> None:
    kept = {name: command_line.environment.pop(f"PAGEWRIGHT_{name.upper()}") for name in ("url", "token")}
    file = tmp_path / ".config/pagewright/config.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(kept))
    assert command_line.json("site", "list")
    file.write_text("{")
    broken = command_line.run("site", "list")
    assert (broken.returncode, "config.json can't be read" in broken.stderr) == (1, True)


def test_ctrl_c_cancels_an_edit_and_the_site_stays_as_it_was(
    command_line: CommandLine, local_system: LocalSystem, shared_site: str
) -> None:
    """I8"""
    latest = local_system.client.get(f"/sites/{shared_site}")["latest"]
    model = local_system.pid("model")
    os.kill(model, signal.SIGSTOP)  # the edit is not over before somebody stops it
    try:
        editing = command_line.start("edit", shared_site, 'Change the headline to "Never"')
        assert editing.stdout
        assert editing.stdout.readline()
        editing.send_signal(signal.SIGINT)
        _, said = editing.communicate(timeout=60)
    finally:
        os.kill(model, signal.SIGCONT)
    assert (editing.returncode, "Cancelled." in said) == (1, True)

    def job() -> dict[str, object] | None:
        newest: dict[str, object] = command_line.json("jobs", "--site", shared_site)[0]
        return newest if newest["state"] not in ("queued", "running") else None

    ended = wait_until(job, "the job ends")
    assert ended["state"] == "cancelled"
    assert local_system.client.get(f"/sites/{shared_site}")["latest"] == latest
    again = command_line.text("cancel", str(ended["id"]))
    assert "is cancelled" in again


def test_verify_proves_the_storage_and_finds_a_changed_byte(
    command_line: CommandLine, local_system: LocalSystem, tmp_path: Path
) -> None:
    """I9"""
    keys = str(local_system.folder.trusted_keys)
    assert command_line.json("verify", str(local_system.folder.root / "storage"), keys)["ok"]
    half = command_line.run("verify", str(local_system.folder.root / "storage"))
    assert (half.returncode, "public keys, too" in half.stderr) == (1, True)
    missing = command_line.run("verify", str(tmp_path / "nothing"), keys)
    assert missing.returncode == 1
    assert missing.stderr


def test_every_command_finds_the_local_run_by_itself(bare: CommandLine, local_system: LocalSystem) -> None:
    """Without `. .run/env`, wherever one is; its token goes to its own address alone."""
    bare.environment["PAGEWRIGHT_RUN_DIRECTORY"] = str(local_system.folder.root)
    assert "demo" in [site["name"] for site in bare.json("site", "list")]
    assert bare.json("verify")["ok"]
    assert bare.json("confirm-storage") == {"sites": []}
    doctor = json.loads(bare.run("doctor", "--json").stdout)
    told = {item["name"]: item["detail"] for item in doctor}
    assert told["local system"] == f"answers at {local_system.url}"
    bare.environment["PAGEWRIGHT_URL"] = f"http://127.0.0.1:{local_system.ui_port}"
    other = bare.run("site", "list")
    assert (other.returncode, "Sign in" in other.stderr or "token" in other.stderr) == (1, True)


def test_doctor_finds_what_set_up_installs(command_line: CommandLine) -> None:
    """Ports and the local system are the machine's affair; what set-up installs must be in place."""
    done = command_line.run("doctor", "--json")
    found = {item["name"]: item["ok"] for item in json.loads(done.stdout)}
    wanted = ["system", "Python", "Redis", "nginx", "Chromium", "Codex", "sandbox"]
    assert {name: found[name] for name in wanted} == dict.fromkeys(wanted, True)


@pytest.mark.parametrize(
    ("program", "why"),
    [("", "PermissionError"), ("#!/bin/sh\nprintf '\\377'\n", "UnicodeDecodeError")],
)
def test_doctor_goes_on_when_one_thing_cannot_be_looked_at(bare: CommandLine, program: str, why: str) -> None:
    chromium = bare.directory / "chromium"
    chromium.write_text(program)
    chromium.chmod(0o755 if program else 0o644)
    bare.environment["PAGEWRIGHT_WORKER_CHROMIUM"] = str(chromium)
    done = bare.run("doctor", "--json")
    found = {item["name"]: item for item in json.loads(done.stdout)}
    assert (found["Chromium"]["ok"], found["sandbox"]["ok"]) == (False, True)
    assert f"It could not be looked at: {why}" in found["Chromium"]["detail"]
    assert json.loads(done.stderr)["detail"] == "Not everything is in place."
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["site", "show", "nowhere"], "no"),
        (["edit", "nowhere", "Hello"], "no"),
        (["promote", "nowhere", "1"], "no"),
        (["cancel", "0" * 28], "There is no such job."),
        (["import", "missing.zip"], "There is no file missing.zip."),
        (["site", "create", "Not A Name"], ""),
    ],
)
def test_what_fails_says_why_on_stderr_alone(command_line: CommandLine, words: list[str], reason: str) -> None:
    done = command_line.run(*words)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("pagewright: ")
    assert reason in done.stderr
    assert "Traceback" not in done.stderr


def test_an_api_that_is_away_is_a_sentence(bare: CommandLine) -> None:
    bare.environment["PAGEWRIGHT_URL"] = "http://127.0.0.1:1"
    done = bare.run("site", "list")
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "pagewright: The API at http://127.0.0.1:1 can't be reached."
    bare.environment["PAGEWRIGHT_URL"] = "nonsense"
    assert "is no API's address" in bare.run("site", "list").stderr


@pytest.mark.parametrize("words", [[], ["site"], ["nonsense"], ["diff", "demo", "one", "2"]])
def test_a_wrong_command_line_exits_2(bare: CommandLine, words: list[str]) -> None:
    done = bare.run(*words)
    assert done.returncode == 2
    assert "usage: pagewright" in done.stderr


def test_version_and_help(bare: CommandLine) -> None:
    assert bare.text("--version").startswith("pagewright 0.")
    assert "rollback" in bare.text("--help")
