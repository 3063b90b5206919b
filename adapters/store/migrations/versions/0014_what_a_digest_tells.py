"""Tags, how full a wallet was, where a notice belongs, the weeks that were told, and what providers bill."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_MOST_NANOS = 10**18
_MOST_WEEKS = 10_000


def upgrade() -> None:
    """Add what says it. A wallet is as full as it is now, and of no level anybody was told."""
    _add_text("request", "tag")
    for column in ("workspace", "channel", "chart"):
        _add_text("notice", column)
    _add_whole("wallet", "full_nanos", default=0, most=_MOST_NANOS)
    _add_whole("wallet", "told_percent", default=100, most=100)
    op.execute("UPDATE wallet SET full_nanos = available_nanos + held_nanos")
    _make(
        "digest", _text("team_id", to="team.id"), _text("label"), *map(_whole, ("start_ms", "end_ms", "weeks", "at_ms"))
    )
    op.create_index("ix_digest_team_id", "digest", ["team_id"])
    _keep_for_ever("digest")
    _make("bill", _text("provider"), _text("month"), _whole("total_nanos"), _whole("at_ms"))


def _keep_for_ever(table: str) -> None:
    """As 0001 does for what is append-only: PostgreSQL has its function from there."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            f'CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )
        return
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f'CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _make(table: str, *columns: "sa.Column[str] | sa.Column[int]") -> None:
    bounds = (("weeks", 1, _MOST_WEEKS), ("total_nanos", 0, _MOST_NANOS))
    named = {column.name for column in columns}
    rules = [
        sa.CheckConstraint(f"{_integer(name)}{name} BETWEEN {least} AND {most}", name=f"{table}_{name}_range")
        for name, least, most in bounds
        if name in named
    ]
    op.create_table(table, sa.Column("id", sa.Text(), primary_key=True, nullable=False), *columns, *rules)


def _text(name: str, *, to: str = "") -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), *([sa.ForeignKey(to)] if to else []), nullable=False)


def _whole(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _add_text(table: str, column: str) -> None:
    op.add_column(table, sa.Column(column, sa.Text(), nullable=False, server_default=""))


def _add_whole(table: str, column: str, *, default: int, most: int) -> None:
    """With its bounds in the same statement: SQLite has no way to add a CHECK to a table later."""
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} BIGINT NOT NULL DEFAULT {default} "
        f"CONSTRAINT {table}_{column}_range CHECK ({_integer(column)}{column} BETWEEN 0 AND {most})"
    )


def _integer(column: str) -> str:
    return f"typeof({column}) = 'integer' AND " if op.get_bind().dialect.name == "sqlite" else ""
