"""The addresses of the HTML pages, once: templates link with them, the api routes them."""

from urllib.parse import quote, urlencode

from htmx_ui.site_list_parts import SiteFilter

SITES = "/sites"
# Not below /sites: a site may be called `new`.
NEW_SITE = "/new-site"
NEW_ADDRESS = "/new-site/address"
SITE_GROUPS = "/site-groups"
SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"
FORGOTTEN_PASSWORD = "/forgotten-password"  # noqa: S105 -- an address
ACCOUNT = "/account"
END_SESSION = "/account/sessions/end"
END_TOKEN = "/account/tokens/end"  # noqa: S105 -- an address
STATUS = "/status"
STATIC = "/static"


def sign_in_link(token: str) -> str:
    """A one-time link."""
    return f"{SIGN_IN}/{token}"


def sites(asked: SiteFilter, *, after: str | None = None, show: int = 0, arrange: bool = False) -> str:
    """The list of the sites that are asked for, behind one of them or from the beginning, perhaps to put in groups."""
    chosen = {"q": asked.search, "group": asked.group, "waiting": "yes" if asked.waiting else ""}
    chosen |= {"show": str(show or asked.show or ""), "arrange": "yes" if arrange else "", "after": after or ""}
    query = urlencode({key: value for key, value in chosen.items() if value})
    return SITES + (f"?{query}" if query else "")


def group_sites(asked: SiteFilter, after: str | None = None) -> str:
    """Where sites of this part of the list are put into groups."""
    return SITE_GROUPS + sites(asked, after=after).removeprefix(SITES)


def site(
    name: str,
    *,
    version: int | None = None,
    page: str | None = None,
    tab: str | None = None,
    notice: str | None = None,
    before: str | None = None,
    edit: str | None = None,
) -> str:
    """One site, perhaps with an older version or another page in the preview, or a notice (of `notices.NOTICES`).

    With `before` it shows the requests before that one, with `edit` that one, which waits, in a form.
    """
    chosen = {"version": version, "page": page, "tab": tab, "notice": notice, "before": before, "edit": edit}
    query = urlencode({key: value for key, value in chosen.items() if value is not None})
    return f"{SITES}/{name}" + (f"?{query}" if query else "")


def settings(name: str, *, notice: str | None = None) -> str:
    """A site's settings, perhaps with a notice."""
    return f"{SITES}/{name}/settings" + (f"?{urlencode({'notice': notice})}" if notice else "")


def set_title(name: str) -> str:
    """Where a new title is posted."""
    return f"{settings(name)}/title"


def set_checks(name: str) -> str:
    """Where it is posted what holds a site's changes back."""
    return f"{settings(name)}/checks"


def set_address(name: str) -> str:
    """Where a new address is posted."""
    return f"{settings(name)}/address"


def export(name: str) -> str:
    """A site's files to keep, as a zip."""
    return f"{settings(name)}/export"


def delete_site(name: str) -> str:
    """Where "delete this site" is posted."""
    return f"{settings(name)}/delete"


def undelete_site(name: str) -> str:
    """Where "bring this site back" is posted."""
    return f"{SITES}/{name}/undelete"


def messages(name: str) -> str:
    """Where a message to the agent is posted."""
    return f"{SITES}/{name}/messages"


def earlier_messages(name: str, before_job: str) -> str:
    """The requests before this one."""
    return f"{messages(name)}?{urlencode({'before': before_job})}"


def message(name: str, key: str) -> str:
    """Whether the message with this key was taken."""
    return f"{messages(name)}/{key}"


def uploads(name: str) -> str:
    """Where a file for a message is posted."""
    return f"{SITES}/{name}/uploads"


def other_archive(name: str) -> str:
    """Where another archive is posted for a site that has no version yet."""
    return f"{SITES}/{name}/archive"


def remove_unmade(name: str) -> str:
    """Where "remove this site" is posted, which has no version."""
    return f"{SITES}/{name}/remove"


def live(name: str) -> str:
    """The parts of a site's page that change while it is open."""
    return f"{SITES}/{name}/live"


def events(name: str, after: str = "") -> str:
    """The live events of a site's page, of which it has seen those up to a position."""
    return f"{SITES}/{name}/events" + (f"?after={after}" if after else "")


def job(name: str, job_id: str) -> str:
    """One request and how far it is."""
    return f"{SITES}/{name}/jobs/{job_id}"


def stop(name: str, job_id: str) -> str:
    """Where a stop is posted."""
    return f"{job(name, job_id)}/stop"


def retry(name: str, job_id: str) -> str:
    """Where a second try is posted."""
    return f"{job(name, job_id)}/retry"


def edit(name: str, job_id: str) -> str:
    """Where another text of a request that waits is posted."""
    return f"{job(name, job_id)}/edit"


def move(name: str, job_id: str) -> str:
    """Where it is posted that a request that waits goes before another one."""
    return f"{job(name, job_id)}/move"


def withdraw(name: str) -> str:
    """Where the withdrawal of requests that wait is posted."""
    return f"{SITES}/{name}/withdraw"


def versions(name: str) -> str:
    """More of a site's versions."""
    return f"{SITES}/{name}/versions"


def older_versions(name: str, before: int) -> str:
    """A site's versions before this number."""
    return f"{versions(name)}?before={before}"


def changes(name: str, version: int | str) -> str:
    """What a version changed."""
    return f"{versions(name)}/{version}/changes"


def seen(name: str, version: int | str) -> str:
    """What looks different in a version, with pictures, for its card."""
    return f"{versions(name)}/{version}/seen"


def changed_part(name: str, version: int | str) -> str:
    """A small picture of what looks different in a version, for the list of versions."""
    return f"{versions(name)}/{version}/changed-part"


def compare(name: str, **chosen: object) -> str:
    """Two versions of a page beside each other; by default what visitors see and the newest."""
    query = urlencode({key: value for key, value in chosen.items() if value})
    return f"{SITES}/{name}/compare" + (f"?{query}" if query else "")


def publish(name: str, version: int | str, *, tab: str | None = None) -> str:
    """Asking before publishing (GET) and publishing (POST); afterwards the site's page has this tab open."""
    return f"{versions(name)}/{version}/publish" + (f"?{urlencode({'tab': tab})}" if tab else "")


def fix(name: str, version: int | str) -> str:
    """Where "fix these problems of this version" is posted."""
    return f"{versions(name)}/{version}/fix"


def undo(name: str, version: int | str) -> str:
    """Where "undo the change of this version" is posted."""
    return f"{versions(name)}/{version}/undo"


def keep_asked(name: str, version: int | str) -> str:
    """Where "keep only what I asked" for of this version is posted."""
    return f"{versions(name)}/{version}/keep-asked"


def keep_all(name: str, version: int | str) -> str:
    """Where "keep all of this version" is posted."""
    return f"{versions(name)}/{version}/keep-all"


def undo_publication(name: str) -> str:
    """Where "show visitors again what they saw before" is posted."""
    return f"{SITES}/{name}/undo-publication"


def take_down(name: str) -> str:
    """Where "show visitors nothing" is posted."""
    return f"{SITES}/{name}/take-down"


def restore(name: str, version: int | str) -> str:
    """Where "go on from this version" is posted."""
    return f"{versions(name)}/{version}/restore"


def picture(name: str, version: int, page: str, viewport: str) -> str:
    """The API's screenshot of a version's page."""
    return f"/api/v1/sites/{name}/versions/{version}/screenshots/{viewport}/{quote(page)}"


def template_picture(name: str) -> str:
    """The API's picture of a site template."""
    return f"/api/v1/templates/{name}/picture"
