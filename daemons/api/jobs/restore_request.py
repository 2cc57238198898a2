"""Makes a request for a new version out of those that are there, without the agent."""

from datetime import UTC, datetime

from daemons.api.accounts.site_access import OwnedSite
from shared.domain.vocabulary import JobKind, JobRequest


def restore_request(
    site: OwnedSite, job: str, message: str, base: int, *, undo: int | None = None, keep_asked: int | None = None
) -> JobRequest:
    """Version `base` whole, or the newest one without the change of `undo`, or without the unasked part of another."""
    return JobRequest(
        id=job,
        site=site.name,
        kind=JobKind.RESTORE,
        message=message,
        author=site.user.email,
        base=base,
        undo=undo,
        keep_asked=keep_asked,
        rules=site.row.checks,
        created_at=datetime.now(UTC),
    )
