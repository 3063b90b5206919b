"""The team's rules: policy, requests for more, who is gone or forgotten, what may be topped up, and acts in words."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_MOST_NANOS = 10**18
_MOST_MS = 10**15


def upgrade() -> None:
    """Make the new tables, move monthly limits into the policy, and add what the other tables have to say now."""
    _create_tables()
    _move_month_limits()
    for table, column, most in (
        ("counter", "granted", _MOST_NANOS),
        ("counter", "limited_to", _MOST_NANOS),
        ("member", "suspended", 1),
        ("member", "welcomed_at_ms", _MOST_MS),
        ("member", "forgotten_at_ms", _MOST_MS),
        ("identity", "admin", 1),
        ("identity", "gone", 1),
        ("act", "amount_nanos", _MOST_NANOS),
    ):
        _add_whole(table, column, most)
    for table, column in (
        ("team", "zones"),
        ("top_up", "counter_id"),
        ("act", "subject"),
        ("request", "secrets"),
        ("notice", "member_id"),
        ("notice", "about"),
    ):
        op.add_column(table, sa.Column(column, sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_act_team_at", "act", ["team_id", "at_ms"])


def _create_tables() -> None:
    op.create_table(
        "policy",
        _text("id", key=True),
        _text("team_id", to="team.id"),
        _text("target"),
        _text("entries"),
    )
    op.create_index("ix_policy_team_id", "policy", ["team_id"])
    op.create_table(
        "forgotten",
        _text("id", key=True),
        _text("member_id", to="member.id"),
        _whole("until_ms"),
    )
    op.create_index("ix_forgotten_until_ms", "forgotten", ["until_ms"])
    op.create_table(
        "budget_request",
        _text("id", key=True),
        _text("team_id", to="team.id"),
        _text("member_id", to="member.id"),
        _text("counter_id"),
        _text("label"),
        _whole("amount_nanos"),
        _text("reason"),
        _text("ask_id"),
        _text("state"),
        _whole("asked_at_ms"),
        _whole("expires_at_ms"),
        _whole("granted_nanos"),
        _text("confirmed_by"),
        _text("decided_by"),
        _whole("decided_at_ms"),
        _text("joins"),
        sa.CheckConstraint(_within("amount_nanos", 10**15), name="budget_request_amount_nanos_range"),
        sa.CheckConstraint(_within("granted_nanos", 10**15), name="budget_request_granted_nanos_range"),
    )
    op.create_index("ix_budget_request_team_asked", "budget_request", ["team_id", "asked_at_ms"])
    op.create_index("ix_budget_request_member", "budget_request", ["member_id"])
    is_open = sa.text("state = 'open'")
    op.create_index(
        "ix_budget_request_open", "budget_request", ["team_id"], sqlite_where=is_open, postgresql_where=is_open
    )


def _move_month_limits() -> None:
    """The monthly limits of teams and members become what their policy says; who set them is not known any more.

    The space before the nought: without it, it would be the name of a parameter.
    """
    value = """'{"month":{"value":"' || CAST({limit} AS TEXT) || '","by":"","at_ms": 0}}'"""
    team, member = value.replace("{limit}", "member_month_limit_nanos"), value.replace("{limit}", "month_limit_nanos")
    op.execute(f"INSERT INTO policy SELECT id || ' everyone', id, 'everyone', {team} FROM team")
    op.execute(
        f"INSERT INTO policy SELECT team_id || ' member:' || id, team_id, 'member:' || id, {member} FROM member "
        "WHERE month_limit_nanos >= 0"
    )
    for table, column in (("team", "member_month_limit_nanos"), ("member", "month_limit_nanos")):
        op.drop_column(table, column)


def _text(name: str, *, to: str = "", key: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), *([sa.ForeignKey(to)] if to else []), primary_key=key, nullable=False)


def _whole(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _add_whole(table: str, column: str, most: int) -> None:
    """With its bounds in the same statement: SQLite has no way to add a CHECK to a table later."""
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} BIGINT NOT NULL DEFAULT 0 CONSTRAINT {table}_{column}_range "
        f"CHECK ({_within(column, most)})"
    )


def _within(column: str, most: int) -> str:
    whole = f"typeof({column}) = 'integer' AND " if op.get_bind().dialect.name == "sqlite" else ""
    return f"{whole}{column} BETWEEN 0 AND {most}"
