"""Reports that their writers have withdrawn, and which desks know of it.

The hash of a report's withdrawal key stands in the readable part of its body, which goes when a
desk has confirmed it; from now on it is kept beside. What was confirmed before has none any more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# After four bytes of the version and eight of the key's id; the first byte is number 1.
_COPY = "UPDATE report SET withdrawal = substr(body, 13, 32) WHERE body IS NOT NULL"


def upgrade() -> None:
    """Make column and tables."""
    op.add_column("report", sa.Column("withdrawal", sa.LargeBinary(32), nullable=True))
    op.execute(_COPY)
    op.create_table(
        "withdrawn",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("public", sa.LargeBinary(32), nullable=False),
        sa.Column("signature", sa.LargeBinary(64), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "withdrawn_told",
        sa.Column("desk", sa.LargeBinary(8), primary_key=True),
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Forget them; what was withdrawn stays without its bytes."""
    for name in ("withdrawn_told", "withdrawn"):
        op.drop_table(name)
    op.drop_column("report", "withdrawal")
