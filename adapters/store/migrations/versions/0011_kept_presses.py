"""What buttons stand for that cannot carry it themselves: sealed, for a day."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "kept_press",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("team_id", sa.Text(), sa.ForeignKey("team.id"), nullable=False),
        sa.Column("member_id", sa.Text(), sa.ForeignKey("member.id"), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("erase_after_ms", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_kept_press_member_id", "kept_press", ["member_id"])
    op.create_index("ix_kept_press_erase_after_ms", "kept_press", ["erase_after_ms"])
