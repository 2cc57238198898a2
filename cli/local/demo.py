"""`make demo`: one edit from message to visitor, published and rolled back, told step by step."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from cli.client import DEFAULT_URL, ApiClient
from cli.local.finding import api_of
from cli.local.first_start import DEMO_SITE, prepare
from cli.local.folder import RunFolder, is_running
from cli.local.programs import Ports
from cli.local.system import running_system
from cli.local.visitor import visit
from cli.terminal_text import changed_files, checks, event_text
from shared.domain.errors import PageWrightError

_STARTING_SECONDS = 60


class DemoFailed(PageWrightError):
    """Something was not as it must be."""


class StepPrinter:
    """Prints each step with the seconds since the beginning."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def say(self, text: str) -> None:
        """One line."""
        print(f"{time.monotonic() - self._began:6.1f} s  {text}", flush=True)


def demo(folder: RunFolder, ports: Ports) -> None:
    """Raises a PageWrightError with the reason if anything is not as it must be."""
    printer = StepPrinter()
    with _owner(folder, ports, printer) as client:
        site = client.get(f"/sites/{DEMO_SITE}")
        before = visit(site["urls"]["current"])
        headline = f"Baked at {time.strftime('%H:%M:%S')}"
        version = _edit(client, headline, printer)
        _compare(visit(site["urls"]["preview"]), headline, expected=True, who="the preview")
        _compare(visit(site["urls"]["current"]), headline, expected=False, who="visitors")
        printer.say(f"preview has it: {site['urls']['preview']}; visitors still see version {site['slots']['current']}")
        _deploy(client, version)
        _compare(visit(site["urls"]["current"]), headline, expected=True, who="visitors")
        printer.say(f"published: visitors see version {version} at {site['urls']['current']}")
        _deploy(client, site["slots"]["current"])
        if visit(site["urls"]["current"]) != before:
            raise DemoFailed("After the rollback visitors do not get the same bytes as before.")
        printer.say(f"rolled back: visitors see version {site['slots']['current']} again, byte for byte")
    printer.say("done; everything was as it must be")


@contextmanager
def _owner(folder: RunFolder, ports: Ports, printer: StepPrinter) -> Iterator[ApiClient]:
    """A client of the system that runs from this folder, or of one started for this demo."""
    if is_running(folder):
        printer.say("using the system that runs from this folder")
        yield _running_owner(folder)
        return
    printer.say("starting the local system")
    with running_system(folder, ports) as system:
        printer.say("every daemon is ready")
        client = prepare(system)
        printer.say(f"the demo site is there: {system.site_url(DEMO_SITE)}")
        yield client
        printer.say("stopping the local system")


def _running_owner(folder: RunFolder) -> ApiClient:
    """The owner's client once the demo site is live. No retry: waits for a system that starts."""
    deadline = time.monotonic() + _STARTING_SECONDS
    while True:
        known = api_of(folder)
        try:
            client = ApiClient(known.url or DEFAULT_URL, known.token)
            if client.get(f"/sites/{DEMO_SITE}")["slots"].get("current"):
                return client
        except PageWrightError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.2)


def _edit(client: ApiClient, headline: str, printer: StepPrinter) -> int:
    message = f'Change the headline of the home page to "{headline}"'
    job = client.post(f"/sites/{DEMO_SITE}/jobs", {"message": message})
    printer.say(f"asked: {message}")
    for name, event in client.events(job["id"]):
        if text := event_text(name, event):
            printer.say(f"  {text}")
    job = client.get(f"/jobs/{job['id']}")
    if job["state"] != "succeeded" or not job["version"]:
        raise DemoFailed(f"The job ended as {job['state']}: {(job['error'] or {}).get('detail', job['answer'])}")
    version = client.get(f"/sites/{DEMO_SITE}/versions/{job['version']}")
    printer.say(f"version {version['number']}: {changed_files(version)}; checks: {checks(version)}")
    return int(job["version"])


def _deploy(client: ApiClient, version: int) -> None:
    client.post(f"/sites/{DEMO_SITE}/deployments", {"slot": "current", "version": version})


def _compare(page: bytes, text: str, *, expected: bool, who: str) -> None:
    if (text.encode() in page) is not expected:
        raise DemoFailed(f"{who.capitalize()} {'do not ' if expected else ''}see the new headline.")
