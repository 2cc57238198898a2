"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """People, sites, jobs, chat, the audit trail, and the keys of requests that may be repeated."""
    _people()
    _sites_and_jobs()
    _records()


def _people() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.String(28), primary_key=True),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("admin", sa.Boolean, nullable=False),
        sa.Column("password_hash", sa.Text),
        sa.Column("created_at", _TIME, nullable=False),
    )
    op.create_table(
        "sign_in_links",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.String(28), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.String(28), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.String(28), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("user_id", sa.String(28), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
    )


def _sites_and_jobs() -> None:
    op.create_table(
        "sites",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("owner_id", sa.String(28), sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("template", sa.String(80)),
        sa.Column("created_at", _TIME, nullable=False),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(28), primary_key=True),
        sa.Column("site", sa.String(40), sa.ForeignKey("sites.name"), nullable=False),
        sa.Column("author", sa.String(254), nullable=False),
        sa.Column("request", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("outcome", sa.JSON(none_as_null=True)),
        sa.Column("events", sa.JSON, nullable=False),
        sa.Column("finished_at", _TIME),
        sa.Index("jobs_by_site", "site", "id"),
        sa.Index("jobs_by_author", "author", "id"),
        sa.Index("jobs_by_state", "state", "id"),
    )


def _records() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.String(28), primary_key=True),
        sa.Column("site", sa.String(40), sa.ForeignKey("sites.name"), nullable=False),
        sa.Column("author", sa.String(254), nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("job", sa.String(28), sa.ForeignKey("jobs.id"), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Index("messages_by_site", "site", "id"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.String(28), primary_key=True),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("actor", sa.String(254), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40)),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Index("audit_by_site", "site", "id"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("user_id", sa.String(28), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("made", sa.String(28), nullable=False),
        sa.Column("created_at", _TIME, nullable=False, index=True),
        sa.Column("claimed_at", _TIME, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("location", sa.Text),
        sa.Column("body", sa.Text),
    )
