"""Tokens that were spent, each with the one report that it was spent on."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "spent_token",
        sa.Column("nonce", sa.LargeBinary(32), primary_key=True),
        sa.Column("report_id", sa.LargeBinary(16), nullable=False),
        sa.Column("quarter", sa.String(7), nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Forget them; each could then be spent once more."""
    op.drop_table("spent_token")
