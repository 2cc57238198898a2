"""Attempts to sign in, counted by all apis together."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row for each key of an attempt; rows live for a quarter of an hour."""
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.String(28), primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Index("sign_in_attempts_by_key", "key", "at"),
    )
