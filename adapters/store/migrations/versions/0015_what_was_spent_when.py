"""Indexes by which what was spent in a stretch of time is found, and what the asks of an experiment came to."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_SETTLED, _NO_SETTLEMENT = sa.text("state = 'settled'"), sa.text("kind <> 'settle'")
_ABSORBED, _IN_A_VARIANT = sa.text("absorbed_nanos > 0 AND state = 'settled'"), sa.text("variant <> ''")


def upgrade() -> None:
    """Make them. The one of receipt lines takes the place of one by the request alone. No row changes."""
    _index("ix_request_settled", "request", ["team_id", "finished_at_ms", "cost_nanos"], _SETTLED)
    _index("ix_transfer_beside", "transfer", ["wallet_id", "kind", "at_ms"], _NO_SETTLEMENT)
    _index("ix_hold_absorbed", "hold", ["wallet_id", "closed_at_ms"], _ABSORBED)
    _index("ix_request_variant", "request", ["team_id", "started_at_ms"], _IN_A_VARIANT)
    op.create_index("ix_receipt_line_request", "receipt_line", ["request_id", "provider", "charged_nanos"])
    op.drop_index("ix_receipt_line_request_id", "receipt_line")


def _index(name: str, table: str, columns: list[str], only: "sa.TextClause") -> None:
    op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)
