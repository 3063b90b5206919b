"""Indexes by which what was spent in a stretch of time is found: of asks, and of all that is no settlement."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_SETTLED, _NO_SETTLEMENT = sa.text("state = 'settled'"), sa.text("kind <> 'settle'")


def upgrade() -> None:
    """Make both. No row changes."""
    _index("ix_request_settled", "request", ["team_id", "finished_at_ms", "cost_nanos"], _SETTLED)
    _index("ix_transfer_beside", "transfer", ["wallet_id", "kind", "at_ms"], _NO_SETTLEMENT)


def _index(name: str, table: str, columns: list[str], only: "sa.TextClause") -> None:
    op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)
