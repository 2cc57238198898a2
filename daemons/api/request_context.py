"""A request with who makes it and the services that answer it: the part that pages and JSON routes have in common."""

from dataclasses import dataclass

from starlette.requests import Request

from daemons.api.accounts.accounts import Account
from daemons.api.accounts.site_access import OwnedRemovedSite, OwnedSite
from daemons.api.jobs.owned_job import OwnedJob
from daemons.api.services import Services
from daemons.api.sites.addresses import path_text, version_number
from htmx_ui.languages import chosen_language
from shared.domain.errors import NotSignedIn


@dataclass(frozen=True)
class RequestContext:
    """`http` is the request as Starlette has it; `account` is None if nobody is signed in."""

    http: Request
    services: Services
    account: Account | None

    @property
    def user(self) -> Account:
        """Who is signed in; raises NotSignedIn."""
        if self.account is None:
            raise NotSignedIn("You are not signed in.", "Sign in and try again.")
        return self.account

    @property
    def agent(self) -> str:
        """What the browser calls itself."""
        return self.http.headers.get("user-agent", "")

    @property
    def language(self) -> str:
        """The language of ours that the browser asks for."""
        return chosen_language(self.http.headers.get("accept-language", ""))

    def path(self, name: str) -> str:
        """A path parameter; raises NotFound for one that no database could hold."""
        return path_text(self.http, name)

    @property
    def site(self) -> str:
        """The path's site."""
        return self.path("site")

    @property
    def job(self) -> str:
        """The path's job."""
        return self.path("job")

    async def owned_site(self) -> OwnedSite:
        """The path's site, once it is known to be the user's; raises NotFound or Gone. What acts on a site takes it."""
        return await self.services.site_access.own(self.user, self.site)

    async def owned_removed_site(self) -> OwnedRemovedSite:
        """The path's site if it is a deleted one that the user may bring back; raises NotFound."""
        return await self.services.site_access.own_removed(self.user, self.site)

    async def owned_job(self) -> OwnedJob:
        """The path's job, once it is known to be of a site of the user's; raises NotFound."""
        return await self.services.jobs.own(self.user, self.job)

    @property
    def version(self) -> int:
        """The path parameter `number`; raises NotFound if it can't be a version's number."""
        return version_number(self.path("number"))
