"""Jobs that wait can be edited and moved."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Those of before were neither."""
    op.add_column("jobs", sa.Column("turn", sa.String(28)))
    op.add_column("jobs", sa.Column("edits", sa.Integer()))
    op.add_column("jobs", sa.Column("pending_edit", sa.JSON()))
