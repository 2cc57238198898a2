"""Tells which daemon sends a request: each role has its own bearer token."""

import hmac
from collections.abc import Mapping
from enum import StrEnum

from starlette.requests import Request

from shared.domain.errors import InvalidInput, NotAllowed, NotSignedIn


class ServiceRole(StrEnum):
    """The daemons that storage knows."""

    WORKER = "worker"
    API = "api"
    DEPLOYER = "deployer"


class BearerAuth:
    """Tells roles apart by their tokens; raises InvalidInput if the tokens can't."""

    def __init__(self, tokens: Mapping[ServiceRole, str]) -> None:
        if len(set(tokens.values())) != len(ServiceRole) or not all(len(token) >= 16 for token in tokens.values()):
            raise InvalidInput(
                "Storage needs three different tokens of at least 16 characters.",
                "Set PAGEWRIGHT_STORAGE_WORKER_TOKEN, …_API_TOKEN and …_DEPLOYER_TOKEN.",
            )
        self._tokens = {role: token.encode() for role, token in tokens.items()}

    def admit(self, request: Request, *allowed: ServiceRole) -> ServiceRole:
        """The sender's role, if it is one of the allowed ones (none named: all). Raises NotSignedIn or NotAllowed."""
        role = self._role(request.headers.get("authorization", ""))
        if allowed and role not in allowed:
            raise NotAllowed(f"The role {role} may not do this.", f"It is for: {', '.join(allowed)}.")
        return role

    def _role(self, authorization: str) -> ServiceRole:
        """Compare with every token in constant time, so that timing reveals nothing."""
        scheme, _, shown = authorization.partition(" ")
        matches = [role for role, token in self._tokens.items() if hmac.compare_digest(shown.encode(), token)]
        if scheme.lower() != "bearer" or not matches:
            raise NotSignedIn("Storage does not know this token.", "Compare the tokens of both daemons' settings.")
        return matches[0]
