"""One machine, rolled out by the playbook: it does the main job, stays as it is, and comes back after a reboot.

The tests use one machine and stand in the order of its life.
"""

import json
import re

import pytest

from tests.machine.booted_machine import Machine
from tests.machine.controller import Controller
from tests.machine.faults import standing_still
from tests.machine.owned_files import pages
from tests.machine.owner import create, edit, publish
from tests.machine.rollout import ADMIN_EMAIL, APP_HOST, SITES_DOMAIN, Installation
from tests.machine.visitor import Visitor
from tests.support.load import running_load
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.machine, pytest.mark.xdist_group("machine")]

SITE, OTHER_SITE = "bakery", "florist"
HEADLINE = "Fresh bread from six"
DAEMONS = ("storage", "model", "worker@1", "worker@2", "deployer", "api")
UNITS = (*(f"pagewright-{daemon}.service" for daemon in DAEMONS), "redis-server", "nginx", "pagewright-verify.timer")


def test_every_unit_is_active(machine: Machine) -> None:
    assert machine.output(f"systemctl is-active {' '.join(UNITS)}").split() == ["active"] * len(UNITS)
    assert machine.output("systemctl --failed --no-legend --plain") == ""


def test_daemons_are_users_of_their_own_and_secrets_are_roots(machine: Machine) -> None:
    users = machine.output("ps -o user:32= -p $(systemctl show --value -p MainPID 'pagewright-*.service' | xargs)")
    assert sorted(set(users.split())) == sorted(
        f"pagewright-{name}" for name in ("api", "deployer", "model", "storage", "worker")
    )
    modes = machine.output("stat -c '%a %U' /etc/pagewright/credentials/* /etc/pagewright/tls/key.pem").splitlines()
    assert set(modes) == {"600 root"}


def test_only_ssh_and_the_web_are_open(machine: Machine) -> None:
    listening = machine.output("ss -Hltn | awk '{print $4}'").split()
    assert {address.rpartition(":")[2] for address in listening} == {"22", "80", "443"}
    assert "policy drop" in machine.output("nft list chain inet filter input")


def test_redis_asks_for_a_password(machine: Machine) -> None:
    assert "NOAUTH" in machine.output("redis-cli -s /run/redis/redis-server.sock ping")


def test_plain_http_leads_to_https_and_https_answers(owner: Visitor) -> None:
    redirect = owner.get_plain(APP_HOST, "/sites?x=1")
    assert (redirect.status, redirect.headers["location"]) == (301, f"https://{APP_HOST}/sites?x=1")
    page = owner.get(APP_HOST, "/sign-in")
    assert page.status == 200 and b"PageWright" in page.body
    assert "max-age=31536000" in page.headers["strict-transport-security"]
    assert owner.get(APP_HOST, "/static/htmx.min.js").status == 200


def test_the_first_user_signs_in_by_a_link(controller: Controller, owner: Visitor) -> None:
    (said,) = controller.perform("The first user")
    (link,) = (line for line in said.split() if "/sign-in/" in line)
    assert link.startswith(f"https://{APP_HOST}/sign-in/")
    assert owner.get(APP_HOST, link.removeprefix(f"https://{APP_HOST}")).status == 200
    token = json.dumps({"sign_in_token": link.rpartition("/")[2]}).encode()
    tries = [owner.ask("POST", APP_HOST, "/api/v1/session", {"Content-Type": "application/json"}, token) for _ in "12"]
    assert [answer.status for answer in tries] == [204, 401]
    assert {"Secure", "HttpOnly"} <= set(tries[0].headers["set-cookie"].split("; "))


def test_a_mail_leaves_by_the_only_way_that_the_api_has(machine: Machine, owner: Visitor) -> None:
    sink = 'import asyncore, smtpd; smtpd.DebuggingServer(("127.0.0.1", 2525), None); asyncore.loop()'
    machine.output(f"systemd-run --unit=mail-sink --collect /usr/bin/python3 -u -W ignore -c '{sink}'")
    try:
        wait_until(lambda: machine.run("ss -Hltn sport = 2525").stdout, "the mail server listens")
        form = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        answer = owner.ask("POST", APP_HOST, "/forgotten-password", form, f"email={ADMIN_EMAIL}".encode())
        assert answer.status == 200, answer.body
        mail = lambda: machine.output("journalctl -u mail-sink -o cat")  # noqa: E731
        wait_until(lambda: f"https://{APP_HOST}/sign-in/" in mail(), "the mail has arrived")
    finally:
        machine.output("systemctl stop mail-sink")


def test_an_operator_can_look(controller: Controller, installation: Installation) -> None:
    units, ready = controller.perform("Look")
    assert "pagewright-worker@2.service" in units
    assert "ready" in ready


def test_the_main_job(machine: Machine, owner: Visitor) -> None:
    """Create, edit, look at the preview, publish, roll back: Codex, sandbox, Chromium and nginx are the real ones."""
    create(owner, SITE)
    before = owner.site(SITE)
    job = owner.finished(edit(owner, SITE, HEADLINE))
    assert job["version"] == 2
    checks = {check["name"]: check["status"] for check in owner.call("GET", f"/sites/{SITE}/versions/2")["checks"]}
    assert checks and set(checks.values()) <= {"passed", "warning"}
    assert HEADLINE.encode() in owner.site(f"preview--{SITE}")
    assert owner.site(SITE) == before
    publish(owner, SITE, 2)
    assert HEADLINE.encode() in owner.site(SITE)
    publish(owner, SITE, 1)
    assert owner.site(SITE) == before
    assert machine.output("systemctl list-units --all --plain --no-legend 'pagewright-job@*.service'") == ""


def test_the_journal_tells_one_jobs_story_over_all_daemons(machine: Machine, owner: Visitor) -> None:
    """I9, for operators: who took it, what the model was asked, what was stored, what was released."""
    job = owner.finished(edit(owner, SITE, "Told by the journal"))
    entries = machine.output(f"journalctl PAGEWRIGHT_JOB={job['id']} -o json --output-fields=SYSLOG_IDENTIFIER")
    tellers = {json.loads(line)["SYSLOG_IDENTIFIER"] for line in entries.splitlines()}
    assert tellers >= {f"pagewright-{name}" for name in ("api", "worker", "model", "storage", "deployer")}


def test_the_journal_tells_one_requests_story(machine: Machine, owner: Visitor) -> None:
    """By the number that nginx gave it, which storage was told, too."""
    publish(owner, SITE, 1)
    said = machine.output(
        "journalctl -u pagewright-api --grep 'shall show' -n 1 -o json --output-fields=PAGEWRIGHT_REQUEST"
    )
    entries = machine.output(f"journalctl PAGEWRIGHT_REQUEST={json.loads(said)['PAGEWRIGHT_REQUEST']} -o json")
    tellers = {json.loads(line)["SYSLOG_IDENTIFIER"] for line in entries.splitlines()}
    assert tellers >= {"pagewright-api", "pagewright-storage"}


def test_the_journal_says_why_a_job_failed(machine: Machine, controller: Controller, owner: Visitor) -> None:
    """The model API is an address of this machine, where nginx knows nobody of that name."""
    keep_settings = "cd /etc/pagewright && cp model.env before.env"
    machine.output(f"{keep_settings} && echo PAGEWRIGHT_MODEL_BASE_URL=http://127.0.0.1/v1 >>model.env")
    machine.output("systemctl restart pagewright-model")
    job = owner.ended(edit(owner, SITE, "Nobody to ask"))
    machine.output("mv /etc/pagewright/before.env /etc/pagewright/model.env && systemctl restart pagewright-model")
    assert job["state"] == "failed" and "(421)" in job["error"]["detail"], job
    (story,) = controller.perform("Why did this job fail?", {"01k9exampleexampleexampleex": job["id"]})
    assert job["error"]["detail"] in story


def test_sites_are_served_over_https_alone(owner: Visitor) -> None:
    assert owner.get(f"{SITE}.{SITES_DOMAIN}").headers["strict-transport-security"].startswith("max-age=")
    redirect = owner.get_plain(f"{SITE}.{SITES_DOMAIN}", "/about.html")
    assert redirect.headers["location"] == f"https://{SITE}.{SITES_DOMAIN}/about.html"


def test_verify_proves_the_storage(machine: Machine) -> None:
    """And storage tells since when, so that an alert can tell of nights without."""
    began = float(machine.output("date +%s"))
    machine.output("systemctl start pagewright-verify.service")
    metrics = machine.output("curl -fsS --unix-socket /run/pagewright/storage/admin.sock http://localhost/metrics")
    (proven,) = re.findall(r"^pagewright_verify_timestamp_seconds (\S+)$", metrics, re.MULTILINE)
    assert float(proven) >= began


def test_a_second_run_changes_nothing(installation: Installation) -> None:
    for arguments in ((), ("--check",)):
        recap = installation.roll_out("site.yml", *arguments)
        assert recap.changed == {}, recap.output[-6000:]


def test_secrets_that_were_taken_away_are_made_anew(
    installation: Installation, controller: Controller, owner: Visitor
) -> None:
    """All who use them get the new ones, jobs are done as before, and what an old key has signed is believed.

    Also where a first run has come to the deployer, and not to the api.
    """

    def run_that_breaks_off(done: int) -> None:
        if done == 4:
            wrong = {"deployer_settings": {"PAGEWRIGHT_DEPLOYER_COMPARE_SECONDS": "soon"}}
            recap = installation.play("site.yml", "-e", json.dumps(wrong))
            assert recap.status != 0 and "pagewright-deployer" in recap.output, recap.output[-6000:]

    before = credentials(installation)
    controller.perform("Change a secret", after=run_that_breaks_off)
    changed = {name for name, value in credentials(installation).items() if value != before[name]}
    assert changed == before.keys() - {"pagewright_api_database_url", "pagewright_api_mail_url"}
    owner.finished(edit(owner, SITE, "New secrets"))
    installation.group("storage")[0].output("systemctl start pagewright-verify.service")


def test_it_comes_back_after_a_reboot(machine: Machine, owner: Visitor) -> None:
    """Every site is served, and the job that was under way gets done."""
    create(owner, OTHER_SITE)
    shown = [SITE, OTHER_SITE, f"preview--{OTHER_SITE}"]
    before = pages(owner, shown)
    with standing_still(machine, "pagewright-model"):
        job = edit(owner, SITE, "We are back")
        wait_until(lambda: owner.call("GET", f"/jobs/{job['id']}")["state"] == "running", "the job runs")
        machine.reboot()
    assert machine.output(f"systemctl is-active {' '.join(UNITS)}").split() == ["active"] * len(UNITS)
    assert pages(owner, shown) == before
    publish(owner, SITE, owner.finished(job)["version"])
    assert b"We are back" in owner.site(SITE)


def test_users_and_sites_move_from_sqlite_to_postgresql(
    installation: Installation, controller: Controller, owner: Visitor
) -> None:
    """Without the runbook nothing is changed; with it everything is there, and sites are served all the time."""
    (machine,) = installation.group("pagewright")
    asked = ("/me", "/tokens", "/sites", f"/sites/{SITE}/messages", f"/audit?site={SITE}")
    before = [owner.call("GET", path) for path in asked]
    installation.groups = {**installation.groups, "database": [machine.name]}
    recap = installation.play()
    assert recap.status != 0 and "has its users and sites in SQLite" in recap.output
    with running_load(lambda: owner.site(SITE), pause=0.02) as load:
        controller.perform("From SQLite to PostgreSQL")
    assert load.faults == []
    assert [owner.call("GET", path) for path in asked] == before
    owner.finished(edit(owner, SITE, "In PostgreSQL"))
    assert "postgresql" in machine.output("cat /etc/pagewright/credentials/pagewright_api_database_url")


def credentials(installation: Installation) -> dict[str, str]:
    """The sum of each secret's file."""
    (machine,) = installation.group("pagewright")
    sums = machine.output("cd /etc/pagewright/credentials && sha256sum *").splitlines()
    return {name: value for value, name in map(str.split, sums)}
