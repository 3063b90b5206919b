"""Who named the tag of an ask: whoever asked, or a rule of the channel or the team."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add what says it. Nothing was tagged before."""
    op.add_column("request", sa.Column("tag_by", sa.Text(), nullable=False, server_default=""))
