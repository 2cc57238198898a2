"""A button that is clicked twice asks once: also without JavaScript, and while the first answer is on its way."""

from collections.abc import Awaitable, Callable

from daemons.api.accounts.idempotency import StoredResponse, request_text
from daemons.api.accounts.site_access import OwnedSite
from daemons.api.pages.page_request import PageRequest


async def ask_once(request: PageRequest, site: OwnedSite, what: str, start: Callable[[str], Awaitable[object]]) -> None:
    """Let `start` make the job of this id, unless `what` was asked since a request of the site has ended last.

    By then people have seen what came of it, and may want it once more.
    """

    async def work(job: str) -> StoredResponse:
        await start(job)
        return StoredResponse(202, None, job)

    path = request.http.url.path
    key = f"click:{site.name}:{await request.services.jobs.repeated.last_end(site)}:{what}"
    await request.services.idempotency.once(site.user, key, request_text("POST", path, what), work, secret=False)
