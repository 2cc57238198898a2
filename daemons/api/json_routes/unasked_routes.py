"""Operations on a version that changed what nobody asked for."""

from daemons.api.jobs.rows import Job
from daemons.api.json_routes.operation import ApiRequest, Operation
from daemons.api.json_routes.site_routes import ShownDeployment, shown_deployment


async def keep_asked(request: ApiRequest) -> Job:
    """Take what nobody asked for out of the newest version."""
    return await request.services.jobs.start_keep_asked(await request.owned_site(), request.version, request.id)


async def keep_all(request: ApiRequest) -> ShownDeployment:
    """Say that all of it shall stay."""
    desired = await request.services.keeping_all.keep_all(await request.owned_site(), request.version)
    return shown_deployment(desired.deployment)


_VERSION = "/sites/{site}/versions/{number}"

OPERATIONS = (
    Operation("POST", f"{_VERSION}/keep-asked", "Make a new version without what this one changed unasked.", keep_asked,
              answer=Job, status=202, location=lambda job: f"/api/v1/jobs/{job.id}"),
    Operation("POST", f"{_VERSION}/keep-all", "Keep also what nobody asked for: shows the newest version in preview.",
              keep_all, answer=ShownDeployment, status=201),
)  # fmt: skip
