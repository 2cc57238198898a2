"""A list of sites is sorted, searched and filtered by what their rows tell."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from anyascii import anyascii

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_LAST_JOBS = 20
_sites = sa.table(
    "sites",
    *(sa.column(name, sa.String) for name in ("name", "title", "plain_title", "ended")),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("created_at", "changed_at")),
    *(sa.column(name, sa.Integer) for name in ("newest", "published")),
)
_jobs = sa.table("jobs", sa.column("id"), sa.column("site"), sa.column("state"), sa.column("outcome", sa.JSON))
_audit = sa.table("audit", sa.column("id"), sa.column("site"), sa.column("action"), sa.column("details", sa.JSON))


def upgrade() -> None:
    """Add the columns and indexes, and fill them from what jobs and audit trail tell."""
    op.add_column("sites", sa.Column("group_name", sa.String(60)))
    op.add_column("sites", sa.Column("plain_title", sa.Text))
    op.add_column("sites", sa.Column("ended", sa.String(16)))
    for name in ("newest", "published"):
        op.add_column("sites", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    never = sa.text("'1970-01-01 00:00:00.000000'")
    op.add_column("sites", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, server_default=never))
    _fill()
    grouped, waiting = sa.text("group_name IS NOT NULL"), sa.text("(ended IS NOT NULL OR newest > published)")
    for name, columns, where in (
        ("change", ["changed_at", "name"], None),
        ("group", ["group_name", "changed_at", "name"], grouped),
        ("waiting", ["changed_at", "name"], waiting),
    ):
        op.create_index(f"sites_by_{name}", "sites", columns, sqlite_where=where, postgresql_where=where)
        op.create_index(
            f"sites_by_owner_{name}", "sites", ["owner_id", *columns], sqlite_where=where, postgresql_where=where
        )


def _fill() -> None:
    connection = op.get_bind()
    for site in connection.execute(sa.select(_sites.c.name, _sites.c.title, _sites.c.created_at)).mappings().all():
        connection.execute(sa.update(_sites).where(_sites.c.name == site["name"]).values(_facts(connection, site)))


def _facts(connection: sa.Connection, site: Mapping[Any, Any]) -> dict[str, object]:
    """What the site's last jobs and its last publication tell."""
    last = sa.select(_jobs).where(_jobs.c.site == site["name"]).order_by(_jobs.c.id.desc()).limit(_LAST_JOBS)
    jobs = connection.execute(last).mappings().all()
    deployed = sa.select(_audit).where(_audit.c.site == site["name"], _audit.c.action == "deploy.current")
    publication = connection.execute(deployed.order_by(_audit.c.id.desc()).limit(1)).mappings().first()
    outcomes = [job["outcome"] for job in jobs if job["outcome"]]
    ids = [row["id"] for row in (*jobs[:1], *([publication] if publication else []))]
    return {
        "plain_title": anyascii(site["title"]).lower(),
        "changed_at": max([_aware(site["created_at"]), *map(_moment, ids)]),
        "newest": max((outcome.get("version") or 0 for outcome in outcomes), default=0),
        "published": publication["details"].get("version") or 0 if publication else 0,
        "ended": "failed" if jobs and jobs[0]["state"] == "failed" else None,
    }


def _aware(at: datetime) -> datetime:
    """SQLite forgets time zones; all times are in UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _moment(identifier: str) -> datetime:
    """An id starts with the milliseconds since 1970."""
    return datetime.fromtimestamp(int(identifier[:12], 16) / 1000, UTC)
