"""What members and teams like to have: where answers go, which model is asked first, where news are posted."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "preference",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("team_id", sa.Text(), sa.ForeignKey("team.id"), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
    )
