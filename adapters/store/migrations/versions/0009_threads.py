"""What was asked in a thread is found by an index: it is looked for with every reply where threads go on."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_IN_A_THREAD = sa.text("thread <> ''")


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_request_thread",
        "request",
        ["channel", "thread"],
        sqlite_where=_IN_A_THREAD,
        postgresql_where=_IN_A_THREAD,
    )
