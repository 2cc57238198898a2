"""Deleted sites are found without a look at all others."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add an index of the few that are deleted."""
    where = sa.text("removed_at IS NOT NULL")
    op.create_index("sites_by_removal", "sites", ["removed_at"], sqlite_where=where, postgresql_where=where)
