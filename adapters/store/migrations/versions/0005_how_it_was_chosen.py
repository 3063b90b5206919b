"""How an ask's model was chosen and what came of it: route, variant, thumbs, times; what providers say they take."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_MAX_TOTAL = 10**18


def upgrade() -> None:
    """Add the columns. Of what was asked before nothing is known: no route, no opinion, no time, no report."""
    _add_text("route")
    _add_whole("needed_tier")
    _add_text("variant")
    _add_text("improves")
    _add_bounded("request", "thumb", default=0, least=-1, most=1)
    _add_whole("first_word_ms")
    _add_bounded("receipt_line", "reported_nanos", default=-1, least=-1, most=_MAX_TOTAL)


def _add_text(column: str) -> None:
    op.add_column("request", sa.Column(column, sa.Text(), nullable=False, server_default=""))


def _add_whole(column: str) -> None:
    op.add_column("request", sa.Column(column, sa.BigInteger(), nullable=False, server_default="0"))


def _add_bounded(table: str, column: str, *, default: int, least: int, most: int) -> None:
    """With its bounds in the same statement: SQLite has no way to add a CHECK to a table later."""
    whole = f"typeof({column}) = 'integer' AND " if op.get_bind().dialect.name == "sqlite" else ""
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} BIGINT NOT NULL DEFAULT {default} "
        f"CONSTRAINT {table}_{column}_range CHECK ({whole}{column} BETWEEN {least} AND {most})"
    )
