"""How the whole system is, for operators."""

from daemons.api.json_routes.operation import Call, Operation
from daemons.api.status.report import StatusReport


async def show_status(call: Call) -> StatusReport:
    """How every part is now."""
    return await call.services.board.report()


OPERATIONS = (
    Operation("GET", "/status", "How the whole system is (administrators).", show_status,
              answer=StatusReport, for_admins=True),
)  # fmt: skip
