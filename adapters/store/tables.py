"""The schema as SQLModel tables: the same columns as core/rows (a test holds them equal), plus indexes.

CHECKs and the append-only triggers are in migrations/, where each database gets them in its own words. Money is
BIGINT nano-dollars, times are BIGINT milliseconds.
"""

from typing import Any

from sqlalchemy import BigInteger, Index, literal_column, text
from sqlmodel import Field, SQLModel, col

from core.ledger.holding import HoldState
from core.operations import RequestedState


def _whole(default: int | None = None) -> Any:
    return Field(sa_type=BigInteger) if default is None else Field(default=default, sa_type=BigInteger)


def _index_of(name: str, *columns: str, only: str) -> Index:
    """Over the few rows that are looked for: an index that stays small while its table grows."""
    return Index(name, *columns, sqlite_where=text(only), postgresql_where=text(only))


class Wallet(SQLModel, table=True):
    """Running totals of one wallet."""

    id: str = Field(primary_key=True)
    available_nanos: int = _whole()
    held_nanos: int = _whole()


class Counter(SQLModel, table=True):
    """Running totals of one counter."""

    __table_args__ = (Index("ix_counter_wallet_scope", "wallet_id", "scope", "label"),)
    id: str = Field(primary_key=True)
    wallet_id: str = Field(foreign_key="wallet.id")
    scope: str
    subject: str
    label: str
    used: int = _whole()
    held: int = _whole()
    granted: int = _whole()
    limited_to: int = _whole()


class Hold(SQLModel, table=True):
    """Money put aside."""

    __table_args__ = (_index_of("ix_hold_open", "wallet_id", "deadline_ms", only="state = 'open'"),)
    id: str = Field(primary_key=True)
    wallet_id: str = Field(foreign_key="wallet.id")
    request_id: str = Field(index=True)
    attempt: int = _whole()
    state: str
    amount_nanos: int = _whole()
    counters: str
    provider: str
    model: str
    opened_at_ms: int = _whole()
    deadline_ms: int = _whole()
    charged_nanos: int = _whole()
    absorbed_nanos: int = _whole()
    reversed_nanos: int = _whole()
    transfer_id: str
    closed_at_ms: int = _whole()
    reheld_by: str


class Transfer(SQLModel, table=True):
    """Why a set of entries was made. Append-only."""

    __table_args__ = (_index_of("ix_transfer_reverses", "reverses", only="reverses <> ''"),)
    id: str = Field(primary_key=True)
    wallet_id: str = Field(foreign_key="wallet.id")
    kind: str
    request_id: str
    reverses: str
    actor: str
    reason: str
    at_ms: int = _whole()


class Entry(SQLModel, table=True):
    """One side of a transfer. Append-only."""

    id: str = Field(primary_key=True)
    transfer_id: str = Field(foreign_key="transfer.id", index=True)
    wallet_id: str = Field(foreign_key="wallet.id")
    account: str
    amount_nanos: int = _whole()


class TopUp(SQLModel, table=True):
    """How much of one top-up was taken back."""

    __tablename__ = "top_up"
    __table_args__ = (Index("ix_top_up_wallet_at", "wallet_id", "at_ms"),)
    id: str = Field(primary_key=True)
    wallet_id: str = Field(foreign_key="wallet.id")
    amount_nanos: int = _whole()
    refunded_nanos: int = _whole()
    at_ms: int = _whole()
    counter_id: str


class Request(SQLModel, table=True):
    """One question and what became of it."""

    __table_args__ = (
        Index("ix_request_member_started", "member_id", "started_at_ms"),
        _index_of("ix_request_untold", "lease_until_ms", only="delivered_at_ms = 0"),
    )
    id: str = Field(primary_key=True)
    wallet_id: str = Field(foreign_key="wallet.id")
    team_id: str = Field(foreign_key="team.id")
    member_id: str = Field(foreign_key="member.id")
    platform: str
    workspace: str
    channel: str
    thread: str
    state: str
    attempt: int = _whole()
    lease_until_ms: int = _whole()
    started_at_ms: int = _whole()
    stop_requested: int = _whole()
    hold_id: str
    provider: str
    model: str
    shown_nanos: int = _whole()
    ending: str
    why: str
    input_tokens: int = _whole()
    output_tokens: int = _whole()
    cost_nanos: int = _whole()
    estimated: int = _whole()
    finished_at_ms: int = _whole()
    delivered_at_ms: int = _whole()
    delivery_tries: int = _whole()
    route: str
    needed_tier: int = _whole()
    variant: str
    improves: str
    thumb: int = _whole()
    first_word_ms: int = _whole()
    secrets: str


class RequestKey(SQLModel, table=True):
    """A keyed hash that leads to its request."""

    __tablename__ = "request_key"
    id: str = Field(primary_key=True)
    request_id: str


class ReceiptLine(SQLModel, table=True):
    """One line of a receipt. Append-only."""

    __tablename__ = "receipt_line"
    id: str = Field(primary_key=True)
    request_id: str = Field(index=True)
    wallet_id: str = Field(foreign_key="wallet.id")
    step: str
    provider: str
    model: str
    input_tokens: int = _whole()
    cache_read_tokens: int = _whole()
    cache_write_tokens: int = _whole()
    output_tokens: int = _whole()
    reasoning_tokens: int = _whole()
    cost_nanos: int = _whole()
    charged_nanos: int = _whole()
    estimated: int = _whole()
    reported_nanos: int = _whole()


class Kept(SQLModel, table=True):
    """Sealed text until it is delivered."""

    __table_args__ = (_index_of("ix_kept_erase", "erase_after_ms", only="erase_after_ms > 0"),)
    id: str = Field(primary_key=True)
    question: bytes
    answer: bytes
    erase_after_ms: int = _whole()


class Team(SQLModel, table=True):
    """A team and its defaults."""

    id: str = Field(primary_key=True)
    wallet_id: str = Field(foreign_key="wallet.id")
    name: str
    zone: str
    demo: int = _whole()
    created_at_ms: int = _whole()
    frozen: int = _whole()
    zones: str


class Workspace(SQLModel, table=True):
    """A platform's workspace and its team."""

    id: str = Field(primary_key=True)
    team_id: str = Field(foreign_key="team.id")


class Member(SQLModel, table=True):
    """A person of a team."""

    id: str = Field(primary_key=True)
    team_id: str = Field(foreign_key="team.id", index=True)
    display_name: str
    admin: int = _whole()
    created_at_ms: int = _whole()
    frozen: int = _whole()
    suspended: int = _whole()
    welcomed_at_ms: int = _whole()
    forgotten_at_ms: int = _whole()


class Identity(SQLModel, table=True):
    """A person on a platform."""

    id: str = Field(primary_key=True)
    member_id: str = Field(foreign_key="member.id")
    admin: int = _whole()
    gone: int = _whole()


class Forgotten(SQLModel, table=True):
    """What is left of an identity that was erased."""

    id: str = Field(primary_key=True)
    member_id: str = Field(foreign_key="member.id")
    until_ms: int = Field(sa_type=BigInteger, index=True)


class Policy(SQLModel, table=True):
    """What is set for one target."""

    id: str = Field(primary_key=True)
    team_id: str = Field(foreign_key="team.id", index=True)
    target: str
    entries: str


class BudgetRequest(SQLModel, table=True):
    """A member asks for more."""

    __tablename__ = "budget_request"
    __table_args__ = (
        Index("ix_budget_request_team_asked", "team_id", "asked_at_ms"),
        Index("ix_budget_request_member", "member_id"),
        _index_of("ix_budget_request_open", "team_id", only="state = 'open'"),
    )
    id: str = Field(primary_key=True)
    team_id: str = Field(foreign_key="team.id")
    member_id: str = Field(foreign_key="member.id")
    counter_id: str
    label: str
    amount_nanos: int = _whole()
    reason: str
    ask_id: str
    state: str
    asked_at_ms: int = _whole()
    expires_at_ms: int = _whole()
    granted_nanos: int = _whole()
    confirmed_by: str
    decided_by: str
    decided_at_ms: int = _whole()
    joins: str


class Act(SQLModel, table=True):
    """An administrative act. Append-only."""

    __table_args__ = (Index("ix_act_team_at", "team_id", "at_ms"),)
    id: str = Field(primary_key=True)
    team_id: str
    actor: str
    kind: str
    words: str
    at_ms: int = _whole()
    subject: str
    amount_nanos: int = _whole()


class Notice(SQLModel, table=True):
    """Something for the admins of a team."""

    __table_args__ = (_index_of("ix_notice_untold", "lease_until_ms", only="delivered_at_ms = 0"),)
    id: str = Field(primary_key=True)
    team_id: str = Field(foreign_key="team.id")
    kind: str
    words: str
    at_ms: int = _whole()
    lease_until_ms: int = _whole()
    delivered_at_ms: int = _whole()
    tries: int = _whole()
    member_id: str
    about: str


class Told(SQLModel, table=True):
    """What the admins of a team know of a subject."""

    id: str = Field(primary_key=True)
    team_id: str = Field(foreign_key="team.id", index=True)
    subject: str
    value: str


class Secret(SQLModel, table=True):
    """What tells the books' own secret from another. Never the secret."""

    id: str = Field(primary_key=True)
    digest: str


class Operation(SQLModel, table=True):
    """An operation that was done. Append-only."""

    id: str = Field(primary_key=True)
    fingerprint: str
    outcome: str
    at_ms: int = _whole()


# What the indexes over some rows are over, for queries. Written out, not parameters: such an index serves only a query
# that is seen to ask for no other rows.
HOLD_IS_OPEN = col(Hold.state) == literal_column(f"'{HoldState.OPEN}'")
REQUEST_IS_UNTOLD = col(Request.delivered_at_ms) == literal_column("0")
NOTICE_IS_UNTOLD = col(Notice.delivered_at_ms) == literal_column("0")
REQUEST_FOR_MORE_IS_OPEN = col(BudgetRequest.state) == literal_column(f"'{RequestedState.OPEN}'")
TEXT_IS_KEPT = col(Kept.erase_after_ms) > literal_column("0")
