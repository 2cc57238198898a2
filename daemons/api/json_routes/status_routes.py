"""How the whole system is, for operators."""

from daemons.api.json_routes.operation import ApiRequest, Operation
from daemons.api.status.report import StatusReport


async def show_status(request: ApiRequest) -> StatusReport:
    """How every part is now."""
    return await request.services.status.report()


OPERATIONS = (
    Operation("GET", "/status", "How the whole system is (administrators).", show_status,
              answer=StatusReport, for_admins=True),
)  # fmt: skip
