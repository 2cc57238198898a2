"""Sites that were deleted: when and by whom, and since when nobody can bring them back."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is deleted yet."""
    op.add_column("sites", sa.Column("removed_at", sa.DateTime(timezone=True)))
    op.add_column("sites", sa.Column("removed_by", sa.String(254)))
    op.add_column("sites", sa.Column("gone_at", sa.DateTime(timezone=True)))
