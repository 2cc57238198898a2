"""The storage client's calls about addresses: where visitors find a site."""

from datetime import datetime

from shared.clients.daemon import ConnectError
from shared.clients.storage_answers import decoded
from shared.clients.storage_calls import Params, StorageCalls
from shared.domain.site_address import AddressMove, SiteAddress, SiteAddresses


class AddressCalls:
    """Part of StorageClient."""

    _calls: StorageCalls

    async def move_address(
        self, site: str, address: str, forward_until: datetime | None, by: str, expected: str
    ) -> SiteAddress:
        """Give a site another address, to which the one before leads until then, for ever without an end.

        Raises Conflict if the site has another address than `expected`, or another site has the new one; NotFound for
        a site without a version, or if storage is of the release before. A site that has the address already keeps
        its record. After Unavailable the move may have been recorded: look before repeating it.
        """
        asked = AddressMove(address=address, forward_until=forward_until, by=by, expected=expected)
        path = f"/v1/sites/{site}/addresses"
        body = asked.model_dump(mode="json")
        return decoded(SiteAddress, await self._calls.call("POST", path, json=body, repeat_after=ConnectError))

    async def addresses(self, known: str | None = None) -> SiteAddresses | None:
        """The newest record of every site that ever moved; None if the list still has the `known` digest.

        Raises NotFound if storage is of the release before.
        """
        query: Params = {"known": known} if known else {}
        answer = await self._calls.get("/v1/addresses", query)
        return decoded(SiteAddresses, answer) if answer.content else None
