"""Gives a new local system its owner, a token in `.run/env`, and a published demo site."""

import shlex
import subprocess

from cli.client import ApiClient
from cli.daemon_module import DaemonModule
from cli.local.credentials import write_private
from cli.local.finding import api_of
from cli.local.programs import Program
from cli.local.system import LocalSystem
from daemons import api as daemon_package
from shared.domain.errors import NotFound, NotSignedIn, PageWrightError, Unavailable

OWNER = "owner@localhost"
DEMO_SITE = "demo"
_OPERATOR_SECONDS = 30


def prepare(system: LocalSystem) -> ApiClient:
    """A client for the owner; makes owner, token and demo site if they are missing."""
    token = _working_token(system)
    if token is None:
        token = _new_token(system)
        lines = {"PAGEWRIGHT_URL": system.url, "PAGEWRIGHT_TOKEN": token}
        text = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in lines.items())
        write_private(system.folder.environment_file, text)
    client = ApiClient(system.url, token)
    _make_demo_site(client)
    return client


def sign_in_link(system: LocalSystem) -> str:
    """A link that signs the owner in, once."""
    return _operator(system.operator, "sign-in-link", OWNER)


def _working_token(system: LocalSystem) -> str | None:
    """The token of an earlier start, if it is for this address and the api still knows it."""
    known = api_of(system.folder)
    if known.url != system.url:
        return None
    try:
        ApiClient(system.url, known.token).get("/sites", limit=1)
    except NotSignedIn:
        return None
    return known.token


def _new_token(system: LocalSystem) -> str:
    try:
        return _operator(system.operator, "add-user", OWNER, "--admin", "--token", "local run")
    except Unavailable:  # the owner is there already
        return _operator(system.operator, "create-token", OWNER, "--name", "local run")


def _operator(api: Program, *words: str) -> str:
    """One command of the api's operator tool, with the api's own settings; the line that it prints."""
    command = api.whole_command()
    command[command.index(daemon_package.__name__)] = DaemonModule.OPERATOR
    done = subprocess.run(
        [*command, *words], capture_output=True, text=True, check=False, timeout=_OPERATOR_SECONDS, cwd="/"
    )
    if done.returncode:
        raise Unavailable(f"The api's operator tool failed at {words[0]}: {done.stderr.strip()[-500:]}")
    return done.stdout.strip()


def _make_demo_site(client: ApiClient) -> None:
    try:
        client.get(f"/sites/{DEMO_SITE}")
    except NotFound:
        made = client.post("/sites", {"name": DEMO_SITE, "title": "Demo", "template": "small-business"})
        for _ in client.events(made["job"]["id"]):
            pass
        job = client.get(f"/jobs/{made['job']['id']}")
        if job["state"] != "succeeded":
            reason = (job["error"] or {}).get("detail", job["state"])
            raise PageWrightError(f"The demo site could not be made: {reason}") from None
        client.post(f"/sites/{DEMO_SITE}/deployments", {"slot": "current", "version": job["version"]})
