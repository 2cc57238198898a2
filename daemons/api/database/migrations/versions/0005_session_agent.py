"""A session knows by which browser it was opened."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Sessions of before have none."""
    op.add_column("sessions", sa.Column("agent", sa.String(200)))
