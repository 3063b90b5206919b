"""The books: wallets, counters, holds, transfers, requests and people, with the rules a database can hold itself."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ONLY = {"ix_hold_open": sa.text("state = 'open'"), "ix_transfer_reverses": sa.text("reverses <> ''")}
"""Indexes over the few rows that are looked for."""

_APPEND_ONLY = ("transfer", "entry", "receipt_line", "act", "operation")
_MAX_TOTAL = 10**18
_MAX_AMOUNT = 10**15
_RANGES = {
    "wallet": {"available_nanos": (0, _MAX_TOTAL), "held_nanos": (0, _MAX_TOTAL)},
    "counter": {"used": (0, _MAX_TOTAL), "held": (0, _MAX_TOTAL)},
    "hold": {
        "amount_nanos": (0, _MAX_AMOUNT),
        "charged_nanos": (0, _MAX_AMOUNT),
        "absorbed_nanos": (0, _MAX_TOTAL),
    },
    "entry": {"amount_nanos": (-_MAX_TOTAL, _MAX_TOTAL)},
    "top_up": {"amount_nanos": (1, _MAX_AMOUNT), "refunded_nanos": (0, _MAX_AMOUNT)},
    "receipt_line": {"cost_nanos": (0, _MAX_TOTAL), "charged_nanos": (0, _MAX_AMOUNT)},
    "request": {"cost_nanos": (0, _MAX_AMOUNT), "shown_nanos": (0, _MAX_TOTAL)},
}
"""Whole numbers within these bounds. SQLite needs the type said too: an overflow silently becomes REAL there."""
_COMPARISONS = {"hold": "charged_nanos <= amount_nanos", "top_up": "refunded_nanos <= amount_nanos"}


def upgrade() -> None:
    """Make everything."""
    _create_tables()
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgres()


def _text(name: str, *, to: str = "", key: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.Text(), *([sa.ForeignKey(to)] if to else []), primary_key=key, nullable=False)


def _whole(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _bytes(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _rules(table: str) -> list[sa.CheckConstraint]:
    sqlite = op.get_bind().dialect.name == "sqlite"
    rules = []
    for column, (least, most) in _RANGES.get(table, {}).items():
        whole = f"typeof({column}) = 'integer' AND " if sqlite else ""
        rules.append(sa.CheckConstraint(f"{whole}{column} BETWEEN {least} AND {most}", name=f"{table}_{column}_range"))
    if table in _COMPARISONS:
        rules.append(sa.CheckConstraint(_COMPARISONS[table], name=f"{table}_within_amount"))
    return rules


def _guard_sqlite() -> None:
    for table in _APPEND_ONLY:
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f'CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON "{table}" '
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _guard_postgres() -> None:
    op.execute(
        "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in _APPEND_ONLY:
        op.execute(
            f'CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )


def _create_tables() -> None:
    op.create_table(
        "act",
        _text("id", key=True),
        _text("team_id"),
        _text("actor"),
        _text("kind"),
        _text("words"),
        _whole("at_ms"),
        *_rules("act"),
    )
    op.create_index("ix_act_team_at", "act", ["team_id", "at_ms"])
    op.create_table(
        "kept",
        _text("id", key=True),
        _bytes("question"),
        _bytes("answer"),
        _whole("erase_after_ms"),
        *_rules("kept"),
    )
    op.create_index("ix_kept_erase", "kept", ["erase_after_ms"])
    op.create_table(
        "operation",
        _text("id", key=True),
        _text("fingerprint"),
        _text("outcome"),
        _whole("at_ms"),
        *_rules("operation"),
    )
    op.create_table(
        "secret",
        _text("id", key=True),
        _text("digest"),
        *_rules("secret"),
    )
    op.create_table(
        "request_key",
        _text("id", key=True),
        _text("request_id"),
        *_rules("request_key"),
    )
    op.create_index("ix_request_key_request_id", "request_key", ["request_id"])
    op.create_table(
        "wallet",
        _text("id", key=True),
        _whole("available_nanos"),
        _whole("held_nanos"),
        *_rules("wallet"),
    )
    op.create_table(
        "counter",
        _text("id", key=True),
        _text("wallet_id", to="wallet.id"),
        _text("scope"),
        _text("subject"),
        _text("label"),
        _whole("used"),
        _whole("held"),
        *_rules("counter"),
    )
    op.create_index("ix_counter_wallet_id", "counter", ["wallet_id"])
    op.create_table(
        "hold",
        _text("id", key=True),
        _text("wallet_id", to="wallet.id"),
        _text("request_id"),
        _whole("attempt"),
        _text("state"),
        _whole("amount_nanos"),
        _text("counters"),
        _whole("opened_at_ms"),
        _whole("deadline_ms"),
        _whole("charged_nanos"),
        _whole("absorbed_nanos"),
        _text("transfer_id"),
        _whole("closed_at_ms"),
        *_rules("hold"),
    )
    op.create_index(
        "ix_hold_open",
        "hold",
        ["deadline_ms"],
        sqlite_where=_ONLY["ix_hold_open"],
        postgresql_where=_ONLY["ix_hold_open"],
    )
    op.create_index("ix_hold_request_id", "hold", ["request_id"])
    op.create_index("ix_hold_wallet_id", "hold", ["wallet_id"])
    op.create_table(
        "receipt_line",
        _text("id", key=True),
        _text("request_id"),
        _text("wallet_id", to="wallet.id"),
        _text("step"),
        _text("provider"),
        _text("model"),
        _whole("input_tokens"),
        _whole("cache_read_tokens"),
        _whole("cache_write_tokens"),
        _whole("output_tokens"),
        _whole("reasoning_tokens"),
        _whole("cost_nanos"),
        _whole("charged_nanos"),
        _whole("estimated"),
        *_rules("receipt_line"),
    )
    op.create_index("ix_receipt_line_request_id", "receipt_line", ["request_id"])
    op.create_table(
        "team",
        _text("id", key=True),
        _text("wallet_id", to="wallet.id"),
        _text("name"),
        _text("zone"),
        _whole("demo"),
        _whole("member_month_limit_nanos"),
        _whole("created_at_ms"),
        *_rules("team"),
    )
    op.create_index("ix_team_wallet_id", "team", ["wallet_id"])
    op.create_table(
        "top_up",
        _text("id", key=True),
        _text("wallet_id", to="wallet.id"),
        _whole("amount_nanos"),
        _whole("refunded_nanos"),
        _whole("at_ms"),
        *_rules("top_up"),
    )
    op.create_index("ix_top_up_wallet_at", "top_up", ["wallet_id", "at_ms"])
    op.create_table(
        "transfer",
        _text("id", key=True),
        _text("wallet_id", to="wallet.id"),
        _text("kind"),
        _text("request_id"),
        _text("reverses"),
        _text("actor"),
        _text("reason"),
        _whole("at_ms"),
        *_rules("transfer"),
    )
    op.create_index(
        "ix_transfer_reverses",
        "transfer",
        ["reverses"],
        sqlite_where=_ONLY["ix_transfer_reverses"],
        postgresql_where=_ONLY["ix_transfer_reverses"],
    )
    op.create_index("ix_transfer_wallet_id", "transfer", ["wallet_id"])
    op.create_table(
        "entry",
        _text("id", key=True),
        _text("transfer_id", to="transfer.id"),
        _text("wallet_id", to="wallet.id"),
        _text("account"),
        _whole("amount_nanos"),
        *_rules("entry"),
    )
    op.create_index("ix_entry_transfer_id", "entry", ["transfer_id"])
    op.create_index("ix_entry_wallet_account", "entry", ["wallet_id", "account"])
    op.create_table(
        "member",
        _text("id", key=True),
        _text("team_id", to="team.id"),
        _text("display_name"),
        _whole("admin"),
        _whole("month_limit_nanos"),
        _whole("created_at_ms"),
        *_rules("member"),
    )
    op.create_index("ix_member_team_id", "member", ["team_id"])
    op.create_table(
        "workspace",
        _text("id", key=True),
        _text("team_id", to="team.id"),
        *_rules("workspace"),
    )
    op.create_index("ix_workspace_team_id", "workspace", ["team_id"])
    op.create_table(
        "identity",
        _text("id", key=True),
        _text("member_id", to="member.id"),
        *_rules("identity"),
    )
    op.create_index("ix_identity_member_id", "identity", ["member_id"])
    op.create_table(
        "request",
        _text("id", key=True),
        _text("wallet_id", to="wallet.id"),
        _text("team_id", to="team.id"),
        _text("member_id", to="member.id"),
        _text("platform"),
        _text("channel"),
        _text("thread"),
        _text("state"),
        _whole("attempt"),
        _whole("lease_until_ms"),
        _whole("started_at_ms"),
        _whole("stop_requested"),
        _text("hold_id"),
        _text("provider"),
        _text("model"),
        _whole("shown_nanos"),
        _text("ending"),
        _text("why"),
        _whole("input_tokens"),
        _whole("output_tokens"),
        _whole("cost_nanos"),
        _whole("estimated"),
        _whole("finished_at_ms"),
        _whole("delivered_at_ms"),
        *_rules("request"),
    )
    op.create_index("ix_request_member_started", "request", ["member_id", "started_at_ms"])
    op.create_index("ix_request_team_started", "request", ["team_id", "started_at_ms"])
