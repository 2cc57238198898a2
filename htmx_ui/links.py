"""The addresses of the HTML pages, once: templates link with them, the api routes them."""

from urllib.parse import quote, urlencode

SITES = "/sites"
NEW_SITE = "/sites/new"
SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"


def site(name: str, version: int | None = None, page: str | None = None, tab: str | None = None) -> str:
    """One site, perhaps with a version or a page of it in the preview."""
    chosen = {"version": version, "page": page, "tab": tab}
    query = urlencode({key: value for key, value in chosen.items() if value is not None})
    return f"{SITES}/{name}" + (f"?{query}" if query else "")


def messages(name: str) -> str:
    """Where a message to the agent is posted."""
    return f"{SITES}/{name}/messages"


def live(name: str) -> str:
    """The parts of a site's page that change while it is open."""
    return f"{SITES}/{name}/live"


def job(name: str, job_id: str) -> str:
    """One request and how far it is."""
    return f"{SITES}/{name}/jobs/{job_id}"


def job_events(job_id: str) -> str:
    """The API's stream of a job's events."""
    return f"/api/v1/jobs/{job_id}/events"


def stop(name: str, job_id: str) -> str:
    """Where a stop is posted."""
    return f"{job(name, job_id)}/stop"


def retry(name: str, job_id: str) -> str:
    """Where a second try is posted."""
    return f"{job(name, job_id)}/retry"


def versions(name: str, before: int) -> str:
    """More of a site's versions, older than `before`."""
    return f"{SITES}/{name}/versions?before={before}"


def changes(name: str, version: int) -> str:
    """What a version changed."""
    return f"{SITES}/{name}/versions/{version}/changes"


def publish(name: str, version: int) -> str:
    """Asking before publishing (GET) and publishing (POST)."""
    return f"{SITES}/{name}/versions/{version}/publish"


def preview(name: str, version: int) -> str:
    """Where "show this in the preview" is posted."""
    return f"{SITES}/{name}/versions/{version}/preview"


def picture(name: str, version: int, page: str, viewport: str) -> str:
    """A screenshot of a version's page."""
    return f"{SITES}/{name}/versions/{version}/pictures/{viewport}/{quote(page)}"


def template_picture(name: str) -> str:
    """The picture of a site template."""
    return f"/static/site-templates/{name}.jpg"
