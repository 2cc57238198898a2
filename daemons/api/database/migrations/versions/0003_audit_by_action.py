"""The audit trail is found by action."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Some databases have the index already: for a while the first step made it."""
    op.create_index("audit_by_action", "audit", ["action", "id"], if_not_exists=True)
